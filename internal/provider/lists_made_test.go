package provider_test

import (
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestList_FindsDatabasesOfRDS(t *testing.T) {
	t.Parallel()

	const store = "mlstacks_metadata_store"

	double := aws.Start(t)
	_, subnets := double.Network(t)

	// Not one of ours: it has no tags that would say so.
	_, err := rds.NewFromConfig(double.Config(aws.Region)).CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: sdk.String("theirs"), DBInstanceClass: sdk.String("db.t4g.micro"), Engine: sdk.String("postgres"),
		AllocatedStorage: sdk.Int32(20), MasterUsername: sdk.String("them"), MasterUserPassword: sdk.String("not-a-secret"),
	})
	must(t, err)

	p := speak(t)
	p.configure(p.login(double, aws.Region))

	made, _ := p.apply(store, p.nothing(store), map[string]tftypes.Value{
		"name": text("lineage"), "rds": p.nested(store, "rds", map[string]tftypes.Value{
			"engine": text("postgres"), "subnet_ids": texts(subnets...), "allowed_cidrs": texts("10.9.0.0/16"),
		}),
	})

	p.findsInAWS(double, store, "rds", "lineage", made)
}

func TestList_FindsClustersOfEKS(t *testing.T) {
	t.Parallel()

	const cluster = "mlstacks_cluster"

	double := aws.Start(t)
	_, subnets := double.Network(t)

	_, err := eks.NewFromConfig(double.Config(aws.Region)).CreateCluster(t.Context(), &eks.CreateClusterInput{
		Name: sdk.String("theirs"), RoleArn: sdk.String("arn:aws:iam::" + double.Account + ":role/theirs"),
		ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: subnets},
	})
	must(t, err)

	// Who makes a cluster asks its API who it is.
	api := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/namespaces/kube-system" {
			http.NotFound(w, r)

			return
		}

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "kube-system", "uid": "u-1"},
		})
	}))
	t.Cleanup(api.Close)

	double.Cluster("dev", api.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.Certificate().Raw})))

	p := speak(t)
	p.configure(p.login(double, aws.Region))

	made, _ := p.apply(cluster, p.nothing(cluster), map[string]tftypes.Value{"name": text("dev"), "eks": p.nested(cluster, "eks", nil)})

	p.findsInAWS(double, cluster, "eks", "dev", made)
}

// findsInAWS lists the only component of a flavor, as its state knows it, and imports what was listed.
func (p protocol) findsInAWS(double *aws.Double, resource, flavorName, name string, made kept) {
	p.Helper()

	want := map[string]string{"flavor": flavorName, "id": name, "account": double.Account, "region": aws.Region}
	if got := p.parts(resource, made.identity); !maps.Equal(got, want) {
		p.Fatalf("made as %v, want %v", got, want)
	}

	flavors := map[string]tftypes.Value{"flavors": texts(flavorName)}
	known := p.plain(resource, made)

	all := p.list(p.Context(), resource, flavors, 0, true)
	if len(all) != 1 || all[0].fault != "" || !maps.Equal(all[0].parts, want) || all[0].name != name+" ("+flavorName+")" {
		p.Fatalf("listed %+v", all)
	}

	for _, attribute := range []string{"name", "type", "flavor", "id", "uri"} {
		if all[0].plain[attribute] != known[attribute] {
			p.Errorf("listed with %s = %v, made with %v", attribute, all[0].plain[attribute], known[attribute])
		}
	}

	elsewhere := speak(p.T)
	elsewhere.configure(elsewhere.login(double, "eu-west-3"))

	if none := elsewhere.list(p.Context(), resource, flavors, 0, false); len(none) != 0 {
		p.Errorf("another region has %+v", none)
	}

	imported, fault := elsewhere.importing(&tfprotov6.ImportResourceStateRequest{TypeName: resource, Identity: p.identity(resource, all[0].parts)})
	if fault != "" || elsewhere.plain(resource, imported)["name"] != name || !maps.Equal(p.parts(resource, imported.identity), want) {
		p.Errorf("imported %v: %s", p.parts(resource, imported.identity), fault)
	}

	asked := map[string]string{"rds": "rds:DescribeDBInstances", "eks": "eks:ListClusters"}[flavorName]
	denied := double.Inject(aws.Fault{Operation: asked, Status: 403, Code: "AccessDenied"})

	if refused := p.list(p.Context(), resource, flavors, 0, false); len(refused) != 1 || refused[0].fault == "" || denied() == 0 {
		p.Errorf("where nothing may be listed: %+v", refused)
	}
}
