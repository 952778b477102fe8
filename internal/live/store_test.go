package live_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
)

const storeAddress = "mlstacks_artifact_store.main"

func TestStore_LeavesNoSecretInStatePlansAndLogs(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	w := open(t, dev.name, dev.lookup()+store("main", "silent", images.Minio))
	w.will(w.plan(), map[string]string{storeAddress: "create"})
	w.apply()
	w.plan()
	w.settled()

	state := w.state()
	w.destroy()
	dev.gone("silent")

	// What was searched for, and where.
	for _, what := range []string{"root-password of Secret/main-credentials in silent", "client key of ", "token of the nodes of ", "keys of the authorities of "} {
		known := false
		for name := range w.secrets {
			known = known || strings.HasPrefix(name, what)
		}

		if !known {
			t.Errorf("%q was never learned, so that nobody looked for it", what)
		}
	}

	if log := w.read("trace.log"); !strings.Contains(log, "ApplyResourceChange") || !strings.Contains(state, `"minio"`) {
		t.Error("the log or the state does not tell what happened: the search proves nothing")
	}
}

func TestStore_BrokenByHandIsShownAndRepaired(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	w := open(t, dev.name, dev.lookup()+store("main", "broken", images.Minio))
	w.apply()

	deployments := dev.AppsV1().Deployments("broken")

	for _, fault := range []struct {
		name  string
		cause func(t *testing.T)
		shown []string
	}{
		{"Deployment edited", func(t *testing.T) {
			t.Helper()

			patch := `{"spec":{"replicas":0,"template":{"spec":{"containers":[{"name":"minio","env":[{"name":"MINIO_BROWSER","value":"on"}]}]}}}}`
			_, err := deployments.Patch(t.Context(), "main", types.StrategicMergePatchType, []byte(patch), meta.PatchOptions{})
			must(t, err)
		}, []string{"Deployment/main", "spec.replicas is 0, should be 1", "MINIO_BROWSER"}},
		{"Deployment and Service deleted", func(t *testing.T) {
			t.Helper()
			must(t, deployments.Delete(t.Context(), "main", meta.DeleteOptions{}))
			must(t, dev.CoreV1().Services("broken").Delete(t.Context(), "main", meta.DeleteOptions{}))
		}, []string{"Service/main does not exist", "Deployment/main does not exist"}},
		{"bucket deleted", func(t *testing.T) {
			t.Helper()
			dev.minio("broken", "main", func(ctx context.Context, client *s3.Client) error {
				_, err := client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String("models")})

				return err
			})
		}, []string{"bucket models is missing"}},
	} {
		fault.cause(t)

		p := w.plan()
		w.will(p, map[string]string{storeAddress: "update"})

		for _, text := range fault.shown {
			if !strings.Contains(p.drift(storeAddress), text) || !strings.Contains(p.text, "drift") {
				t.Errorf("%s: the plan does not say %q:\n%s", fault.name, text, p.text)
			}
		}

		w.apply()
		w.settled()
	}

	if found := dev.buckets("broken"); found != "models" {
		t.Errorf("after all repairs there are the buckets %q", found)
	}

	w.destroy()
	dev.gone("broken")
}

func TestStore_UninstalledByHandIsMadeAgain(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	w := open(t, dev.name, dev.lookup()+store("main", "uninstalled", images.Minio))
	w.apply()

	// As "helm uninstall" does: the release goes, volume, Secret and namespace stay.
	client, err := helm.New(dev.config, "uninstalled")
	must(t, err)

	found, err := client.Observe(t.Context(), helm.Release{Name: "main"})
	must(t, err)
	must(t, client.Uninstall(t.Context(), "main", found.Owner))

	w.will(w.plan(), map[string]string{storeAddress: "update"}) // its volume is still there
	w.apply()
	w.settled()
	w.destroy()
	dev.gone("uninstalled")
}

