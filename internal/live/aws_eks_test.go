package live_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

// The example with a cluster in EKS: AWS is the double, and what runs in the cluster runs in a real one, whose API stands
// behind a door that takes the tokens of EKS.
func TestAWS_OneApplyMakesAStackOnEKS(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	shared := k3d.Shared(t, images.MLflow)

	a := inAWS(t, awsExample(t, "aws-eks",
		`{ artifact_store = mlstacks_artifact_store.main } # without keys, too`,
		`{ artifact_store = mlstacks_artifact_store.main, image = "`+images.MLflow+`" }`))
	a.behindDoor("ml", shared.Kubeconfig)
	a.apply()
	a.settled()

	client := eks.NewFromConfig(a.double.Config(aws.Region))

	linked, err := client.ListPodIdentityAssociations(t.Context(), &eks.ListPodIdentityAssociationsInput{ClusterName: sdk.String("ml")})
	must(t, err)

	var accounts []string
	for _, one := range linked.Associations {
		accounts = append(accounts, sdk.ToString(one.Namespace)+"/"+sdk.ToString(one.ServiceAccount))
	}

	if all := strings.Join(accounts, " "); !strings.Contains(all, "pipelines") || !strings.Contains(all, "tracker") {
		t.Errorf("pods with an identity in AWS are %q", accounts)
	}

	// Somebody protects the cluster by hand.
	_, err = client.UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{Name: sdk.String("ml"), DeletionProtection: sdk.Bool(true)})
	must(t, err)

	if changed := strings.Join(a.plan().changed(), "\n"); !strings.Contains(changed, "mlstacks_cluster.main.eks.deletion_protection") {
		t.Errorf("the plan changes %s", changed)
	}

	a.apply()
	a.settled()
	a.leavesNothing()
}

// behindDoor gives the double's cluster the API of a real one, for who brings a token of EKS.
func (a *account) behindDoor(name, kubeconfig string) {
	a.t.Helper()

	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	must(a.t, err)

	config.NextProtos = []string{"http/1.1"} // so that connections can be forwarded

	transport, err := rest.TransportFor(config)
	must(a.t, err)

	host, err := url.Parse(config.Host)
	must(a.t, err)

	behind := &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(host)
		r.Out.Header.Del("Authorization")
	}}

	door := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer k8s-aws-v1.") {
			http.Error(w, "no token of EKS", http.StatusUnauthorized)

			return
		}

		behind.ServeHTTP(w, r)
	}))
	a.t.Cleanup(door.Close)

	a.double.Cluster(name, door.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: door.Certificate().Raw})))
}
