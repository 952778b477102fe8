package zenml

import "fmt"

// StackComponent is one component as an exported stack lists it.
type StackComponent struct {
	// Type, Name and Flavor are ZenML's own, such as artifact_store, main and s3.
	Type, Name, Flavor string
	// Configuration holds the fields that were set, typed as the flavor's facts have them, since ZenML stores them so;
	// nil is the empty one.
	Configuration map[string]any
}

// ExportStack returns the text that `zenml stack export` of Version writes for a stack of these components, which
// `zenml stack import` of the same Version takes back: a list for each type, keys sorted, no time and nothing random.
//
// Components of one type keep their order, as ZenML keeps it and takes the first for the default. The slice may be
// given in any order otherwise, and is not changed. An error names the component whose configuration cannot be
// written; see MarshalYAML.
func ExportStack(name string, components []StackComponent) ([]byte, error) {
	byType := make(map[string]any)
	for _, c := range components {
		entry := map[string]any{
			"configuration": c.Configuration,
			"flavor":        c.Flavor,
			"name":          c.Name,
			"type":          c.Type,
		}
		if _, err := MarshalYAML(entry); err != nil {
			return nil, fmt.Errorf("export %s %q: %w", c.Type, c.Name, err)
		}
		entries, _ := byType[c.Type].([]any)
		byType[c.Type] = append(entries, entry)
	}
	text, err := MarshalYAML(map[string]any{
		"components":    byType,
		"stack_name":    name,
		"zenml_version": Version,
	})
	if err != nil {
		return nil, fmt.Errorf("export stack %q: %w", name, err)
	}
	return text, nil
}
