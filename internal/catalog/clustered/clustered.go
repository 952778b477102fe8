// Package clustered is what flavors that live in a Kubernetes cluster have in common: how they get in, what belongs to
// them, how they are reached, and two drivers: for a Helm release, and for plain objects.
package clustered

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Site is where a component lives, opened for one operation.
type Site struct {
	*kube.Cluster

	// Input is what the engine says of the component.
	Input flavor.Input
	// Owner marks what belongs to the component.
	Owner backend.Owner
	// Namespace and Name are those of the component's objects.
	Namespace, Name string
	// Incarnation is that of the cluster.
	Incarnation string
	// Adopt says that a release may be taken over that belongs to somebody else.
	Adopt bool
	// Credentials are the contents of the component's Secret, where it has one.
	Credentials map[string]string
}

// counted says that the component is still counted as a user of its namespace: it was not removed to the end.
func (s Site) counted(ctx context.Context) bool {
	live, err := s.Get(ctx, Object("v1", "Namespace", "", s.Namespace, nil))

	return err == nil && slices.Contains(kube.Users(live), user(s))
}

// ID identifies the component in its cluster.
func (s Site) ID() string { return s.Namespace + "/" + s.Name }

// ErrReplaced says that the cluster is another than the one that the component was made in.
var ErrReplaced = errors.New("was replaced")

// enter opens the cluster of a component and makes sure that it is the one the component was made in.
func enter(ctx context.Context, in flavor.Input, flavorName string) (Site, error) {
	site := Site{Input: in, Owner: backend.Owner{Kind: in.Kind, Flavor: flavorName, Name: in.Name, Incarnation: in.Incarnation, Labels: in.Labels}}

	if in.Cluster == nil {
		return site, errors.New("the component has no cluster")
	}

	opened, err := cluster.Open(ctx, cluster.LoginsOf(in.Clouds), in.Cluster.Reference)
	if err != nil {
		return site, fmt.Errorf("open cluster %q: %w", in.Cluster.Name, err)
	}

	site.Cluster = opened

	incarnation, err := opened.Incarnation(ctx)
	if err != nil {
		return site, fmt.Errorf("open cluster %q: %w", in.Cluster.Name, err)
	}

	site.Incarnation = incarnation

	if known := in.Cluster.Incarnation; known != "" && known != incarnation {
		return site, fmt.Errorf("cluster %q %w since the component was made", in.Cluster.Name, ErrReplaced)
	}

	return site, nil
}

// enterToDelete is enter for a removal, which needs the cluster awake. gone says that there is nothing left to remove.
func enterToDelete(ctx context.Context, in flavor.Input, flavorName string) (site Site, gone bool, err error) {
	site, err = enter(ctx, in, flavorName)

	if errors.Is(err, backend.ErrStopped) {
		if err = cluster.Wake(ctx, in.Cluster.Reference); err == nil {
			site, err = enter(ctx, in, flavorName)
		}
	}

	// A cluster on this machine or in EKS goes by its name. A way in from a file may lead somewhere else today, and what lives
	// in the cluster that it led to is not gone because of that.
	if errors.Is(err, ErrReplaced) && in.Cluster.Reference["type"] != cluster.TypeKubeconfig || errors.Is(err, backend.ErrNotFound) {
		return site, true, nil // it went with its cluster
	}

	return site, false, err
}

// asleep turns the errors of enter into those of a read: a cluster that is stopped or was replaced tells nothing.
func asleep(err error) error {
	if errors.Is(err, backend.ErrStopped) || errors.Is(err, ErrReplaced) {
		return flavor.Because(flavor.ErrAsleep, err)
	}

	return Worded(err)
}

// Worded turns the errors of backends into those that the engine knows. attribute, where given, is at fault.
func Worded(err error, attribute ...string) error {
	for _, class := range []struct{ ours, theirs error }{ // in this order, where an error is of several
		{backend.ErrUnreachable, flavor.ErrUnreachable},
		{backend.ErrHoldsData, flavor.ErrHoldsData},
		{backend.ErrForeign, flavor.ErrNotOurs},
		{backend.ErrNotFound, flavor.ErrNotFound},
	} {
		if errors.Is(err, class.ours) {
			err = flavor.Because(class.theirs, err)

			break
		}
	}

	if err == nil || len(attribute) == 0 {
		return err
	}

	return &flavor.AttributeError{Attribute: attribute, Err: err}
}
