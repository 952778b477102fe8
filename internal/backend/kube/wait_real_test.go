package kube_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// refused waits for what will never be ready, and returns the error and how long it took.
func (r rig) refused(t *testing.T, limit time.Duration, text string) (time.Duration, error) {
	t.Helper()

	r.makeNamespace(t)

	objects := r.objects(t, text)
	if err := r.Apply(t.Context(), r.owner, objects); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	err := r.Wait(within(t, limit), objects)
	took := time.Since(began)

	if _, ok := errors.AsType[*kube.NotReadyError](err); !ok {
		t.Errorf("%v is not a NotReadyError", err)
	}

	if err != nil && strings.Contains(err.Error(), "context") {
		t.Errorf("%q names the context", err)
	}

	return took, err
}

func TestWait_SaysWhichImageDoesNotExist(t *testing.T) {
	t.Parallel()

	r := realCluster(t)

	took, err := r.refused(t, 2*time.Minute, deploymentText("localhost:1/nothing/here:7"))
	contains(t, err, "Deployment/web in namespace "+r.namespace, "pod web-", "container main",
		`image "localhost:1/nothing/here:7" cannot be pulled`, "connection refused")

	if took > 50*time.Second || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it took %s: %v", took, err)
	}

	// A mistake that is put right does not stand in its own way.
	objects := r.objects(t, deploymentText("$IMAGE"))
	if err := r.Apply(t.Context(), r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(within(t, time.Minute), objects); err != nil {
		t.Error(err)
	}
}

func TestWait_ReplacesPodsOfStatefulSetWhoseImageDidNotExist(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	r.makeNamespace(t)

	text := strings.Replace(deploymentText("localhost:1/nothing/here:7"), "kind: Deployment", "kind: StatefulSet", 1)
	wrong := r.objects(t, text)
	right := r.objects(t, strings.Replace(text, "localhost:1/nothing/here:7", "$IMAGE", 1))

	if err := r.Apply(ctx, r.owner, wrong); err != nil {
		t.Fatal(err)
	}

	contains(t, r.Wait(within(t, 10*time.Second), wrong), "pod web-0", "cannot be pulled")

	if err := r.Apply(ctx, r.owner, right); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(ctx, right); err != nil {
		t.Error(err)
	}
}

func TestWait_SaysWhichClaimCannotBeBound(t *testing.T) {
	t.Parallel()

	r := realCluster(t)

	took, err := r.refused(t, 2*time.Minute, claimText("data", "nope")+"\n---\n"+strings.Replace(
		deploymentText("$IMAGE"), "      containers:",
		"      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n      containers:", 1))
	contains(t, err, "PersistentVolumeClaim/data in namespace "+r.namespace, `storage class "nope"`, "not found",
		"Deployment/web in namespace")

	if took > 50*time.Second {
		t.Errorf("it took %s", took)
	}
}

func claimText(name, class string) string {
	return strings.NewReplacer("NAME", name, "CLASS", class).Replace(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: NAME, namespace: $NS}
spec:
  storageClassName: CLASS
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Mi}}`)
}

func TestWait_DoesNotWaitForClaimThatWaitsForPod(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	r.makeNamespace(t)

	objects := r.objects(t, claimText("data", "local-path"))
	if err := r.Apply(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(ctx, objects); err != nil {
		t.Error(err)
	}
}

func TestWait_SaysHowContainerEndedAndNotWhatItWrote(t *testing.T) {
	t.Parallel()

	r := realCluster(t)
	text := strings.NewReplacer("exec httpd -f -p 8080 -h /w", "echo s3cr3t; exit 3",
		"        env:", "        terminationMessagePolicy: FallbackToLogsOnError\n        env:",
	).Replace(deploymentText("$IMAGE"))

	_, err := r.refused(t, 15*time.Second, text)
	contains(t, err, "container main", "exit code 3", image)

	if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("got %v", err)
	}
}

func TestWait_SaysWhatKeepsPodsFromStarting(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		old, new string
		says     []string
	}{
		"missing secret":  {"- name: main", "- name: main\n        envFrom: [{secretRef: {name: absent}}]", []string{`secret "absent" not found`}},
		"missing volume":  {"      containers:\n      - name: main", "      volumes: [{name: v, secret: {secretName: absent}}]\n      containers:\n      - name: main\n        volumeMounts: [{name: v, mountPath: /v}]", []string{"FailedMount", `secret "absent" not found`}},
		"no such node":    {"      containers:", "      nodeSelector: {disk: none}\n      containers:", []string{"Unschedulable", "0/1 nodes are available"}},
		"missing account": {"      containers:", "      serviceAccountName: absent\n      containers:", []string{"pods cannot be made", `serviceaccount "absent" not found`}},
		"probe":           {"path: /, port: http", "path: /absent, port: http", []string{"runs but is not ready", "statuscode: 404"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := realCluster(t)
			_, err := r.refused(t, 15*time.Second, strings.Replace(deploymentText("$IMAGE"), c.old, c.new, 1))
			contains(t, err, append(c.says, "Deployment/web")...)
		})
	}
}

func TestWait_WaitsUntilJobIsComplete(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	r.makeNamespace(t)

	job := func(name, command string) string {
		return strings.NewReplacer("NAME", name, "COMMAND", command).Replace(`
apiVersion: batch/v1
kind: Job
metadata: {name: NAME, namespace: $NS}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: $IMAGE, imagePullPolicy: IfNotPresent, command: [sh, -c, "COMMAND"]}]`)
	}

	good, bad := r.objects(t, job("good", "sleep 3")), r.objects(t, job("bad", "exit 7"))
	for _, objects := range [][]*unstructured.Unstructured{good, bad} {
		if err := r.Apply(ctx, r.owner, objects); err != nil {
			t.Fatal(err)
		}
	}

	began := time.Now()

	if err := r.Wait(ctx, good); err != nil || time.Since(began) < 2*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}

	err := r.Wait(ctx, bad)
	if contains(t, err, "Job/bad", "exit code 7"); errors.Is(err, context.DeadlineExceeded) {
		t.Error("a failed Job was waited for")
	}
}

func TestDelete_SaysWhatKeepsNamespace(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	objects := r.objects(t, namespaceText+`
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, namespace: $NS, finalizers: [example.com/hold]}`)

	if err := r.Apply(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	err := r.Delete(within(t, 5*time.Second), r.owner, objects)
	contains(t, err, "ConfigMap/kept in namespace "+r.namespace, "example.com/hold")

	err = r.Delete(within(t, 15*time.Second), r.owner, objects[:1])
	contains(t, err, "Namespace/"+r.namespace, "ConfigMap/kept", "example.com/hold",
		"Some content in the namespace has finalizers remaining")

	var stuck *kube.StuckError
	if !errors.As(err, &stuck) || !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "context") {
		t.Errorf("got %#v", err)
	}

	live, err := r.Get(ctx, objects[1])
	if err != nil || len(live.GetFinalizers()) != 1 {
		t.Errorf("finalizer was stripped: %v", err)
	}

	// Apply during this has to end with everything there.
	applied := make(chan error, 1)
	go func() { applied <- r.Apply(ctx, r.owner, objects) }()

	time.Sleep(time.Second)

	_, err = r.client.CoreV1().ConfigMaps(r.namespace).Patch(ctx, "kept", types.MergePatchType,
		[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}

	if err := <-applied; err != nil {
		t.Error(err)
	}

	_, _ = r.client.CoreV1().ConfigMaps(r.namespace).Patch(ctx, "kept", types.MergePatchType,
		[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})

	if err := r.Delete(ctx, r.owner, objects); err != nil {
		t.Error(err)
	}
}
