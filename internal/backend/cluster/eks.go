package cluster

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// aws is the name of the login to AWS.
const aws = "aws"

// amazon is what the way into a cluster of EKS needs of a login to AWS.
type amazon interface {
	In(region string) *session.Session
}

// fromEKS asks EKS where a cluster is, and logs in with tokens that are made for each request.
func fromEKS(ctx context.Context, logins Logins, reference map[string]string) (*rest.Config, error) {
	login, ok := logins[aws].(amazon)
	if !ok {
		return nil, errors.New("the provider block has no login to AWS")
	}

	in := login.In(reference["region"])

	found, err := eks.Describe(ctx, in, reference["name"])
	if errors.Is(err, backend.ErrNotFound) {
		return nil, elsewhere(ctx, in, reference, err)
	}

	if err != nil {
		return nil, err
	}

	if account := reference["account"]; account != "" && !strings.Contains(found.ARN, ":"+account+":") {
		return nil, elsewhere(ctx, in, reference, nil)
	}

	return EKS(ctx, in, reference["name"], found)
}

// elsewhere keeps a cluster of another account from being taken for one that is gone.
func elsewhere(ctx context.Context, in *session.Session, reference map[string]string, gone error) error {
	if reference["account"] == "" {
		return gone
	}

	account, err := in.Account(ctx)
	if err != nil {
		return err
	}

	if account.ID != reference["account"] {
		return fmt.Errorf("cluster %q is in account %s, and the login is that of account %s (%s): it %w with it", reference["name"], reference["account"],
			account.ID, account.Caller, backend.ErrUnreachable)
	}

	return gone
}

// EKS is the way into a cluster that EKS has described.
func EKS(ctx context.Context, in *session.Session, name string, found eks.Found) (*rest.Config, error) {
	if found.Endpoint == "" {
		return nil, fmt.Errorf("cluster %q %w: it is %s and has no address", name, backend.ErrUnreachable, found.Status)
	}

	authority, err := base64.StdEncoding.DecodeString(found.CA)
	if err != nil {
		return nil, fmt.Errorf("read the certificate of cluster %q: %w", name, err)
	}

	mint := func(ctx context.Context) (eks.Token, error) {
		config, err := in.AWS(ctx)
		if err != nil {
			return eks.Token{}, err
		}

		return eks.Mint(ctx, config, name, time.Now())
	}

	token, err := mint(ctx)
	if err != nil {
		return nil, err
	}

	return &rest.Config{
		Host: found.Endpoint, TLSClientConfig: rest.TLSClientConfig{CAData: authority},
		BearerToken:   token.Text, // for those who take the configuration elsewhere
		WrapTransport: func(next http.RoundTripper) http.RoundTripper { return &minting{mint: mint, next: next} },
	}, nil
}

// minting logs each request in with a token of its own: they are good for minutes, operations may take longer, and making
// one costs nothing.
type minting struct {
	mint func(context.Context) (eks.Token, error)
	next http.RoundTripper
}

// RoundTrip sends a request.
func (m *minting) RoundTrip(request *http.Request) (*http.Response, error) {
	token, err := m.mint(request.Context())
	if err != nil {
		return nil, err
	}

	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+token.Text)

	return m.next.RoundTrip(request)
}

// WrappedRoundTripper is what requests go through; libraries look for it.
func (m *minting) WrappedRoundTripper() http.RoundTripper { return m.next }
