package stack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// slotAttributes are what a slot takes of a component.
var slotAttributes = sync.OnceValue(slot.Attributes)

// attributes lists the attributes of mlstacks_stack.
func (r *Resource) attributes() []string {
	var described resource.SchemaResponse

	r.Schema(context.Background(), resource.SchemaRequest{}, &described)

	return slices.Sorted(maps.Keys(described.Schema.Attributes))
}

// isComponent tells a component from an object of components.
func isComponent(object map[string]any) bool {
	_, typed := object["type"].(string)
	_, flavored := object["flavor"].(string)

	return typed && flavored
}

// loosened narrows a component to what a slot takes of it, as Terraform does where a schema says so: other attributes are
// dropped, optional ones that are absent are null, and numbers and truth values become texts.
func loosened(place string, component map[string]any) (map[string]any, error) {
	return loosenedObject(place, component, slotAttributes())
}

func loosenedObject(place string, object map[string]any, attributes map[string]schema.Attribute) (map[string]any, error) {
	narrowed := make(map[string]any, len(attributes))

	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value, given := object[name]
		if !given && attributes[name].IsRequired() {
			return nil, diagnose.NoComponent(place, "this has no "+name)
		}

		fitting, err := loosenedValue(place, name, value, attributes[name])
		if err != nil {
			return nil, err
		}

		narrowed[name] = fitting
	}

	return narrowed, nil
}

func loosenedValue(place, name string, value any, attribute schema.Attribute) (any, error) {
	if value == nil || zenml.IsUnknown(value) {
		return value, nil
	}

	switch attribute := attribute.(type) {
	case schema.SingleNestedAttribute:
		if object, ok := value.(map[string]any); ok {
			return loosenedObject(place+"."+name, object, attribute.Attributes)
		}

		return nil, diagnose.NoComponent(place, name+" is no object")
	case schema.MapAttribute:
		object, ok := value.(map[string]any)
		if !ok {
			return nil, diagnose.NoComponent(place, name+" is no map")
		}

		texts := make(map[string]any, len(object))

		for _, key := range slices.Sorted(maps.Keys(object)) {
			var err error
			if texts[key], err = loosenedText(place, name+"."+key, object[key]); err != nil {
				return nil, err
			}
		}

		return texts, nil
	case schema.ListAttribute:
		list, ok := value.([]any)
		if !ok {
			return nil, diagnose.NoComponent(place, name+" is no list")
		}

		texts := make([]any, len(list))

		for i, one := range list {
			var err error
			if texts[i], err = loosenedText(place, fmt.Sprintf("%s[%d]", name, i), one); err != nil {
				return nil, err
			}
		}

		return texts, nil
	default:
		return loosenedText(place, name, value)
	}
}

func loosenedText(place, name string, value any) (any, error) {
	switch value.(type) {
	case nil, string, zenml.Unknown:
		return value, nil
	case []any, map[string]any:
		return nil, diagnose.NoComponent(place, name+" is no text; what is nested in ZenML's configuration is written as JSON")
	}

	text, _ := flavor.Text(value)

	return text, nil
}
