package eks_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// The rules are those of the server's side: prefix, no padding, host of the region, nothing in the query that it does not
// know, and a signature over the cluster's name.
func TestMint_MakesWhatServersTake(t *testing.T) {
	t.Parallel()

	for region, host := range map[string]string{
		"eu-west-1": "sts.eu-west-1.amazonaws.com", "us-gov-west-1": "sts.us-gov-west-1.amazonaws.com", "cn-north-1": "sts.cn-north-1.amazonaws.com.cn",
		"us-east-1": "sts.us-east-1.amazonaws.com",
	} {
		for _, session := range []string{"", "a-session"} {
			token, err := eks.Mint(t.Context(), aws.Config{
				Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", session),
				BaseEndpoint: aws.String("http://127.0.0.1:1"), // does not count
			}, "dev", noon)
			if err != nil {
				t.Fatal(err)
			}

			text, ok := strings.CutPrefix(token.Text, "k8s-aws-v1.")
			if !ok || strings.Contains(text, "=") || len(token.Text) > 4096 || !token.Expires.Equal(noon.Add(14*time.Minute)) {
				t.Fatalf("%s until %s", token.Text, token.Expires)
			}

			raw, err := base64.RawURLEncoding.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}

			address, err := url.Parse(string(raw))
			if err != nil || address.Scheme != "https" || address.Host != host || address.Path != "/" {
				t.Fatalf("%s: %v", raw, err)
			}

			query := address.Query()
			for name, value := range map[string]string{
				"Action": "GetCallerIdentity", "Version": "2011-06-15", "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Date": "20261120T120000Z",
				"X-Amz-Expires": "60", "X-Amz-SignedHeaders": "host;x-k8s-aws-id", "X-Amz-Security-Token": session,
				"X-Amz-Credential": "AKIAEXAMPLE/20261120/" + region + "/sts/aws4_request",
			} {
				if query.Get(name) != value {
					t.Errorf("%s is %q, should be %q", name, query.Get(name), value)
				}

				query.Del(name)
			}

			if query.Del("X-Amz-Signature"); len(query) > 0 {
				t.Errorf("servers do not know %v", query)
			}
		}
	}
}

func TestMint_IsForOneClusterAndNoLongerThanItsCredentials(t *testing.T) {
	t.Parallel()

	soon := noon.Add(5 * time.Minute)
	login := aws.Config{Region: "eu-west-1", Credentials: credentials.StaticCredentialsProvider{Value: aws.Credentials{
		AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "secret", CanExpire: true, Expires: soon,
	}}}

	one, err := eks.Mint(t.Context(), login, "dev", noon)
	if err != nil || !one.Expires.Equal(soon) {
		t.Errorf("it is good until %s, %v", one.Expires, err)
	}

	if other, err := eks.Mint(t.Context(), login, "prod", noon); err != nil || other.Text == one.Text {
		t.Errorf("it is good for another cluster: %v", err)
	}

	if again, err := eks.Mint(t.Context(), login, "dev", noon); err != nil || again.Text != one.Text {
		t.Errorf("the same is not the same: %v", err)
	}

	if _, err := eks.Mint(t.Context(), aws.Config{Region: "eu-west-1"}, "dev", noon); err == nil {
		t.Error("without credentials there is a token")
	}
}
