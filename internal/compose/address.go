package compose

import (
	"net"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// address is one network address in a component's configuration.
type address struct {
	path []string
	text string
	host string
}

// addressesOf lists the addresses that were given to a component; defaults are not among them, because they are
// ZenML's guess and not the user's word. The second result says whether some are not known yet.
func addressesOf(c *Component) (found []address, open bool) {
	if c.Unknown {
		return nil, true
	}
	visit := func(path []string, v any) {
		if host := hostOf(text(v)); host != "" && !zenml.IsSecretReference(v) {
			found = append(found, address{path: path, text: text(v), host: host})
		}
		open = open || zenml.HoldsUnknown(v) || zenml.IsSecretReference(v)
	}
	for _, name := range sorted(c.Config) {
		switch v := c.Config[name].(type) {
		case map[string]any:
			for _, key := range sorted(v) {
				if isAddressName(key) {
					visit([]string{name, key}, v[key])
				}
			}
		default:
			if isAddressName(name) {
				visit([]string{name}, v)
			}
		}
	}
	if len(found) == 0 {
		visit(nil, c.URI)
	}
	return found, open
}

func isAddressName(name string) bool {
	return slices.ContainsFunc([]string{"uri", "url", "host", "hostname", "endpoint"}, func(part string) bool {
		return name == part || strings.HasSuffix(name, "_"+part)
	})
}

// hostOf gives the host of a URL or of host:port/path, without port and user, in lower case.
func hostOf(uri string) string {
	rest := trimScheme(uri)
	rest, _, _ = strings.Cut(rest, "/")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = rest[at+1:]
	}
	if host, _, err := net.SplitHostPort(rest); err == nil {
		rest = host
	}
	return strings.ToLower(strings.Trim(rest, "[]"))
}

// onlyHere tells whether a host name means this machine, whoever resolves it.
func onlyHere(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsUnspecified()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal"
}

// inCluster tells whether a host name resolves within one Kubernetes cluster only.
func inCluster(host string) bool {
	return strings.HasSuffix(host, ".svc.cluster.local") || strings.HasSuffix(host, ".svc")
}
