package clustered

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Door is where a service listens, and how to find out whether it can be reached.
type Door struct {
	// Scheme is that of its address, such as http.
	Scheme string
	// Port is that of the service.
	Port int
	// Path answers a GET when the service can be reached. Empty: it is enough that the port is open.
	Path string
	// Empty says that nobody is behind it for now, so that nothing can answer: its address is found and not tried.
	Empty bool

	// routed says that somebody in between answers for hosts and paths that nobody is behind.
	routed bool
}

const (
	// patience is how long an address may take to become reachable after what is behind it is ready.
	patience = time.Minute
	// glance is how long a single try may take.
	glance = 3 * time.Second
)

// within is the address that pods use.
func (d Door) within(site Site) string {
	return fmt.Sprintf("%s://%s.%s.svc.cluster.local:%d", d.Scheme, site.Name, site.Namespace, d.Port)
}

// addresses finds the address that this machine reaches the service by. With reach one has to be reached; without, the
// likeliest is good enough, since who only looks may stand elsewhere than who applied.
func (d Door) addresses(ctx context.Context, site Site, expose Expose, reach bool) (map[string]string, error) {
	if expose.Type == "none" || expose.Type == "" {
		return map[string]string{}, nil
	}

	d.routed = expose.Type == "ingress"
	deadline := time.Now().Add(patience)

	for {
		candidates, outputs, err := d.candidates(ctx, site, expose)
		if err != nil {
			return nil, err
		}

		was := site.Input.Outputs["uri"]
		if at := slices.Index(candidates, was); at > 0 { // what was reached once stays, as long as it leads there
			candidates = append([]string{was}, slices.Delete(slices.Clone(candidates), at, at+1)...)
		}

		if at := d.firstReached(ctx, candidates); at >= 0 {
			outputs["uri"] = candidates[at]

			return outputs, nil
		}

		if !reach || d.Empty {
			if len(candidates) > 0 {
				outputs["uri"] = candidates[0]
			}

			return outputs, nil
		}

		if time.Now().After(deadline) || !pause(ctx) {
			return outputs, d.unreached(expose, candidates)
		}
	}
}

// firstReached tries all addresses at once, and returns the place of the best one that leads to the service; -1 for none.
func (d Door) firstReached(ctx context.Context, candidates []string) int {
	reached := make([]bool, len(candidates))

	var tries sync.WaitGroup
	for i, candidate := range candidates {
		tries.Go(func() { reached[i] = d.reached(ctx, candidate) })
	}

	tries.Wait()

	return slices.Index(reached, true)
}

func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Second):
		return true
	}
}

func (d Door) unreached(expose Expose, candidates []string) error {
	tried := "the cluster has given it no address"
	if len(candidates) > 0 {
		tried = "none of these answers: " + strings.Join(candidates, ", ")
	}

	return &flavor.AttributeError{
		Attribute: []string{"expose"},
		Err:       fmt.Errorf("the service runs and %w from here as %s: %s", flavor.ErrUnreachable, expose.Type, tried),
		Fix: "Open the way, set expose.host to a name or address that leads there, map the port of a k3d cluster with its ports, or expose it in " +
			"another way. With expose.type = \"none\" it is for pods only.",
	}
}

// candidates are the addresses the service may be reached by, the best first: one that pods reach too is better than one
// that only this machine knows.
func (d Door) candidates(ctx context.Context, site Site, expose Expose) (addresses []string, outputs map[string]string, err error) {
	outputs = map[string]string{}

	if expose.Type == "ingress" {
		return []string{d.ingress(expose)}, outputs, nil
	}

	service, err := site.Get(ctx, Object("v1", "Service", site.Namespace, site.Name, nil))
	if err != nil {
		return nil, nil, err
	}

	port := d.Port
	hosts := balancers(service)

	if expose.Type == "node_port" {
		if port = nodePort(service); port == 0 {
			return nil, outputs, nil
		}

		outputs["node_port"] = strconv.Itoa(port)

		if hosts, err = nodes(ctx, site); err != nil {
			return nil, nil, err
		}
	} else if expose.Port != 0 {
		port = int(expose.Port)
	}

	if expose.Host != "" {
		hosts = []string{expose.Host}
	}

	for _, host := range hosts {
		addresses = append(addresses, d.address(host, port))
	}

	local, err := cluster.LocalPort(ctx, site.Input.Cluster.Reference, port)
	if err == nil && local != 0 {
		outputs["local_uri"] = d.address("localhost", local)

		if expose.Host == "" {
			addresses = append(addresses, outputs["local_uri"])
		}
	}

	return addresses, outputs, nil
}

func (d Door) address(host string, port int) string {
	return (&url.URL{Scheme: d.Scheme, Host: net.JoinHostPort(host, strconv.Itoa(port))}).String()
}

func (d Door) ingress(expose Expose) string {
	address := url.URL{Scheme: "http", Host: expose.Host}
	if expose.TLS != "" {
		address.Scheme = "https"
	}

	if expose.Port != 0 {
		address.Host = net.JoinHostPort(expose.Host, strconv.FormatInt(expose.Port, 10))
	}

	return address.String()
}

func balancers(service *unstructured.Unstructured) []string {
	var hosts []string

	list, _, _ := unstructured.NestedSlice(service.Object, "status", "loadBalancer", "ingress")
	for _, one := range list {
		entry, _ := one.(map[string]any)
		for _, key := range []string{"hostname", "ip"} {
			if host, ok := entry[key].(string); ok && host != "" {
				hosts = append(hosts, host)
			}
		}
	}

	return hosts
}

func nodePort(service *unstructured.Unstructured) int {
	list, _, _ := unstructured.NestedSlice(service.Object, "spec", "ports")
	for _, one := range list {
		entry, _ := one.(map[string]any)
		if port, ok := entry["nodePort"].(int64); ok {
			return int(port)
		}
	}

	return 0
}

// nodes are the addresses of the nodes, those for outsiders first.
func nodes(ctx context.Context, site Site) ([]string, error) {
	list, err := site.List(ctx, Object("v1", "Node", "", "", nil))
	if err != nil {
		return nil, err
	}

	var hosts []string

	for _, kind := range []string{"ExternalIP", "InternalIP"} {
		for _, node := range list {
			addresses, _, _ := unstructured.NestedSlice(node.Object, "status", "addresses")
			for _, one := range addresses {
				if entry, _ := one.(map[string]any); entry["type"] == kind {
					if host, ok := entry["address"].(string); ok {
						hosts = append(hosts, host)
					}
				}
			}
		}
	}

	return hosts, nil
}

// reached says whether the service answers at an address.
func (d Door) reached(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()

	if d.Path == "" || d.Empty {
		to, err := url.Parse(address)
		if err != nil {
			return false
		}

		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", to.Host)
		if err != nil {
			return d.Empty && errors.Is(err, syscall.ECONNREFUSED) // by a cluster that has nobody to send to: the way is open
		}

		return connection.Close() == nil
	}

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+d.Path, http.NoBody)
	if err != nil {
		return false
	}

	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}

	defer resp.Body.Close() //nolint:errcheck // nothing is written

	if d.routed && resp.StatusCode == http.StatusNotFound {
		return false // the controller's own word for a host that it does not know
	}

	return resp.StatusCode < http.StatusInternalServerError
}
