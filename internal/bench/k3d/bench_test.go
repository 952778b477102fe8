package main

import (
	"strings"
	"testing"
	"time"
)

func TestConfigurationHasEveryService(t *testing.T) {
	t.Parallel()

	configuration := clusterConfiguration("dev", "") + servicesConfiguration()

	for _, s := range services() {
		for _, want := range []string{
			`resource "mlstacks_` + s.kind + `" "bench"`, s.kind + " = mlstacks_" + s.kind + ".bench", s.flavor + " = {",
		} {
			if !strings.Contains(configuration, want) {
				t.Errorf("missing %q in\n%s", want, configuration)
			}
		}
	}

	if strings.Contains(configuration, "%!") {
		t.Errorf("an argument was not filled in:\n%s", configuration)
	}
}

func TestLibraryConfigUsesEveryPort(t *testing.T) {
	t.Parallel()

	ports, err := freePorts(3)
	if err != nil {
		t.Fatal(err)
	}

	full := libraryConfig("dev", ports)
	balancer := full.ServerLoadBalancer.Ports

	for port, want := range map[string]string{
		full.KubeAPI.Binding.HostPort:                                          ports[0],
		balancer["6443/tcp"][0].HostPort:                                       ports[0],
		balancer["30080/tcp"][0].HostPort:                                      ports[1],
		full.ClusterCreateOpts.Registries.Create.ExposureOpts.Binding.HostPort: ports[2],
	} {
		if port != want {
			t.Errorf("port %s, want %s", port, want)
		}
	}
}

func TestReportSaysWhichAimsAreMet(t *testing.T) {
	t.Parallel()

	of := func(others, mine float64) comparison {
		var c comparison

		c.add(other, time.Duration(others*float64(time.Second)))
		c.add(ours, time.Duration(mine*float64(time.Second)))

		return c
	}

	r := report{
		rounds: 1, plans: 1, clusters: clusterTimes{answering: of(20, 20.5), ready: of(20, 22), removed: of(2, 1)},
		services: of(60, 30), plan: []time.Duration{3 * time.Second}, preloaded: []string{"node:1"}, machine: "a machine", load: "1 before, 2 after",
	}

	var out strings.Builder

	r.print(&out)

	for _, want := range []string{
		"(20.50 to 20.50) | 1.02 × | +0.50 s | ≤ +1 s | met |",
		"(22.00 to 22.00) | 1.10 × | +2.00 s | ≤ +1 s | missed |",
		"(1.00 to 1.00) | 0.50 × | -1.00 s | ≤ +1 s | met |",
		"(30.00 to 30.00) | 0.50 × | -30.00 s | < 1.00 × | met |",
		"3.00 s (3.00 to 3.00) | | | ≤ 2 s | missed |",
		"In the engine beforehand: node:1.",
		"Load average: 1 before, 2 after. On: a machine.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}
}
