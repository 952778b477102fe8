package k3d

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

func TestPorts_SayWhoHasOne(t *testing.T) {
	t.Parallel()

	var config net.ListenConfig

	socket, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	defer func() { _ = socket.Close() }()

	taken := socket.Addr().(*net.TCPAddr).Port //nolint:errcheck,forcetypeassert // a TCP listener has a TCP address
	of := owner(container.Summary{Names: []string{"/k3d-other-serverlb"}, Labels: map[string]string{types.LabelClusterName: "other"}})
	p := &ports{site: site{local: true}, owners: map[string]string{"81/tcp": of}}

	if err := p.check(t.Context(), taken, "tcp", "it"); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("of a port in use it says %v", err)
	}

	err = p.check(t.Context(), 81, "tcp", "the API port")
	if err == nil || !strings.Contains(err.Error(), `the API port: port 81/tcp is in use by container k3d-other-serverlb of the k3d cluster "other"`) {
		t.Errorf("of a port of another cluster it says %v", err)
	}

	if err := p.check(t.Context(), 81, "udp", "it"); err != nil {
		t.Errorf("the other protocol is taken as well: %v", err)
	}
}

func TestPorts_PickEachPortOnce(t *testing.T) {
	t.Parallel()

	picked := map[int]bool{}

	for range 20 {
		p := &ports{}
		t.Cleanup(p.done)

		port, err := p.choose(t.Context(), 0, "tcp", "it")
		if err != nil || picked[port] || port < firstPick || port > lastPick {
			t.Fatalf("picked %d, %v after %v", port, err, picked)
		}

		picked[port] = true
	}
}

func TestPorts_KeepWhatWasPicked(t *testing.T) {
	t.Parallel()

	p := &ports{}
	t.Cleanup(p.done)

	has := Spec{
		APIPort: 6000, Registry: &Registry{HostPort: 5050},
		Ports: []Port{{Host: 8080, Node: 80, Protocol: "tcp"}, {Host: 25000, Node: 80, Protocol: "tcp"}, {Host: 25001, Node: 53, Protocol: "udp"}},
	}

	got, err := p.fill(t.Context(), Spec{
		Registry: &Registry{},
		Ports:    []Port{{Node: 80}, {Host: 8080, Node: 80}, {Node: 53, Protocol: "UDP"}, {Node: 443}},
	}, has)
	if err != nil {
		t.Fatal(err)
	}

	want := []Port{{25000, 80, "tcp"}, {8080, 80, "tcp"}, {25001, 53, "udp"}}
	if got.APIPort != 6000 || got.Registry.HostPort != 5050 || !slices.Equal(got.Ports[:3], want) || got.Ports[3].Host == 0 {
		t.Errorf("got %+v", got)
	}
}

func TestKeepPicked_TakesEveryPortOnce(t *testing.T) {
	t.Parallel()

	ports := []Port{{Node: 80}, {Host: 8080, Node: 80}, {Node: 80}, {Node: 81}}
	keepPicked(ports, []Port{{8080, 80, "tcp"}, {9000, 80, "tcp"}, {9001, 81, "udp"}})

	if want := []Port{{9000, 80, ""}, {8080, 80, ""}, {0, 80, ""}, {0, 81, ""}}; !slices.Equal(ports, want) {
		t.Errorf("got %v", ports)
	}
}

func TestAlign_FollowsTheOtherList(t *testing.T) {
	t.Parallel()

	seen := []Port{{25000, 80, "tcp"}, {8080, 80, "tcp"}, {9000, 81, "udp"}, {9001, 90, "tcp"}}
	want := []Port{{9000, 81, "udp"}, {8080, 80, "tcp"}, {25000, 80, "tcp"}, {9001, 90, "tcp"}}

	if got := Align(seen, []Port{{0, 81, "udp"}, {8080, 80, ""}, {0, 443, "tcp"}, {0, 80, "tcp"}}); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
