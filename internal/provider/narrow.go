package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/custom"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

// narrowing answers validations and plans by a schema that has only the flavors, or the slots, that a request sets.
//
// A kind has many flavors and a resource sets one of them; a stack has many slots and fills a few. The framework walks
// the whole object once for each attribute of its schema, set or not, so that most of a large plan would be spent on
// attributes that are null. What is null in the configuration, in the state and in the proposal cannot matter to the
// answer; it is taken out of the request, and put back into the answer.
type narrowing struct {
	version string
	logins  *logins
	// full are the types of all resources.
	full func() map[string]tftypes.Object

	mu         sync.Mutex
	configured *tfprotov6.ConfigureProviderRequest
	variants   map[string]*variant
}

// variant is a server that knows one resource, with some of its attributes.
type variant struct {
	server       tfprotov6.ProviderServer
	full, narrow tftypes.Object
}

// fewer says how to make a resource with fewer of its optional parts: the parts, by name, and the attributes each has.
type fewer struct {
	parts map[string][]string
	make  func(kept []string) resource.Resource
}

// configure hands the provider block on to every variant, and to those that are made later.
func (n *narrowing) configure(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) error {
	n.mu.Lock()
	defer n.mu.Unlock()

	n.configured = req

	for _, v := range n.variants {
		if _, err := v.server.ConfigureProvider(ctx, req); err != nil {
			return fmt.Errorf("configure: %w", err)
		}
	}

	return nil
}

// variant finds the server for a request, and shrinks the request's values to what it knows. ok is false where nothing
// would be gained.
func (n *narrowing) variant(ctx context.Context, name string, values ...*tfprotov6.DynamicValue) (v *variant, shrunk []*tfprotov6.DynamicValue, ok bool) {
	part, known := reducible()[name]
	if !known {
		return nil, nil, false
	}

	full := n.full()[name]
	objects := make([]tftypes.Value, len(values))
	used := map[string]bool{}

	for i, value := range values {
		object, err := value.Unmarshal(full)
		if err != nil || !object.IsKnown() {
			return nil, nil, false // the framework words what is wrong with it
		}

		objects[i] = object

		for attribute, inner := range opened(object) {
			if !inner.IsNull() {
				used[attribute] = true
			}
		}
	}

	var kept []string

	for name, attributes := range part.parts {
		if slices.ContainsFunc(attributes, func(attribute string) bool { return used[attribute] }) {
			kept = append(kept, name)
		}
	}

	if len(kept) == 0 || len(kept) == len(part.parts) {
		return nil, nil, false // messages about a missing part list them all
	}

	slices.Sort(kept)

	if v, ok = n.made(ctx, name, kept, part, full); !ok {
		return nil, nil, false
	}

	for _, object := range objects {
		value, err := tfprotov6.NewDynamicValue(v.narrow, fit(object, v.narrow))
		if err != nil {
			return nil, nil, false
		}

		shrunk = append(shrunk, &value)
	}

	return v, shrunk, true
}

func (n *narrowing) made(ctx context.Context, name string, kept []string, part fewer, full tftypes.Object) (*variant, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()

	key := name + " " + strings.Join(kept, " ")
	if v, ok := n.variants[key]; ok {
		return v, true
	}

	narrow := tftypes.Object{AttributeTypes: maps.Clone(full.AttributeTypes)}

	for other, attributes := range part.parts {
		if !slices.Contains(kept, other) {
			for _, attribute := range attributes {
				delete(narrow.AttributeTypes, attribute)
			}
		}
	}

	one := func() provider.Provider {
		return &Provider{version: n.version, logins: n.logins, only: func() resource.Resource { return part.make(kept) }}
	}
	v := &variant{server: providerserver.NewProtocol6(one())(), full: full, narrow: narrow}

	if n.configured != nil {
		if _, err := v.server.ConfigureProvider(ctx, n.configured); err != nil {
			return nil, false
		}
	}

	n.variants[key] = v

	return v, true
}

// grow puts back what was taken out of an answer.
func (v *variant) grow(value *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	if value == nil {
		return nil, nil
	}

	object, err := value.Unmarshal(v.narrow)
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}

	grown, err := tfprotov6.NewDynamicValue(v.full, fit(object, v.full))
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}

	return &grown, nil
}

// fit makes an object of another type: attributes that type lacks are left out, those it has more are null.
func fit(object tftypes.Value, to tftypes.Object) tftypes.Value {
	if object.IsNull() {
		return tftypes.NewValue(to, nil)
	}

	attributes := opened(object)
	fitted := make(map[string]tftypes.Value, len(to.AttributeTypes))

	for name, kind := range to.AttributeTypes {
		fitted[name] = tftypes.NewValue(kind, nil)

		if value, ok := attributes[name]; ok {
			fitted[name] = value
		}
	}

	return tftypes.NewValue(to, fitted)
}

func opened(object tftypes.Value) map[string]tftypes.Value {
	attributes := map[string]tftypes.Value{}
	if object.IsNull() || object.As(&attributes) != nil {
		return nil
	}

	return attributes
}

// reducible are the resources with many optional parts: flavors of a component, slots of a stack.
var reducible = sync.OnceValue(func() map[string]fewer {
	kinds := catalog.Kinds()
	slots := fewer{parts: map[string][]string{}, make: func(kept []string) resource.Resource {
		return stack.New(slices.DeleteFunc(slices.Clone(kinds), func(k flavor.Kind) bool { return !slices.Contains(kept, k.Name) }), candidates)
	}}
	all := map[string]fewer{typeName + "_stack": slots}

	for _, kind := range kinds {
		slots.parts[kind.Name] = stack.Slots(kind)
		flavors := fewer{parts: map[string][]string{}, make: func(kept []string) resource.Resource {
			return component.New(without(kind, kept), custom.Door(kind))
		}}

		for _, f := range kind.Flavors {
			flavors.parts[f.Name] = []string{f.Name}
		}

		all[typeName+"_"+kind.Name] = flavors
	}

	return all
})

// candidates are what suggestions are computed from: all of the catalog, whatever a stack uses of it.
var candidates = sync.OnceValue(func() []compose.Candidate { return stack.Candidates(catalog.Kinds()) })

// without keeps some flavors of a kind.
func without(kind flavor.Kind, kept []string) flavor.Kind {
	kind.Flavors = slices.DeleteFunc(slices.Clone(kind.Flavors), func(f flavor.Flavor) bool { return !slices.Contains(kept, f.Name) })

	return kind
}
