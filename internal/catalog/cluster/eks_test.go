package cluster

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	sdk "github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestMain(m *testing.M) {
	network.Pace, network.Patience = 10*time.Millisecond, time.Second
	eks.Pace, EKSPatience = 10*time.Millisecond, time.Second

	os.Exit(m.Run())
}

const kubeSystem = "5c5e9a3e-0b7e-4f38-9c6f-0f4f0f4f0f4f"

// api is the API server of a cluster: it answers who shows a token that is good for the cluster, and nobody else.
func api(t *testing.T, d *awstest.Double) *atomic.Int64 {
	t.Helper()

	refused := &atomic.Int64{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if problem := tokenProblem(r.Header.Get("Authorization")); problem != "" {
			refused.Add(1)
			http.Error(w, problem, http.StatusUnauthorized)

			return
		}

		if r.URL.Path != "/api/v1/namespaces/kube-system" {
			http.NotFound(w, r)

			return
		}

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{ // who asks sees that it is cut
			"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "kube-system", "uid": kubeSystem},
		})
	}))
	t.Cleanup(server.Close)

	d.Cluster("dev", server.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))

	return refused
}

func tokenProblem(header string) string {
	text, ok := strings.CutPrefix(header, "Bearer k8s-aws-v1.")
	if !ok {
		return "no token"
	}

	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return err.Error()
	}

	address, err := url.Parse(string(raw))
	if err != nil || address.Host != "sts."+awstest.Region+".amazonaws.com" || address.Query().Get("Action") != "GetCallerIdentity" ||
		address.Query().Get("X-Amz-SignedHeaders") != "host;x-k8s-aws-id" {
		return "not what STS signs: " + string(raw)
	}

	return ""
}

func input(t *testing.T, d *awstest.Double) flavor.Input {
	t.Helper()

	keys, err := d.Counted(awstest.Region).Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	endpoints := map[string]string{}
	for _, service := range []string{"ec2", "eks", "iam", "sts"} {
		endpoints[service] = d.Endpoint
	}

	return flavor.Input{
		Kind: "cluster", Name: "dev", Was: "dev", Managed: true, Labels: map[string]string{"cost": "1"},
		Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(session.Config{
			Region: awstest.Region, AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, Endpoints: endpoints,
		})}},
	}
}

// plain is a cluster with the defaults of the schema.
func plain() eksConfig {
	cfg := eksConfig{
		Version: "1.35", Support: eksSupport, CIDR: eksCIDR, Zones: eksZones, NAT: network.NATSingle, PublicCIDRs: []string{anywhere}, Logs: []string{},
		Administrators: []string{}, Addons: map[string]string{}, AddonConfiguration: map[string]string{}, NodeGroup: eksNodes{
			InstanceTypes: []string{eksInstance}, Min: eksMin, Max: eksMax, Desired: eksDesired, DiskGB: eksDiskGB, Capacity: eksCapacity, AMI: eksAMI,
		},
	}
	for _, name := range eksAddons {
		cfg.Addons[name] = ""
	}

	return cfg
}

// left names what is in the account.
func left(t *testing.T, d *awstest.Double) []string {
	t.Helper()

	var all []string

	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}

	clusters, err := sdk.NewFromConfig(d.Config(awstest.Region)).ListClusters(t.Context(), &sdk.ListClustersInput{})
	must(err)

	all = append(all, clusters.Clusters...)

	roles, err := iam.NewFromConfig(d.Config(awstest.Region)).ListRoles(t.Context(), &iam.ListRolesInput{})
	must(err)

	for _, role := range roles.Roles {
		all = append(all, "role "+aws.ToString(role.RoleName))
	}

	issuers, err := iam.NewFromConfig(d.Config(awstest.Region)).ListOpenIDConnectProviders(t.Context(), &iam.ListOpenIDConnectProvidersInput{})
	must(err)

	for range issuers.OpenIDConnectProviderList {
		all = append(all, "issuer")
	}

	vpcs, err := ec2.NewFromConfig(d.Config(awstest.Region)).DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{
		Filters: []ec2types.Filter{{Name: aws.String("is-default"), Values: []string{"false"}}},
	})
	must(err)

	for range vpcs.Vpcs {
		all = append(all, "vpc")
	}

	addresses, err := ec2.NewFromConfig(d.Config(awstest.Region)).DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	must(err)

	for range addresses.Addresses {
		all = append(all, "address")
	}

	return all
}