func TestStore_WithObjectsIsKeptUnlessForced(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	plain := dev.lookup() + store("main", "kept", images.Minio)
	other := store("other", "kept", images.Minio)
	w := open(t, dev.name, plain+other)
	w.apply()
	w.settled()

	t.Cleanup(func() { w.write(dev.lookup() + store("main", "kept", images.Minio, "force_destroy = true")) })

	dev.minio("kept", "main", func(ctx context.Context, client *s3.Client) error {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String("models"), Key: aws.String("a/model"), Body: strings.NewReader("weights"),
		})

		return err
	})

	w.fails([]string{"destroy", "-auto-approve", "-target=" + storeAddress},
		`Cannot delete artifact store "main"`, `there are objects in bucket "models"`, "force_destroy = true")

	if found := dev.buckets("kept"); found != "models" {
		t.Errorf("after a refused destroy there are the buckets %q", found)
	}

	// The namespace goes with the last one that lives in it.
	w.write(plain)
	w.apply()

	if !dev.has("kept") {
		t.Fatal("the namespace went with the first of two stores")
	}

	w.write(dev.lookup() + store("main", "kept", images.Minio, "force_destroy = true"))
	w.apply()
	w.destroy()
	dev.gone("kept")
}

func TestStore_InANamespaceStuckOnAFinalizerReportsIt(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	w := open(t, dev.name, dev.lookup()+strings.Replace(store("main", "stuck", images.Minio), `delete = "2m"`, `delete = "30s"`, 1))
	w.apply()

	namespaces := dev.CoreV1().Namespaces()
	patch := func(finalizers string) {
		_, err := namespaces.Patch(context.Background(), "stuck", types.MergePatchType, []byte(`{"metadata":{"finalizers":`+finalizers+`}}`), meta.PatchOptions{})
		must(t, err)
	}

	patch(`["example.com/audit"]`)

	released := false

	t.Cleanup(func() {
		if !released {
			patch(`[]`)
		}
	})

	began := time.Now()

	w.fails([]string{"destroy", "-auto-approve"}, `Cannot delete artifact store "main"`, "Namespace/stuck", "example.com/audit")

	if took := time.Since(began); took > time.Minute {
		t.Errorf("with 30 s to delete it took %s", took)
	}

	left, err := namespaces.Get(t.Context(), "stuck", meta.GetOptions{})
	must(t, err)

	if len(left.Finalizers) != 1 {
		t.Errorf("the finalizers are now %v", left.Finalizers)
	}

	if !strings.Contains(w.state(), `"minio"`) {
		t.Error("the state has forgotten the store")
	}

	patch(`[]`)

	released = true

	w.destroy()
	dev.gone("stuck")
}

func TestStore_WithAnImageThatDoesNotExistSaysSo(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	wrong := "registry.invalid/nobody/minio:0"
	w := open(t, dev.name, dev.lookup()+store("main", "imageless", wrong))
	began := time.Now()

	w.fails([]string{"apply", "-auto-approve"}, `Cannot create artifact store "main"`, "pod main-", wrong, "cannot be pulled")

	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("with 2 m to create it took %s", took)
	}

	w.write(dev.lookup() + store("main", "imageless", images.Minio))
	w.apply()
	w.settled()

	// The same mistake in what runs.
	w.write(dev.lookup() + store("main", "imageless", wrong))
	w.fails([]string{"apply", "-auto-approve"}, `Cannot update artifact store "main"`, "pod main-", wrong, "cannot be pulled")
	w.fails([]string{"destroy", "-auto-approve"}, `Cannot delete artifact store "main"`, "whether it holds data", "pod main-", wrong, "cannot be pulled")
	w.write(dev.lookup() + store("main", "imageless", images.Minio))
	w.apply()
	w.settled()
	w.destroy()
	dev.gone("imageless")
}

func TestStore_WithAVolumeThatCannotBeBoundSaysSo(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	config := store("main", "unbound", images.Minio, `storage_class = "nowhere"`)
	w := open(t, dev.name, dev.lookup()+strings.Replace(config, `create = "2m"`, `create = "60s"`, 1))

	w.fails([]string{"apply", "-auto-approve"}, `Cannot create artifact store "main"`, "PersistentVolumeClaim/main", `"nowhere"`)

	w.write(dev.lookup() + store("main", "unbound", images.Minio))
	w.apply()
	w.settled()
	w.destroy()
	dev.gone("unbound")
}
