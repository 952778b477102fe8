package k3d

import (
	"strings"
	"testing"
)

// Volumes lists the volumes of the containers that belong to clusters whose name begins with prefix. The anonymous ones
// among them have no name that says whose they are: a test asks before it removes a cluster, and gives them to Leftovers.
func Volumes(tb testing.TB, prefix string) []string {
	tb.Helper()

	var volumes []string

	for _, id := range list(tb, "ps", "--all", "--quiet", "--filter", "name=^/k3d-"+prefix) {
		volumes = append(volumes, list(tb, "inspect", "--format",
			`{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}`, id)...)
	}

	return volumes
}

// Leftovers lists the containers, networks and volumes that there are of clusters whose name begins with prefix, and those
// of the volumes that there still are.
func Leftovers(tb testing.TB, prefix string, volumes ...string) []string {
	tb.Helper()

	var left []string

	add := func(what string, names []string) {
		for _, name := range names {
			left = append(left, what+" "+name)
		}
	}

	add("container", list(tb, "ps", "--all", "--format", "{{.Names}}", "--filter", "name=^/k3d-"+prefix))
	add("network", list(tb, "network", "ls", "--format", "{{.Name}}", "--filter", "name=^k3d-"+prefix))
	add("volume", list(tb, "volume", "ls", "--quiet", "--filter", "name=^k3d-"+prefix))

	for _, name := range volumes {
		if _, err := docker(tb.Context(), "volume", "inspect", name); err == nil {
			add("volume", []string{name})
		}
	}

	return left
}

// list runs the Docker client and returns the lines it prints.
func list(tb testing.TB, arguments ...string) []string {
	tb.Helper()

	output, err := docker(tb.Context(), arguments...)
	if err != nil {
		tb.Fatalf("docker %s: %v: %s", strings.Join(arguments, " "), err, output)
	}

	return strings.Fields(output)
}
