package kube_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

func TestShared_LastOneToLeaveRemovesIt(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	shared := kube.SharedNamespace(r.namespace)

	for _, user := range []string{"artifact_store/a", "artifact_store/a", "tracker/ä b"} {
		if err := r.Join(ctx, shared, user); err != nil {
			t.Fatal(err)
		}
	}

	live, err := r.Get(ctx, shared.Objects[0])
	if err != nil {
		t.Fatal(err)
	}

	if users := kube.Users(live); len(users) != 2 || !slices.Contains(users, "tracker/ä b") {
		t.Errorf("users are %q", users)
	}

	for _, step := range []struct {
		user string
		gone bool
	}{{"artifact_store/a", false}, {"nobody", false}, {"tracker/ä b", true}, {"tracker/ä b", true}} {
		if err := r.Leave(ctx, shared, step.user); err != nil {
			t.Fatal(err)
		}

		if _, err := r.Get(ctx, shared.Objects[0]); errors.Is(err, backend.ErrNotFound) != step.gone {
			t.Errorf("after %s: %v", step.user, err)
		}
	}
}

func TestShared_CountsThoseWhoComeAndGoAtOnce(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 4*time.Minute)
	shared := kube.SharedNamespace(r.namespace)

	// Each user has a connection of its own, as have several processes.
	const users, rounds = 6, 4

	var group sync.WaitGroup

	began := time.Now()

	for user := range users {
		group.Go(func() {
			cluster, err := kube.New(r.REST())
			if err != nil {
				t.Error(err)

				return
			}

			name := fmt.Sprintf("user-%d", user)

			for range rounds {
				if err := cluster.Join(ctx, shared, name); err != nil {
					t.Errorf("%s: %v", name, err)
				}

				// Whoever has joined finds it there and not on its way out.
				live, err := cluster.Get(ctx, shared.Objects[0])
				if err != nil || live.GetDeletionTimestamp() != nil || !slices.Contains(kube.Users(live), name) {
					t.Errorf("%s: %v", name, err)
				}

				if err := cluster.Leave(ctx, shared, name); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}

	group.Wait()
	t.Logf("report: %d times joined and left in %s", users*rounds, time.Since(began).Round(time.Millisecond))

	if _, err := r.Get(ctx, shared.Objects[0]); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestShared_KeepsWhatOthersUseOrMade(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	shared := kube.SharedNamespace(r.namespace)
	theirs := r.namespace + "-theirs"

	r.own(t, theirs)

	if _, err := r.client.CoreV1().Namespaces().Create(ctx,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: theirs}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}

	for _, namespace := range []kube.Shared{shared, kube.SharedNamespace(theirs)} {
		if err := r.Join(ctx, namespace, "me"); err != nil {
			t.Fatal(err)
		}

		claim := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "of-somebody"}}
		if _, err := r.client.CoreV1().ConfigMaps(r.namespace).Create(ctx, claim, metav1.CreateOptions{}); err != nil &&
			namespace.Objects[0].GetName() == r.namespace {
			t.Fatal(err)
		}

		if err := r.Leave(ctx, namespace, "me"); err != nil {
			t.Fatal(err)
		}

		live, err := r.Get(ctx, namespace.Objects[0])
		if err != nil || live.GetDeletionTimestamp() != nil || len(kube.Users(live)) != 0 {
			t.Errorf("it was removed or is marked: %v", err)
		}
	}

	if err := r.client.CoreV1().ConfigMaps(r.namespace).Delete(ctx, "of-somebody", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}

	// Unmarked is as a kill between making and marking leaves it.
	if err := r.Leave(ctx, shared, "me"); err != nil {
		t.Fatal(err)
	}

	if _, err := r.Get(ctx, shared.Objects[0]); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestShared_CountsDefinitionsAndKeepsThoseInUse(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	group := r.namespace + ".example.com"
	shared := kube.Shared{Objects: r.objects(t, namespaceText+strings.ReplaceAll(`
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.GROUP}
spec:
  group: GROUP
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}`, "GROUP", group))}
	thing := r.objects(t, "apiVersion: "+group+"/v1\nkind: Thing\nmetadata: {name: one, namespace: $NS}")

	for _, user := range []string{"a", "b"} {
		if err := r.Join(ctx, shared, user); err != nil {
			t.Fatal(err)
		}
	}

	if err := r.Apply(ctx, r.owner, thing); err != nil {
		t.Fatal(err)
	}

	for _, user := range []string{"a", "b"} {
		if err := r.Leave(ctx, shared, user); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := r.Get(ctx, thing[0]); err != nil {
		t.Errorf("an object went with its definition: %v", err)
	}

	if err := r.Delete(ctx, r.owner, thing); err != nil {
		t.Fatal(err)
	}

	if err := r.Leave(ctx, shared, "b"); err != nil {
		t.Fatal(err)
	}

	for _, object := range shared.Objects {
		if _, err := r.Get(ctx, object); !errors.Is(err, backend.ErrNotFound) {
			t.Errorf("%s is still there: %v", object.GetName(), err)
		}
	}
}

func TestEnsureSecret_GeneratesOnce(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	r.makeNamespace(t)

	want := map[string]func() string{"user": rand.Text, "password": rand.Text}

	var (
		group sync.WaitGroup
		got   [5]map[string]string
	)

	for i := range got {
		group.Go(func() {
			var err error
			if got[i], err = r.EnsureSecret(ctx, r.owner, r.namespace, "root", want, map[string]string{"given": "x"}); err != nil {
				t.Error(err)
			}
		})
	}

	group.Wait()

	for _, values := range got {
		if values["password"] != got[0]["password"] || len(values["password"]) != 26 || values["given"] != "x" {
			t.Error("values differ")
		}
	}

	want["later"] = rand.Text

	changed, err := r.EnsureSecret(ctx, r.owner, r.namespace, "root", want, map[string]string{"given": "y"})
	if err != nil || changed["given"] != "y" || changed["later"] == "" || changed["user"] != got[0]["user"] {
		t.Errorf("values are not what they should be: %v", err)
	}

	read, err := r.Secret(ctx, r.namespace, "root")
	if err != nil || len(read) != 4 || read["given"] != "y" {
		t.Errorf("%d values, %v", len(read), err)
	}

	if _, err := r.Secret(ctx, r.namespace, "absent"); !errors.Is(err, backend.ErrNotFound) {
		t.Error(err)
	}

	other := r.owner
	other.Incarnation = "other"

	_, err = r.EnsureSecret(ctx, other, r.namespace, "root", want, nil)
	if contains(t, err, "Secret/root in namespace "+r.namespace); !errors.Is(err, backend.ErrForeign) {
		t.Error(err)
	}

	_, err = r.EnsureSecret(ctx, r.owner, r.namespace+"-absent", "root", want, nil)
	if contains(t, err, `namespaces "`+r.namespace+`-absent" not found`); errors.Is(err, backend.ErrNotFound) {
		t.Error("a missing namespace looks like a missing Secret")
	}
}

func TestDrift_ShowsNoValueOfSecret(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	secret := func(value string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: $NS}\nstringData: {key: " + value + "}"
	}

	objects := r.objects(t, namespaceText+"\n---\n"+secret("s3cr3t-one"))
	if err := r.Apply(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	r.expectDrift(t, objects)
	r.expectDrift(t, r.objects(t, secret("s3cr3t-two")), "Secret/s: data.key differs")

	err := r.Apply(ctx, r.owner, r.objects(t, secret("[s3cr3t]")))
	contains(t, err, "Secret/s in namespace")

	if strings.Contains(err.Error(), "s3cr3t") {
		t.Error("the value is shown")
	}
}
