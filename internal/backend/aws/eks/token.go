package eks

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

const (
	// tokenPrefix begins every token that an API server of EKS takes.
	tokenPrefix = "k8s-aws-v1."
	// tokenHeader names the cluster that a token is for, so that it is good for no other.
	tokenHeader = "x-k8s-aws-id"
	// tokenLife is how long a token is used: servers take it for 15 minutes from its date on, whatever it says.
	tokenLife = 14 * time.Minute
	// nothing is the digest of an empty body.
	nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// Token is what an API server of EKS takes for a login.
type Token struct {
	Text string
	// Expires is when it, or what it was made with, is good no longer.
	Expires time.Time
}

// Mint makes a token for a cluster: a request to STS that is signed and never sent by us. It contacts nobody but who hands
// out the credentials. Other endpoints for STS do not count: API servers take those of AWS only, in the cluster's region.
func Mint(ctx context.Context, login aws.Config, cluster string, now time.Time) (Token, error) {
	if login.Credentials == nil {
		return Token{}, errors.New("make a token: there are no credentials")
	}

	keys, err := login.Credentials.Retrieve(ctx)
	if err != nil {
		return Token{}, session.Worded(err, "make a token for cluster %q", cluster)
	}

	address := url.URL{Scheme: "https", Host: "sts." + login.Region + "." + naming.DNSSuffix(login.Region), Path: "/", RawQuery: url.Values{
		"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}, "X-Amz-Expires": {"60"},
	}.Encode()}

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return Token{}, fmt.Errorf("make a token for cluster %q: %w", cluster, err)
	}

	request.Header.Set(tokenHeader, cluster)

	signed, _, err := v4.NewSigner().PresignHTTP(ctx, keys, request, nothing, "sts", login.Region, now)
	if err != nil {
		return Token{}, fmt.Errorf("make a token for cluster %q: %w", cluster, err)
	}

	token := Token{Text: tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(signed)), Expires: now.Add(tokenLife)}
	if keys.CanExpire && keys.Expires.Before(token.Expires) {
		token.Expires = keys.Expires
	}

	return token, nil
}
