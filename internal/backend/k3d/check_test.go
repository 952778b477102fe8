package k3d

import (
	"strings"
	"testing"

	"github.com/k3d-io/k3d/v5/pkg/types"
)

func TestCheck_RefusesWhatCannotBeMade(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		change func(*Spec)
		says   string
	}{
		"nothing":            {func(*Spec) {}, ""},
		"capitals":           {func(s *Spec) { s.Name = "Dev" }, `name "Dev"`},
		"a long name":        {func(s *Spec) { s.Name = strings.Repeat("a", 33) }, "33 characters"},
		"no server":          {func(s *Spec) { s.Servers = 0 }, "at least one server"},
		"a port twice":       {func(s *Spec) { s.Ports = []Port{{Host: 80, Node: 80}, {Host: 80, Node: 81}} }, "both 80/tcp"},
		"one for each":       {func(s *Spec) { s.Ports = []Port{{Host: 80, Node: 80}, {Host: 80, Node: 80, Protocol: "udp"}} }, ""},
		"picked twice":       {func(s *Spec) { s.Ports = []Port{{Node: 80}, {Node: 81}} }, ""},
		"the API port":       {func(s *Spec) { s.APIPort, s.Ports = 99, []Port{{Host: 99, Node: 80}} }, "the API port and the port"},
		"the API as a port":  {func(s *Spec) { s.Ports = []Port{{Host: 99, Node: 6443}} }, "Kubernetes API"},
		"another protocol":   {func(s *Spec) { s.Ports = []Port{{Host: 99, Node: 1, Protocol: "icmp"}} }, `"icmp"`},
		"no flag":            {func(s *Spec) { s.K3sArgs = []string{"disable"} }, "hyphen"},
		"a relative volume":  {func(s *Spec) { s.Volumes = []string{"/a:b"} }, "/a:b"},
		"a short volume":     {func(s *Spec) { s.Volumes = []string{"/a:k3s-storage@agent:*"} }, ""},
		"half a registries":  {func(s *Spec) { s.Registries = "mirrors: [" }, "read registries"},
		"mirrors as a list":  {func(s *Spec) { s.Registries = "mirrors: []" }, "not a map"},
		"registry passwords": {func(s *Spec) { s.Registries = "configs:\n  a.io:\n    auth: {password: x}" }, `"a.io"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			spec := Spec{Name: "dev", Servers: 1}
			test.change(&spec)

			err := spec.Check()
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("says %v, should contain %q", err, test.says)
			}
		})
	}
}

func TestBlueprint_GivesArgumentsAndVolumesToTheNodesTheyAreFor(t *testing.T) {
	t.Parallel()

	b, err := newBlueprint(Spec{
		Name: "dev", Servers: 1, Agents: 2,
		K3sArgs: []string{"--disable=traefik", "--node-label=a=b@agent:1", "--kubelet-arg=x=a@b@all"},
		Volumes: []string{"/one:/one:ro", "data:k3s-storage@agent:0-0"},
	}, siteOf("unix:///x"))
	if err != nil {
		t.Fatal(err)
	}

	for role, want := range map[types.Role][]string{
		types.ServerRole: {"--disable=traefik --kubelet-arg=x=a@b | /one:/one:ro"},
		types.AgentRole: {
			"--kubelet-arg=x=a@b | /one:/one:ro data:/var/lib/rancher/k3s/storage",
			"--node-label=a=b --kubelet-arg=x=a@b | /one:/one:ro",
		},
	} {
		for number, want := range want {
			node := b.node(role, number)
			if got := strings.Join(node.Args, " ") + " | " + strings.Join(node.Volumes[1:], " "); got != want {
				t.Errorf("%s has %q, should have %q", node.Name, got, want)
			}
		}
	}
}

func TestRegistriesFile_LeadsEveryNameOfTheRegistryToIt(t *testing.T) {
	t.Parallel()

	text, err := registriesFile(Spec{
		Name: "dev", Registry: &Registry{HostPort: 5050},
		Registries: "mirrors:\n  docker.io:\n    endpoint: [https://mirror.test]\nconfigs:\n  mirror.test:\n    tls: {insecure_skip_verify: true}\n",
	}, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}

	const want = `configs:
  mirror.test:
    tls:
      insecure_skip_verify: true
mirrors:
  127.0.0.1:5050:
    endpoint:
    - http://k3d-dev-registry:5000
  docker.io:
    endpoint:
    - https://mirror.test
  k3d-dev-registry:5000:
    endpoint:
    - http://k3d-dev-registry:5000
  k3d-dev-registry:5050:
    endpoint:
    - http://k3d-dev-registry:5000
  localhost:5050:
    endpoint:
    - http://k3d-dev-registry:5000
`
	if text != want {
		t.Errorf("is\n%s\nshould be\n%s", text, want)
	}

	if text, err := registriesFile(Spec{Name: "dev"}, "127.0.0.1"); text != "" || err != nil {
		t.Errorf("without a registry there is %q, %v", text, err)
	}
}

func TestRedact_HidesTokens(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"env [K3S_TOKEN=hush K3S_URL=x]", "map[k3d.cluster.token:hush x]", "k3s agent --token hush", "-t hush", "--token=hush",
	} {
		if got := redact(text); strings.Contains(got, "hush") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestGuard_MakesErrorsOfPanics(t *testing.T) {
	t.Parallel()

	err := guard(func() error { panic("K3S_TOKEN=hush") })
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("says %v", err)
	}
}

func TestSiteOf_TellsLocalEnginesFromRemoteOnes(t *testing.T) {
	t.Parallel()

	for daemon, want := range map[string]string{
		"unix:///var/run/docker.sock":    "127.0.0.1",
		"npipe:////./pipe/docker_engine": "127.0.0.1",
		"tcp://localhost:2375":           "127.0.0.1",
		"tcp://box:2376":                 "box",
		"ssh://me@box.test":              "box.test",
	} {
		if got := siteOf(daemon); got.host != want || got.local != (want == "127.0.0.1") {
			t.Errorf("%s is %+v", daemon, got)
		}
	}
}
