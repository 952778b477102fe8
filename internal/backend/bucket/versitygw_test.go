package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/versitygw"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/bucket"
)

// A real server that is not Amazon's: what it cannot do is found out, said once, and not asked for.
func TestBucket_OnServerThatIsNotAmazons(t *testing.T) {
	t.Parallel()

	server := versitygw.Start(t)
	ctx := t.Context()
	b := bucket.Bucket{
		Session:  session.New(session.Config{Region: "us-east-1", AccessKey: server.AccessKey, SecretKey: server.SecretKey}),
		Endpoint: server.Endpoint, Name: "artifacts", Settings: safe,
	}

	made, err := b.Ensure(ctx, claim("artifacts", "one"))
	if err != nil || !made.Exists || len(made.Notices) != 1 || !strings.Contains(made.Notices[0], "public access block") {
		t.Fatalf("made %+v: %v", made, err)
	}

	seen, err := b.Observe(ctx, known("one"))
	must(t, err)

	found, ok := seen.Facts.(bucket.Observed)
	if !ok || len(seen.Drift) > 0 || !found.Versioning || !found.TLSOnly || found.Tags[session.TagName] != "artifacts" {
		t.Errorf("seen %+v", seen)
	}

	if !slices.Contains(found.Lacks, "public access block") || found.BlockPublic != safe.BlockPublic {
		t.Errorf("what the server lacks is not as it was asked for: %+v", found)
	}

	b.Settings.Versioning, b.Settings.TLSOnly = false, false
	if _, err := b.Ensure(ctx, known("one")); err != nil {
		t.Fatal(err)
	}

	client := s3.New(s3.Options{
		BaseEndpoint: sdk.String(server.Endpoint), UsePathStyle: true, Region: "us-east-1",
		Credentials: sdk.CredentialsProviderFunc(func(context.Context) (sdk.Credentials, error) {
			return sdk.Credentials{AccessKeyID: server.AccessKey, SecretAccessKey: server.SecretKey}, nil
		}),
	})
	must(t, second(client.PutObject(ctx, &s3.PutObjectInput{Bucket: sdk.String(b.Name), Key: sdk.String("model"), Body: strings.NewReader("x")})))

	if err := b.Remove(ctx, known("one")); !errors.Is(err, backend.ErrHoldsData) {
		t.Errorf("%v", err)
	}

	if _, err := b.Ensure(ctx, claim("others", "two")); !errors.Is(err, backend.ErrForeign) {
		t.Errorf("%v", err)
	}

	b.Force = true
	must(t, b.Remove(ctx, known("one")))

	if _, err := b.Observe(ctx, known("one")); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// A server that knows no tags of buckets makes one all the same, and says what it lacks.
func TestBucket_OnServerWithoutTags(t *testing.T) {
	t.Parallel()

	server := versitygw.Start(t)
	target, err := url.Parse(server.Endpoint)
	must(t, err)

	behind := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // what was signed for
	}}

	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("tagging") {
			w.WriteHeader(http.StatusNotImplemented)
			fmt.Fprint(w, `<Error><Code>NotImplemented</Code><Message>no tags here</Message></Error>`)

			return
		}

		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)

	ctx := t.Context()
	b := bucket.Bucket{
		Session: session.New(session.Config{Region: "us-east-1", AccessKey: server.AccessKey, SecretKey: server.SecretKey}), Endpoint: proxy.URL,
		Name: "artifacts", Settings: safe,
	}

	made, err := b.Ensure(ctx, claim("artifacts", "one"))
	if err != nil || !made.Exists || len(made.Notices) != 1 || !strings.Contains(made.Notices[0], "tags") {
		t.Fatalf("made %+v: %v", made, err)
	}

	seen, err := b.Observe(ctx, known("one"))
	if err != nil || len(seen.Drift) > 0 {
		t.Errorf("seen %+v: %v", seen, err)
	}

	must(t, b.Remove(ctx, known("one")))

	if _, err := b.Observe(ctx, known("one")); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
