package cluster

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// whole is a configuration with something in every attribute.
func whole() flavor.Values {
	return flavor.Values{
		"servers": int64(1), "agents": int64(1), "image": "k3s:1", "api_port": int64(6550),
		"ports":      []any{map[string]any{"host": int64(8080), "node": int64(30080), "protocol": "tcp"}},
		"registry":   map[string]any{"host_port": int64(5001)},
		"k3s_args":   []any{"--disable=traefik"},
		"registries": map[string]any{"docker.io": []any{"http://localhost:5002"}},
		"volumes":    []any{"/data:/data"},
		"wait":       true,
	}
}

func TestK3dReplaced_NamesWhatMakesAnotherCluster(t *testing.T) {
	t.Parallel()

	type change = flavor.Values

	registry := func(port any) map[string]any { return map[string]any{"host_port": port} }
	reference := whole()

	for name, test := range map[string]struct {
		before, after change
		want          []string
	}{
		"nothing":                   {},
		"servers":                   {after: change{"servers": int64(3)}, want: []string{"servers"}},
		"image":                     {after: change{"image": "k3s:2"}, want: []string{"image"}},
		"k3s arguments":             {after: change{"k3s_args": []any{}}, want: []string{"k3s_args"}},
		"order of k3s arguments":    {before: change{"k3s_args": []any{"-a", "-b"}}, after: change{"k3s_args": []any{"-b", "-a"}}, want: []string{"k3s_args"}},
		"address of a mirror":       {after: change{"registries": map[string]any{"docker.io": []any{"http://other"}}}, want: []string{"registries"}},
		"mirror added":              {before: change{"registries": map[string]any{}}, want: []string{"registries"}},
		"volume removed":            {after: change{"volumes": []any{}}, want: []string{"volumes"}},
		"another API port":          {after: change{"api_port": int64(6551)}, want: []string{"api_port"}},
		"API port left to be kept":  {after: change{"api_port": int64(0)}},
		"API port named":            {before: change{"api_port": int64(0)}, want: []string{"api_port"}},
		"API port picked and kept":  {before: change{"api_port": int64(0)}, after: change{"api_port": int64(0)}},
		"registry added":            {before: change{"registry": nil}, want: []string{"registry"}},
		"registry added anywhere":   {before: change{"registry": nil}, after: change{"registry": registry(int64(0))}, want: []string{"registry"}},
		"registry removed":          {after: change{"registry": nil}, want: []string{"registry"}},
		"no registry":               {before: change{"registry": nil}, after: change{"registry": nil}},
		"registry moved":            {after: change{"registry": registry(int64(5009))}, want: []string{"registry"}},
		"registry left where it is": {after: change{"registry": registry(int64(0))}},
		"agents":                    {after: change{"agents": int64(0)}},
		"ports":                     {after: change{"ports": []any{}}},
		"wait":                      {after: change{"wait": false}},
		"all that is in place":      {after: change{"agents": zenml.Unknown{}, "ports": zenml.Unknown{}, "wait": zenml.Unknown{}}},
		"unknown image":             {after: change{"image": zenml.Unknown{}}, want: []string{"image"}},
		"unknown API port":          {after: change{"api_port": zenml.Unknown{}}, want: []string{"api_port"}},
		"unknown registry":          {after: change{"registry": zenml.Unknown{}}, want: []string{"registry"}},
		"unknown registry port":     {after: change{"registry": registry(zenml.Unknown{})}, want: []string{"registry"}},
		"unknown element":           {after: change{"k3s_args": []any{zenml.Unknown{}}}, want: []string{"k3s_args"}},
		"several, in order":         {after: change{"volumes": []any{}, "image": "k3s:2", "agents": int64(5)}, want: []string{"image", "volumes"}},
		"what a state does not tell": {
			before: change{"image": nil, "k3s_args": nil, "registries": nil, "volumes": nil, "servers": nil, "api_port": nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			before, after := maps.Clone(reference), maps.Clone(reference)
			maps.Copy(before, test.before)
			maps.Copy(after, test.after)

			var named []string

			for _, reason := range k3dReplaced(before, after) {
				named = append(named, strings.Join(reason.Path, "."))

				if !strings.Contains(reason.Detail, "k3d."+named[len(named)-1]+" changes, and ") || reason.Beside != "" ||
					!strings.Contains(reason.Detail, "Keep the former value") {
					t.Errorf("%v says %q", reason.Path, reason.Detail)
				}
			}

			if !slices.Equal(named, test.want) {
				t.Errorf("replaces because of %q, should because of %q", named, test.want)
			}
		})
	}
}

