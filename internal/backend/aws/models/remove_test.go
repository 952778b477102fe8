package models

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// registry is a SageMaker with one group, for what moto lacks: the deletion of versions, and groups that take a while to go.
type registry struct {
	mu       sync.Mutex
	calls    []string
	versions []string
	// going is how often the group is still described after its deletion; negative before it.
	going int
}

func (r *registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()

	_, call, _ := strings.Cut(q.Header.Get("X-Amz-Target"), ".")
	r.calls = append(r.calls, call)
	body, _ := io.ReadAll(q.Body)

	w.Header().Set("Content-Type", "application/x-amz-json-1.1")

	refuse := func(code, message string) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type": %q, "message": %q}`, code, message)
	}

	const arn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/churn"

	switch {
	case call == "ListTags":
		fmt.Fprint(w, `{"Tags": []}`)
	case call == "ListModelPackages":
		fmt.Fprintf(w, `{"ModelPackageSummaryList": [%s]}`, strings.Join(r.versions, ","))
	case call == "DeleteModelPackage":
		r.versions = slices.DeleteFunc(r.versions, func(version string) bool {
			return strings.Contains(version, strings.TrimSuffix(strings.TrimPrefix(string(body), `{"ModelPackageName":`), "}"))
		})

		fmt.Fprint(w, "{}")
	case call == "DeleteModelPackageGroup" && len(r.versions) > 0:
		refuse("ConflictException", "Model Package Group cannot be deleted because it still contains Model Packages: "+arn)
	case call == "DeleteModelPackageGroup":
		r.going = 2

		fmt.Fprint(w, "{}")
	case call == "CreateModelPackageGroup" && r.going != 0:
		refuse("ValidationException", "Model Package Group already exists: "+arn)
	case call == "CreateModelPackageGroup":
		r.going = -1

		fmt.Fprintf(w, `{"ModelPackageGroupArn": %q}`, arn)
	case call == "DescribeModelPackageGroup" && r.going == 0:
		refuse("ValidationException", "ModelPackageGroup "+arn+" does not exist.")
	default:
		status := "Completed"
		if r.going > 0 {
			status = "Deleting"
			r.going--
		}

		fmt.Fprintf(w, `{"ModelPackageGroupArn": %q, "ModelPackageGroupName": "churn", "ModelPackageGroupStatus": %q}`, arn, status)
	}
}

func serve(t *testing.T, r *registry) Group {
	t.Helper()

	server := httptest.NewServer(r)
	t.Cleanup(server.Close)

	return Group{Name: "churn", Session: session.New(session.Config{
		Region: "eu-west-1", AccessKey: "AKIATEST", SecretKey: "of-no-use", Version: "test", Endpoints: map[string]string{"sagemaker": server.URL},
	})}
}

func TestGroup_WithConsentGoesWithItsVersions(t *testing.T) {
	t.Parallel()

	version := func(n int) string {
		return fmt.Sprintf(`{"ModelPackageArn": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/%d"}`, n)
	}
	r := &registry{going: -1, versions: []string{version(1), version(2)}}
	g := serve(t, r)
	g.Force = true

	if err := g.Remove(t.Context(), known(claim("models", nil))); err != nil {
		t.Fatal(err)
	}

	want := []string{
		"DescribeModelPackageGroup", "ListTags", "DeleteModelPackageGroup", "ListModelPackages", "DeleteModelPackage", "DeleteModelPackage", "DeleteModelPackageGroup",
	}
	if !slices.Equal(r.calls, want) || len(r.versions) > 0 {
		t.Errorf("calls are %q; %d versions are left", r.calls, len(r.versions))
	}
}

func TestGroup_WaitsForANameUntilItsFormerGroupIsGone(t *testing.T) {
	t.Parallel()

	r := &registry{going: 3}

	if made, err := serve(t, r).Ensure(t.Context(), claim("models", nil)); err != nil || !made.Exists || r.going != -1 {
		t.Errorf("ensure: %+v, %v; %q", made, err, r.calls)
	}
}
