package k3d_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	acctest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

func TestEngine_ThatDoesNotAnswerIsNotAClusterThatIsGone(t *testing.T) {
	nobody := acctest.NewName()
	dead := "unix://" + filepath.Join(t.TempDir(), "dead.sock")

	for name, environment := range map[string]string{"DOCKER_HOST": dead, "DOCKER_CONTEXT": "no-such-context"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", "")
			t.Setenv(name, environment)

			for call, err := range map[string]error{
				"Create":  second(k3d.Create(t.Context(), k3d.Spec{Name: nobody, Servers: 1, Image: "k3s"})),
				"Inspect": second(k3d.Inspect(t.Context(), nobody)),
				"Update":  second(k3d.Update(t.Context(), k3d.Spec{}, k3d.Spec{Name: nobody, Servers: 1})),
				"Start":   k3d.Start(t.Context(), nobody),
				"Delete":  k3d.Delete(t.Context(), nobody),
				"REST":    second(k3d.RESTConfig(t.Context(), nobody)),
			} {
				if !errors.Is(err, backend.ErrUnreachable) || errors.Is(err, backend.ErrNotFound) {
					t.Errorf("%s says %v", call, err)
				}

				if err != nil && !strings.Contains(err.Error(), name) {
					t.Errorf("%s does not say what %s has to do with it: %v", call, name, err)
				}
			}
		})
	}
}

func TestCreate_RefusesWithoutAskingTheEngine(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	for says, spec := range map[string]k3d.Spec{
		`"No"`: {Name: "No", Servers: 1, Image: "k3s"}, "no node image": {Name: acctest.NewName(), Servers: 1},
	} {
		if _, err := k3d.Create(ctx, spec); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("says %v, should say %s", err, says)
		}
	}
}

func second[T any](_ T, err error) error { return err }
