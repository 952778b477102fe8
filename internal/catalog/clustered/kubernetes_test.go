package clustered

import (
	"maps"
	"net"
	"reflect"
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type launched struct{ Launcher }

func launcher(launch Launch) Objects[launched] {
	return LauncherDriver(
		func(c *launched) *Launcher { return &c.Launcher }, func(Site, launched) Launch { return launch }, launched{DefaultLauncher()},
	)
}

var launchSample = Launch{
	Accounts: []Account{
		{Name: "kube-x", Output: "service_account", Tokenless: true},
		{Name: "kube-x-client", Output: "client_service_account", Rules: []Rule{{Resource: "pods", Verbs: []string{"get"}}}, Others: []string{"a", "b/c"}},
	},
	Wide: []Rule{{Resource: "nodes", Verbs: []string{"list"}}},
}

func TestLauncher_MakesAccountsRolesAndQuota(t *testing.T) {
	t.Parallel()

	cfg := launched{DefaultLauncher()}
	cfg.Quota = map[string]string{"pods": "5"}

	byName := map[string]map[string]any{}

	var order []string

	for _, object := range launcher(launchSample).Objects(Site{Namespace: "runs", Name: "kube"}, cfg) {
		name := object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
		order = append(order, name)
		byName[name] = object.Object
	}

	if want := []string{
		"ServiceAccount runs/kube-x", "ServiceAccount runs/kube-x-client", "Role runs/kube-x-client", "RoleBinding runs/kube-x-client",
		"ClusterRole /runs.kube-x-client", "ClusterRoleBinding /runs.kube-x-client", "ResourceQuota runs/kube-x",
	}; !slices.Equal(order, want) {
		t.Fatalf("objects are %v, want %v", order, want)
	}

	account := func(namespace, name string) any {
		return map[string]any{"kind": "ServiceAccount", "namespace": namespace, "name": name}
	}
	subjects := []any{account("runs", "kube-x-client"), account("runs", "a"), account("b", "c")}

	for name, part := range map[string][2]any{
		"RoleBinding runs/kube-x-client":         {"subjects", subjects},
		"ClusterRoleBinding /runs.kube-x-client": {"subjects", subjects},
		"ServiceAccount runs/kube-x":             {"automountServiceAccountToken", false},
		"ServiceAccount runs/kube-x-client":      {"automountServiceAccountToken", nil},
		"ResourceQuota runs/kube-x":              {"spec", map[string]any{"hard": map[string]any{"pods": "5"}}},
		"Role runs/kube-x-client": {"rules", []any{
			map[string]any{"apiGroups": []any{""}, "resources": []any{"pods"}, "verbs": []any{"get"}},
		}},
	} {
		if got := byName[name][part[0].(string)]; !reflect.DeepEqual(got, part[1]) { //nolint:errcheck,forcetypeassert // written above
			t.Errorf("%s: %v is %v, want %v", name, part[0], got, part[1])
		}
	}
}

func TestLauncher_TellsTheAccounts(t *testing.T) {
	t.Parallel()

	want := map[string]string{"service_account": "kube-x", "client_service_account": "kube-x-client"}
	if got := launcher(launchSample).Outputs(Site{}, launched{}); !maps.Equal(got, want) {
		t.Errorf("outputs are %v, want %v", got, want)
	}
}

func TestCheckQuota_RefusesWhatIsNoQuantity(t *testing.T) {
	t.Parallel()

	for quantity, refused := range map[any]bool{
		"4": false, "500m": false, "8Gi": false, "0": false, "1e3": false, zenml.Unknown{}: false,
		"": true, "many": true, "-1": true, "4 Gi": true, " 4": true,
	} {
		v := flavor.Values{"resource_quota": map[string]any{"pods": quantity}}
		if got := len(CheckQuota(v)) > 0; got != refused {
			t.Errorf("%q: refused is %t, want %t", quantity, got, refused)
		}
	}
}

func TestDoor_OfAServiceWithoutPodsIsOpenWhereItRefuses(t *testing.T) {
	t.Parallel()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	address := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}

	for empty, want := range map[bool]bool{true: true, false: false} {
		if got := (Door{Scheme: "http", Path: "/", Empty: empty}).reached(t.Context(), address); got != want {
			t.Errorf("empty %t: reached is %t, want %t", empty, got, want)
		}
	}
}

func TestService_HasThePortThatItsLoadBalancerWasGiven(t *testing.T) {
	t.Parallel()

	type config struct {
		Workload
		Exposed
	}

	service := Service[config]{
		Door:  Door{Port: 8080},
		Parts: func(c *config) Parts { return Parts{Workload: &c.Workload, Expose: &c.Expose} },
	}

	for kind, want := range map[string]int{"load_balancer": 80, "node_port": 8080, "none": 8080} {
		if got := service.door(config{Exposed: Exposed{Expose{Type: kind, Port: 80}}}).Port; got != want {
			t.Errorf("%s: port is %d, want %d", kind, got, want)
		}
	}
}
