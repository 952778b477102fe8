package cluster_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
)

// The API server sees a token for this cluster with each request, over TLS that is verified with the cluster's certificate.
func TestOpen_GetsIntoAClusterOfEKSWithATokenForEachRequest(t *testing.T) {
	t.Parallel()

	var (
		mu   sync.Mutex
		seen []*url.URL
	)

	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer k8s-aws-v1.")
		raw, _ := base64.RawURLEncoding.DecodeString(text) // what it is not shows below

		address, err := url.Parse(string(raw))
		if err != nil || text == "" {
			w.WriteHeader(http.StatusUnauthorized)

			return
		}

		mu.Lock()
		defer mu.Unlock()

		seen = append(seen, address)

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{ // who asks sees that it is cut
			"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "kube-system", "uid": "an-uid"},
		})
	}))
	t.Cleanup(server.Close)

	d := awstest.Start(t)
	d.Cluster("dev", server.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))

	_, err := eks.NewFromConfig(d.Config("eu-central-1")).CreateCluster(t.Context(), &eks.CreateClusterInput{
		Name: aws.String("dev"), RoleArn: aws.String("arn:aws:iam::" + d.Account + ":role/x"), ResourcesVpcConfig: &types.VpcConfigRequest{},
	})
	if err != nil {
		t.Fatal(err)
	}

	logins := cluster.LoginsOf(map[string]*session.Session{"aws": login(t, d)})
	reference := map[string]string{"type": cluster.TypeEKS, "name": "dev", "region": "eu-central-1", "account": d.Account}

	opened, err := cluster.Open(t.Context(), logins, reference)
	if err != nil {
		t.Fatal(err)
	}

	for range 2 {
		if incarnation, err := opened.Incarnation(t.Context()); err != nil || incarnation != "an-uid" {
			t.Fatalf("%q, %v", incarnation, err)
		}
	}

	if len(seen) != 2 {
		t.Fatalf("it saw %v", seen)
	}

	for _, address := range seen {
		query := address.Query()
		if address.Scheme != "https" || address.Host != "sts.eu-central-1.amazonaws.com" || query.Get("Action") != "GetCallerIdentity" ||
			query.Get("X-Amz-SignedHeaders") != "host;x-k8s-aws-id" || query.Get("X-Amz-Signature") == "" {
			t.Errorf("the token is %s", address)
		}
	}

	if config := opened.REST(); !strings.HasPrefix(config.BearerToken, "k8s-aws-v1.") || len(config.CAData) == 0 || config.Host != server.URL {
		t.Errorf("others get %s with a token of %d bytes", config.Host, len(config.BearerToken))
	}
}

func TestOpen_TellsAClusterOfEKSThatIsGoneFromOneOutOfReach(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	logins := cluster.LoginsOf(map[string]*session.Session{"aws": login(t, d)})
	reference := func(account string) map[string]string {
		return map[string]string{"type": cluster.TypeEKS, "name": "dev", "account": account}
	}

	if _, err := cluster.Open(t.Context(), logins, reference(d.Account)); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("of one that is gone it says %v", err)
	}

	_, err := cluster.Open(t.Context(), logins, reference("123456789012"))
	if errors.Is(err, backend.ErrNotFound) || !errors.Is(err, backend.ErrUnreachable) || !strings.Contains(err.Error(), "in account 123456789012") {
		t.Errorf("of another account's it says %v", err)
	}

	d.Inject(awstest.Fault{Operation: "eks:DescribeCluster", Times: -1, Status: 404, HTML: true})

	if _, err := cluster.Open(t.Context(), logins, reference(d.Account)); err == nil || errors.Is(err, backend.ErrNotFound) {
		t.Errorf("of a page it says %v", err)
	}

	if _, err := cluster.Open(t.Context(), nil, reference("")); err == nil || !strings.Contains(err.Error(), "no login to AWS") {
		t.Errorf("without a login it says %v", err)
	}
}

func login(t *testing.T, d *awstest.Double) *session.Session {
	t.Helper()

	keys, err := d.Counted(awstest.Region).Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return session.New(session.Config{
		Region: awstest.Region, AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, MaxRetries: 2,
		Endpoints: map[string]string{"eks": d.Endpoint, "sts": d.Endpoint},
	})
}