// An attribute that is new is either changed in place or has a reason.
func TestK3dReplaced_KnowsEveryAttribute(t *testing.T) {
	t.Parallel()

	attributes := k3dAttributes()

	for name := range attributes {
		_, replaces := replacing[name]
		if inPlace := slices.Contains([]string{"agents", "ports", "wait"}, name); inPlace == replaces {
			t.Errorf("%s: in place %t, replaces %t", name, inPlace, replaces)
		}

		if _, there := whole()[name]; !there {
			t.Errorf("%s is not tested", name)
		}
	}

	for name := range replacing {
		if attributes[name] == nil {
			t.Errorf("%s is no attribute", name)
		}
	}
}

func TestObserve_LeavesToBePickedWhatWasLeft(t *testing.T) {
	t.Parallel()

	configured := k3dConfig{
		Servers: 1, Agents: 1, Image: "k3s:1", Ports: []k3dPort{{0, 30080, "tcp"}}, Registry: &k3dRegistry{}, K3sArgs: []string{}, Volumes: []string{},
		Registries: map[string][]string{"docker.io": {"http://localhost:5002"}},
	}
	found := k3d.Observed{Spec: k3d.Spec{
		Servers: 1, Agents: 1, Image: "k3s:1", APIPort: 20001, Ports: []k3d.Port{{Host: 20002, Node: 30080, Protocol: "tcp"}}, Registry: &k3d.Registry{HostPort: 20003},
	}}

	if seen := configured.observe(flavor.Input{}, found); !reflect.DeepEqual(seen, configured) {
		t.Errorf("%+v became %+v", configured, seen)
	}

	// What was named is told as it is found.
	configured.APIPort, configured.Registry = 6550, &k3dRegistry{HostPort: 5001}
	found.Servers, found.Agents, found.Image, found.K3sArgs, found.Volumes = 3, 0, "k3s:2", []string{"-a"}, []string{"/a:/b"}

	want := k3dConfig{
		Servers: 3, Image: "k3s:2", APIPort: 20001, Ports: configured.Ports, Registry: &k3dRegistry{HostPort: 20003}, K3sArgs: []string{"-a"},
		Volumes: []string{"/a:/b"}, Registries: configured.Registries,
	}
	if seen := configured.observe(flavor.Input{}, found); !reflect.DeepEqual(seen, want) {
		t.Errorf("is %+v, should be %+v", seen, want)
	}

	found.Registry, configured.Registry = nil, &k3dRegistry{}

	if seen := configured.observe(flavor.Input{}, found); seen.Registry != nil {
		t.Errorf("a registry that is gone is at %d", seen.Registry.HostPort)
	}
}

func TestObserve_TellsEverythingOfWhatIsImported(t *testing.T) {
	t.Parallel()

	seen := k3dConfig{}.observe(flavor.Input{}, k3d.Observed{Spec: k3d.Spec{
		Servers: 1, Image: "k3s:1", APIPort: 20001, Ports: []k3d.Port{{Host: 20002, Node: 30080, Protocol: "tcp"}}, Registry: &k3d.Registry{HostPort: 20003},
		K3sArgs: []string{"-a"}, Registries: mirrors(map[string][]string{"docker.io": {"http://localhost:5002"}}),
	}})
	want := k3dConfig{
		Servers: 1, Image: "k3s:1", APIPort: 20001, Ports: []k3dPort{{20002, 30080, "tcp"}}, Registry: &k3dRegistry{HostPort: 20003},
		K3sArgs: []string{"-a"}, Registries: map[string][]string{"docker.io": {"http://localhost:5002"}}, Volumes: []string{}, Wait: true,
	}

	if !reflect.DeepEqual(seen, want) {
		t.Errorf("is %+v, should be %+v", seen, want)
	}

	// Empty, not null: such are the defaults.
	want = k3dConfig{Servers: 1, Ports: []k3dPort{}, K3sArgs: []string{}, Registries: map[string][]string{}, Volumes: []string{}, Wait: true}

	if seen := (k3dConfig{}).observe(flavor.Input{}, k3d.Observed{Spec: k3d.Spec{Servers: 1}}); !reflect.DeepEqual(seen, want) {
		t.Errorf("of a plain cluster it tells %+v, should be %+v", seen, want)
	}
}

