package kube_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/yaml"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

const kubeconfigVariable = "MLSTACKS_TEST_KUBECONFIG"

// image is one that every node of the test cluster has.
const image = "busybox:latest"

// rig is a cluster that runs, and a namespace of the test's own there.
type rig struct {
	*kube.Cluster

	// client is somebody else who works in the cluster.
	client    kubernetes.Interface
	namespace string
	owner     backend.Owner
}

func realCluster(t *testing.T) rig {
	t.Helper()

	path := os.Getenv(kubeconfigVariable)
	if path == "" {
		t.Skipf("%s does not name the kubeconfig of a running cluster", kubeconfigVariable)
	}

	config, err := kube.FromFile(path, "")
	if err != nil {
		t.Fatal(err)
	}

	cluster, err := kube.New(config)
	if err != nil {
		t.Fatal(err)
	}

	client, err := kubernetes.NewForConfig(cluster.REST())
	if err != nil {
		t.Fatal(err)
	}

	r := rig{Cluster: cluster, client: client, namespace: "kube-" + strings.ToLower(rand.Text()[:8]), owner: backend.Owner{
		Kind: "artifact_store", Flavor: "minio", Name: "artifacts", Incarnation: rand.Text(),
		Labels: map[string]string{"team": "Machine Learning & more"},
	}}

	r.own(t, r.namespace)

	return r
}

// own has the namespace removed with everything in it when the test is over, whether or not the test makes it.
func (r rig) own(t *testing.T, namespace string) {
	t.Helper()
	t.Cleanup(func() {
		_ = r.client.CoreV1().Namespaces().Delete(context.WithoutCancel(t.Context()), namespace, metav1.DeleteOptions{})
	})
}

func (r rig) makeNamespace(t *testing.T) {
	t.Helper()

	if err := r.Apply(t.Context(), r.owner, r.objects(t, namespaceText)); err != nil {
		t.Fatal(err)
	}
}

// objects reads YAML documents; $NS stands for the test's namespace and $IMAGE for an image that is there.
func (r rig) objects(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()

	var all []*unstructured.Unstructured

	for document := range strings.SplitSeq(strings.NewReplacer("$NS", r.namespace, "$IMAGE", image).Replace(text), "\n---\n") {
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(document), &object.Object); err != nil {
			t.Fatal(err)
		}

		all = append(all, object)
	}

	return all
}

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)

	return ctx
}

// contains fails the test unless the error says all of it.
func contains(t *testing.T, err error, parts ...string) {
	t.Helper()

	if err == nil {
		t.Fatal("no error")
	}

	t.Logf("report: it says: %s", err)

	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

const namespaceText = `
apiVersion: v1
kind: Namespace
metadata: {name: $NS}`

func deploymentText(image string) string {
	return fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: $NS}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      enableServiceLinks: false
      containers:
      - name: main
        image: %s
        imagePullPolicy: IfNotPresent
        command: [sh, -c, "mkdir /w; echo hello >/w/index.html; exec httpd -f -p 8080 -h /w"]
        env: [{name: WORD, value: plain}]
        ports: [{name: http, containerPort: 8080}]
        readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}`, image)
}

const serviceText = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: $NS}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]`
