package live_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// site is a cluster as somebody with a client of its own sees it.
type site struct {
	*kubernetes.Clientset

	t      *testing.T
	name   string
	config *rest.Config
}

func clients(t *testing.T, config *rest.Config) *kubernetes.Clientset {
	t.Helper()

	set, err := kubernetes.NewForConfig(config)
	must(t, err)

	return set
}

// enter opens a cluster of k3d for what is done by hand.
func enter(t *testing.T, cluster string) site {
	t.Helper()

	config, err := backend.RESTConfig(t.Context(), cluster)
	must(t, err)

	return site{Clientset: clients(t, config), t: t, name: cluster, config: config}
}

// common is the cluster that tests of components share, with MinIO's image in it.
func common(t *testing.T) (site, k3d.Images) {
	t.Helper()

	images := k3d.Require(t)

	return enter(t, k3d.Shared(t, images.Minio).Name), images
}

// lookup is the configuration that finds a cluster.
func (s site) lookup() string {
	return fmt.Sprintf("data \"mlstacks_cluster\" \"dev\" {\n  name = %q\n}\n", s.name)
}

// store is the configuration of storage called like its block, in the cluster that lookup finds.
func store(name, namespace, image string, more ...string) string {
	return fmt.Sprintf(`
resource "mlstacks_artifact_store" %[1]q {
  name     = %[1]q
  cluster  = data.mlstacks_cluster.dev
  minio    = {
    bucket    = "models"
    namespace = %[2]q
    image     = %[3]q
    storage   = "64Mi"
    %[4]s
  }
  timeouts = { create = "2m", update = "2m", delete = "2m" }
}
`, name, namespace, image, strings.Join(more, "\n    "))
}

// gone checks that a namespace is no more.
func (s site) gone(namespace string) {
	s.t.Helper()

	if s.has(namespace) {
		s.t.Errorf("namespace %s is left", namespace)
	}
}

// has says whether there is a namespace.
func (s site) has(namespace string) bool {
	s.t.Helper()

	_, err := s.CoreV1().Namespaces().Get(s.t.Context(), namespace, meta.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		s.t.Fatal(err)
	}

	return err == nil
}

// minio calls the S3 API of a store with the credentials in its Secret.
func (s site) minio(namespace, name string, call func(context.Context, *s3.Client) error) {
	s.t.Helper()

	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()

	opened, err := kube.New(s.config)
	must(s.t, err)

	address, stop, err := opened.Forward(ctx, namespace, name, 9000)
	must(s.t, err)

	defer stop()

	secret, err := opened.Secret(ctx, namespace, name+"-credentials")
	must(s.t, err)
	must(s.t, call(ctx, s3.New(s3.Options{
		BaseEndpoint: aws.String("http://" + address), Region: "us-east-1", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(secret["root-user"], secret["root-password"], ""),
	})))
}

// buckets are those of the store main.
func (s site) buckets(namespace string) string {
	s.t.Helper()

	var names []string

	s.minio(namespace, "main", func(ctx context.Context, client *s3.Client) error {
		list, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
		if err != nil {
			return err
		}

		for _, bucket := range list.Buckets {
			names = append(names, aws.ToString(bucket.Name))
		}

		return nil
	})

	return strings.Join(names, " ")
}
