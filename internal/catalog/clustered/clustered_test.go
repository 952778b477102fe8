package clustered

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestWorded_TellsWhoseWordItIs(t *testing.T) {
	t.Parallel()

	for range 20 { // an error may be of two classes, and the outcome must not be a matter of luck
		both := fmt.Errorf("%w: %w", backend.ErrNotFound, backend.ErrUnreachable)
		if err := Worded(both); !errors.Is(err, flavor.ErrUnreachable) || errors.Is(err, flavor.ErrNotFound) {
			t.Fatalf("what could not be asked counts as gone: %v", err)
		}
	}

	if err := Worded(OfAnother(backend.ErrNotFound)); errors.Is(err, flavor.ErrNotFound) {
		t.Error("what something else lacks makes the component gone")
	}

	err := Worded(backend.ErrHoldsData, "force_destroy")
	if fault, ok := errors.AsType[*flavor.AttributeError](err); !ok || fault.Attribute[0] != "force_destroy" || !errors.Is(err, flavor.ErrHoldsData) {
		t.Errorf("%v", err)
	}
}

func TestCheckName_RefusesWhatKubernetesDoesNotTake(t *testing.T) {
	t.Parallel()

	for name, refused := range map[string]bool{
		"a": false, "artifacts": false, "a-1": false, strings.Repeat("a", maxName): false,
		strings.Repeat("a", maxName+1): true, "Artifacts": true, "my_store": true, "1store": true, "store-": true,
	} {
		problems := CheckName(flavor.Subject{Name: name})
		if (len(problems) > 0) != refused {
			t.Errorf("%s: %v", name, problems)
		}

		for _, p := range problems {
			if p.Beside != "name" {
				t.Errorf("%s: the error is not on the name: %+v", name, p)
			}
		}
	}

	if problems := CheckName(flavor.Subject{Name: zenml.Unknown{}}); len(problems) > 0 {
		t.Errorf("an unknown name is refused: %v", problems)
	}
}

func TestMirrored_GoesBeforeDefaultImagesOnly(t *testing.T) {
	t.Parallel()

	in := flavor.Input{ImageRegistry: "mirror.example.com/hub/"}

	for image, want := range map[string]string{
		"docker.io/library/postgres:18": "mirror.example.com/hub/library/postgres:18",
		"ghcr.io/mlflow/mlflow:v3":      "mirror.example.com/hub/mlflow/mlflow:v3",
		"library/busybox:1":             "mirror.example.com/hub/library/busybox:1",
		"registry:3":                    "mirror.example.com/hub/registry:3",
		"localhost/x:1":                 "mirror.example.com/hub/x:1",
	} {
		if got := Mirrored(in, image, image); got != want {
			t.Errorf("%s: %s, want %s", image, got, want)
		}

		if got := Mirrored(in, image, "other"); got != image {
			t.Errorf("an image that the user has named becomes %s", got)
		}
	}

	if got := Mirrored(flavor.Input{}, "a/b", "a/b"); got != "a/b" {
		t.Errorf("without a mirror: %s", got)
	}
}

func TestDoor_TakesAnIngressControllersOwnAnswerForNobody(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)

	door := Door{Scheme: "http", Path: "/"}
	if !door.reached(t.Context(), server.URL) {
		t.Error("a service that answers was not reached")
	}

	door.routed = true
	if door.reached(t.Context(), server.URL) {
		t.Error("a controller without a route counts as the service")
	}
}

func TestDoor_PrefersTheFirstAddressThatLeadsThere(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)

	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()

	door := Door{Scheme: "http", Path: "/"}

	for _, c := range []struct {
		candidates []string
		want       int
	}{
		{[]string{gone.URL, server.URL}, 1},
		{[]string{server.URL, server.URL + "/"}, 0},
		{[]string{gone.URL}, -1},
		{nil, -1},
	} {
		if got := door.firstReached(t.Context(), c.candidates); got != c.want {
			t.Errorf("%v: %d, want %d", c.candidates, got, c.want)
		}
	}
}

func TestAddress_IsThatOfPodsWhereNothingIsExposed(t *testing.T) {
	t.Parallel()

	outputs := map[string]any{"uri": "http://10.0.0.1:30900", "cluster_uri": "http://a.svc.cluster.local:9000"}
	exposed := func(how any) flavor.Values { return flavor.Values{"expose": map[string]any{"type": how}} }

	for what, c := range map[string]struct {
		subject flavor.Subject
		want    any
	}{
		"exposed":         {flavor.Subject{Values: exposed("node_port"), Outputs: outputs}, outputs["uri"]},
		"not exposed":     {flavor.Subject{Values: exposed("none"), Outputs: outputs}, outputs["cluster_uri"]},
		"nothing said":    {flavor.Subject{Values: flavor.Values{}, Outputs: outputs}, outputs["cluster_uri"]},
		"not yet decided": {flavor.Subject{Values: exposed(zenml.Unknown{}), Outputs: outputs}, zenml.Unknown{}},
		"not yet applied": {flavor.Subject{Values: exposed("node_port"), Outputs: zenml.Unknown{}}, zenml.Unknown{}},
	} {
		if got := Address(c.subject); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}
