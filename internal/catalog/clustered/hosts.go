package clustered

import (
	"context"
	"net"
	"slices"
)

// Hosts are the names and public addresses under which clients may ask for a service, as far as they do not follow from
// its name and are not private addresses. A star says that nobody can tell before the cluster has given it one.
func Hosts(ctx context.Context, site Site, expose Expose) ([]string, error) {
	switch {
	case expose.Host != "":
		return []string{expose.Host}, nil
	case expose.Type == "load_balancer":
		return []string{"*"}, nil
	case expose.Type != "node_port":
		return nil, nil
	}

	all, err := nodes(ctx, site)
	if err != nil {
		return nil, err
	}

	public := slices.DeleteFunc(all, func(host string) bool {
		ip := net.ParseIP(host)

		return ip != nil && ip.IsPrivate()
	})

	slices.Sort(public)

	return slices.Compact(public), nil
}

// Inside is the door as it is found within the cluster: the port of a load balancer is that of the service itself.
func (d Door) Inside(expose Expose) Door {
	if expose.Type == "load_balancer" && expose.Port != 0 {
		d.Port = int(expose.Port)
	}

	return d
}
