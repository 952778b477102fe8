package eks_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func TestMain(m *testing.M) {
	eks.Pace = 5 * time.Millisecond

	os.Exit(m.Run())
}

// ailing is EKS where nothing gets well: every look finds the same.
func ailing(t *testing.T, answer map[string]any) *session.Session {
	t.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // who asks sees that it is cut
	}))
	t.Cleanup(server.Close)

	return session.New(session.Config{Region: "eu-west-1", AccessKey: "AKIAEXAMPLE", SecretKey: "secret", Endpoints: map[string]string{"eks": server.URL}})
}

func issues(code, message string, ids ...string) map[string]any {
	return map[string]any{"issues": []any{map[string]any{"code": code, "message": message, "resourceIds": ids}}}
}

func claim() part.Claim {
	return part.Claim{Owner: backend.Owner{Kind: "cluster", Flavor: "eks", Name: "dev"}, Known: true}
}

func TestNodes_SayWhyTheyDoNotComeUp(t *testing.T) {
	t.Parallel()

	for status, want := range map[string]string{
		"CREATE_FAILED": `wait for node group "nodes" of cluster "dev": it is CREATE_FAILED: NodeCreationFailure: Instances failed to join the kubernetes cluster (i-1, i-2)`,
		"DEGRADED":      `wait for node group "nodes" of cluster "dev": it is DEGRADED: NodeCreationFailure: Instances failed to join the kubernetes cluster (i-1, i-2)`,
		"CREATING":      "after the time that there was",
	} {
		nodes := eks.Nodes{Cluster: "dev", Name: "nodes", Session: ailing(t, map[string]any{"nodegroup": map[string]any{
			"nodegroupName": "nodes", "status": status, "health": issues("NodeCreationFailure", "Instances failed to join the kubernetes cluster", "i-1", "i-2"),
		}})}

		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		err := nodes.Settle(ctx)

		cancel()

		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", status, err)
		}

		seen, err := nodes.Observe(t.Context(), claim())
		if err != nil || !strings.Contains(strings.Join(seen.Drift, "\n"), status+": NodeCreationFailure") {
			t.Errorf("%s: drift is %q, %v", status, seen.Drift, err)
		}
	}
}

func TestCluster_SaysWhyItIsNotWell(t *testing.T) {
	t.Parallel()

	cluster := eks.Cluster{Name: "dev", Session: ailing(t, map[string]any{"cluster": map[string]any{
		"name": "dev", "status": "ACTIVE", "health": issues("Ec2SubnetNotFound", "We couldn't find one or more subnets", "subnet-1"),
	}})}

	seen, err := cluster.Observe(t.Context(), claim())
	if err != nil || !strings.Contains(strings.Join(seen.Drift, "\n"), `cluster "dev" is ACTIVE: Ec2SubnetNotFound: We couldn't find one or more subnets (subnet-1)`) {
		t.Errorf("drift is %q, %v", seen.Drift, err)
	}
}

func TestAddon_SaysWhyItDoesNotComeUp(t *testing.T) {
	t.Parallel()

	addon := eks.Addon{Cluster: "dev", Name: "coredns", Session: ailing(t, map[string]any{"addon": map[string]any{
		"addonName": "coredns", "status": "DEGRADED", "health": issues("InsufficientNumberOfReplicas", "The add-on is unhealthy because all deployments have 0 replicas"),
	}})}

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()

	if err := addon.Settle(ctx); err == nil || !strings.Contains(err.Error(), "is DEGRADED: InsufficientNumberOfReplicas: The add-on is unhealthy") {
		t.Errorf("it says %v", err)
	}
}

func TestPrincipal_IsTheRoleOfASession(t *testing.T) {
	t.Parallel()

	s := ailing(t, nil)

	for caller, want := range map[string]string{
		"arn:aws:iam::123456789012:user/team/ann": "arn:aws:iam::123456789012:user/team/ann", "arn:aws:iam::123456789012:root": "",
		"arn:aws:sts::123456789012:federated-user/x": "", "": "",
	} {
		if is, err := eks.Principal(t.Context(), s, caller); err != nil || is != want {
			t.Errorf("%s: %q, %v", caller, is, err)
		}
	}
}