func TestObservePorts_KeepsOrderAndWhatWasLeftToBePicked(t *testing.T) {
	t.Parallel()

	type ports []k3dPort

	for name, test := range map[string]struct {
		wanted, found, want ports
	}{
		"none":               {nil, nil, ports{}},
		"in another order":   {ports{{9090, 2, "tcp"}, {8080, 1, "tcp"}}, ports{{8080, 1, "tcp"}, {9090, 2, "tcp"}}, ports{{9090, 2, "tcp"}, {8080, 1, "tcp"}}},
		"picked":             {ports{{0, 2, "tcp"}, {0, 1, "tcp"}}, ports{{20001, 1, "tcp"}, {20002, 2, "tcp"}}, ports{{0, 2, "tcp"}, {0, 1, "tcp"}}},
		"twice to one":       {ports{{0, 1, "tcp"}, {0, 1, "tcp"}}, ports{{20001, 1, "tcp"}, {20002, 1, "tcp"}}, ports{{0, 1, "tcp"}, {0, 1, "tcp"}}},
		"one of two":         {ports{{0, 1, "tcp"}, {0, 1, "tcp"}}, ports{{20001, 1, "tcp"}}, ports{{0, 1, "tcp"}}},
		"missing":            {ports{{8080, 1, "tcp"}, {9090, 2, "tcp"}}, ports{{9090, 2, "tcp"}}, ports{{9090, 2, "tcp"}}},
		"all missing":        {ports{{8080, 1, "tcp"}}, nil, ports{}},
		"nobody asked for":   {ports{{9090, 2, "tcp"}}, ports{{8080, 1, "tcp"}, {9090, 2, "tcp"}}, ports{{9090, 2, "tcp"}, {8080, 1, "tcp"}}},
		"another protocol":   {ports{{0, 53, "udp"}}, ports{{20001, 53, "tcp"}, {20001, 53, "udp"}}, ports{{0, 53, "udp"}, {20001, 53, "tcp"}}},
		"on another port":    {ports{{8080, 1, "tcp"}}, ports{{8081, 1, "tcp"}}, ports{{8081, 1, "tcp"}}},
		"to another port":    {ports{{8080, 1, "tcp"}}, ports{{8080, 2, "tcp"}}, ports{{8080, 2, "tcp"}}},
		"picked, then named": {ports{{0, 1, "tcp"}, {8080, 1, "tcp"}}, ports{{8080, 1, "tcp"}, {20001, 1, "tcp"}}, ports{{0, 1, "tcp"}, {8080, 1, "tcp"}}},
		"named, then picked": {ports{{8080, 1, "tcp"}, {0, 1, "tcp"}}, ports{{8080, 1, "tcp"}, {20001, 1, "tcp"}}, ports{{8080, 1, "tcp"}, {0, 1, "tcp"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if seen := observePorts(test.wanted, k3dConfig{Ports: test.found}.spec(flavor.Input{}).Ports); !reflect.DeepEqual(ports(seen), test.want) {
				t.Errorf("is %v, should be %v", seen, test.want)
			}
		})
	}
}

func TestSpec_IsTheWholeConfiguration(t *testing.T) {
	t.Parallel()

	labels := map[string]string{"team": "ml"}
	config := k3dConfig{
		Servers: 3, Agents: 2, Image: "k3s:1", APIPort: 6550, Ports: []k3dPort{{0, 53, "udp"}, {8080, 30080, "tcp"}}, Registry: &k3dRegistry{HostPort: 5001},
		K3sArgs: []string{"--disable=traefik"}, Volumes: []string{"/data:/data"}, Wait: true,
		Registries: map[string][]string{"quay.io": {"https://mirror.example"}, "docker.io": {"http://localhost:5002", "https://second.example/v2"}},
	}
	want := k3d.Spec{
		Name: "dev", Servers: 3, Agents: 2, Image: "k3s:1", APIPort: 6550, Ports: []k3d.Port{{Node: 53, Protocol: "udp"}, {Host: 8080, Node: 30080, Protocol: "tcp"}},
		Registry: &k3d.Registry{HostPort: 5001}, K3sArgs: []string{"--disable=traefik"}, Volumes: []string{"/data:/data"}, Wait: true, Labels: labels,
		Registries: `mirrors:
    docker.io:
        endpoint:
            - http://localhost:5002
            - https://second.example/v2
    quay.io:
        endpoint:
            - https://mirror.example
`,
	}

	spec := config.spec(flavor.Input{Name: "dev", Labels: labels})
	spec.Origin = "" // that of the state, not of the configuration

	if !reflect.DeepEqual(spec, want) {
		t.Errorf("is %+v, should be %+v", spec, want)
	}

	if err := spec.Check(); err != nil {
		t.Errorf("the backend says: %v", err)
	}

	// Nothing is not an empty registry, port or file.
	if spec := (k3dConfig{Ports: []k3dPort{}, Registries: map[string][]string{}}).spec(flavor.Input{Name: "dev"}); spec.Registry != nil ||
		spec.Registries != "" || len(spec.Ports) != 0 {
		t.Errorf("of nothing it is %+v", spec)
	}
}

func TestImage_ComesFromTheMirrorAndIsToldAsConfigured(t *testing.T) {
	t.Parallel()

	in := flavor.Input{Name: "dev", ImageRegistry: "mirror.example/hub"}

	for image, pulled := range map[string]string{
		charts.K3sImage: "mirror.example/hub/" + strings.TrimPrefix(charts.K3sImage, "docker.io/"), "k3s:mine": "k3s:mine",
	} {
		config := k3dConfig{Servers: 1, Image: image}
		if spec := config.spec(in); spec.Image != pulled {
			t.Errorf("%s is pulled as %s, should be as %s", image, spec.Image, pulled)
		}

		if seen := config.observe(in, k3d.Observed{Spec: k3d.Spec{Servers: 1, Image: pulled}}); seen.Image != image {
			t.Errorf("%s is told as %s", image, seen.Image)
		}
	}

	// The mirror was another one, or none, when the cluster was made.
	if seen := (k3dConfig{Servers: 1, Image: charts.K3sImage}).observe(in, k3d.Observed{Spec: k3d.Spec{Servers: 1, Image: charts.K3sImage}}); seen.Image != charts.K3sImage {
		t.Errorf("the image itself is told as %s", seen.Image)
	}
}

func TestCheckK3dName_RefusesWhatNodesCannotBeCalled(t *testing.T) {
	t.Parallel()

	for _, name := range []any{"dev-2", strings.Repeat("a", 32), zenml.Unknown{}, nil} {
		if problems := checkK3dName(flavor.Subject{Name: name}); len(problems) > 0 {
			t.Errorf("of %v it says %+v", name, problems)
		}
	}

	for name, says := range map[string]string{
		strings.Repeat("a", 33): "33 characters", "Dev": `"Dev"`, "-dev": `"-dev"`, "dev-": `"dev-"`, "my_dev": `"my_dev"`, "": `""`,
	} {
		problems := checkK3dName(flavor.Subject{Name: name})
		if len(problems) != 1 || problems[0].Beside != "name" || !strings.Contains(problems[0].Detail, says) {
			t.Errorf("of %q it says %+v", name, problems)
		}
	}
}
