package flavor

import (
	"context"
	"iter"
	"maps"
)

// Lister is a Driver that finds what components of its flavor have made, by the marks that say whose it is.
type Lister interface {
	// List finds them one by one, in no particular order, until the context ends. Nothing is changed. in has the kind, the
	// logins and, of a flavor that lives in a cluster, the cluster; it has no name. An error ends the list.
	List(ctx context.Context, in Input, scope Scope) iter.Seq2[Found, error]
}

// Scope says where to look, beside what Input says.
type Scope struct {
	// Directory is where to look for objects on this machine, with everything below; empty for objects elsewhere.
	Directory string
}

// Found is an object that a component has made.
type Found struct {
	// ID is what Read and imports know it by.
	ID string
	// Name is the component's.
	Name string
	// Region and Account are where it is in a cloud; empty where that does not matter, or the outputs do not tell it.
	Region, Account string
}

// Lister is the flavor's driver, where it finds what components have made.
func (f Flavor) Lister() (Lister, bool) {
	holder, ok := f.operations.(interface{ lister() (Lister, bool) })
	if !ok {
		return nil, false
	}

	return holder.lister()
}

func (t typed[C]) lister() (Lister, bool) {
	lister, ok := t.driver.(Lister)

	return lister, ok
}

// Regional is a Cloud with regions.
type Regional interface {
	// At is the same login in another region.
	At(region string) Cloud
}

// At are the logins with one of them in another region; an empty one changes nothing.
func (c Clouds) At(cloud, region string) Clouds {
	regional, ok := c[cloud].(Regional)
	if !ok || region == "" {
		return c
	}

	moved := maps.Clone(c)
	moved[cloud] = regional.At(region)

	return moved
}