func TestEKS_IsMadeLooksAsWantedAndLeavesNothing(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	refused := api(t, d)
	in := input(t, d)

	for _, kind := range []string{awstest.Clusters, awstest.Nodegroups, awstest.Addons, awstest.Updates, awstest.NATGateways} {
		d.Hold(kind, 3)
	}

	d.Propagate(1)

	made, err := eksDriver{}.Create(t.Context(), in, plain())
	if err != nil {
		t.Fatal(err)
	}

	if made.ID != "dev" || made.Incarnation != kubeSystem || made.Version != "1.35" || len(made.Notices) > 0 || refused.Load() != 0 {
		t.Errorf("%+v, %d refused", made, refused.Load())
	}

	for _, name := range eksOutputs {
		if made.Outputs[name] == "" {
			t.Errorf("there is no output %s", name)
		}
	}

	in.Incarnation, in.Outputs = made.Incarnation, made.Outputs

	cfg, seen, err := eksDriver{}.Read(t.Context(), in, "dev", plain())
	if err != nil || len(seen.Drift) > 0 || seen.Incarnation != kubeSystem || fmt.Sprint(cfg) != fmt.Sprint(plain()) {
		t.Errorf("%+v\n%+v\n%v", cfg, seen, err)
	}

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", plain()); err != nil {
		t.Fatal(err)
	}

	if is := left(t, d); len(is) > 0 {
		t.Errorf("it leaves %q", is)
	}

	if _, _, err := (eksDriver{}).Read(t.Context(), in, "dev", plain()); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("of what is gone it says %v", err)
	}

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", plain()); err != nil {
		t.Errorf("of what is gone: %v", err)
	}
}

// A run that failed at any write, or was cut after it, is finished by the next one, which finds what is there by its tags.
func TestEKS_ConvergesAfterEveryFault(t *testing.T) {
	t.Parallel()

	for _, operation := range []string{
		"iam:CreateRole", "iam:AttachRolePolicy", "eks:CreateCluster", "eks:CreateAccessEntry", "eks:AssociateAccessPolicy",
		"iam:CreateOpenIDConnectProvider", "eks:CreateNodegroup", "eks:CreateAddon", "eks:TagResource", "ec2:CreateRoute",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()

			d := awstest.Start(t)
			api(t, d)

			in := input(t, d)
			d.Inject(awstest.Fault{Operation: operation, Status: 403, Code: "AccessDeniedException", Message: "no"})

			made, err := eksDriver{}.Create(t.Context(), in, plain())
			if operation == "eks:TagResource" { // the cluster is there all the same
				if err != nil || len(made.Notices) != 1 {
					t.Errorf("it says %v, %q", err, made.Notices)
				}
			} else if err == nil || !strings.Contains(err.Error(), "AccessDenied") {
				t.Errorf("it says %v", err)
			}

			lost := d.Inject(awstest.Fault{Operation: operation, LoseAnswer: true})

			made, err = eksDriver{}.Create(t.Context(), in, plain())
			if err != nil {
				t.Fatalf("the next run (%d lost): %v", lost(), err)
			}

			in.Incarnation, in.Outputs = made.Incarnation, made.Outputs

			if _, seen, err := (eksDriver{}).Read(t.Context(), in, "dev", plain()); err != nil || len(seen.Drift) > 0 {
				t.Errorf("%q, %v", seen.Drift, err)
			}

			if err := (eksDriver{}).Delete(t.Context(), in, "dev", plain()); err != nil || len(left(t, d)) > 0 {
				t.Errorf("it leaves %q, %v", left(t, d), err)
			}
		})
	}
}
