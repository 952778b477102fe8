package kube

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// managedBy is which field manager wrote which fields, as the API server keeps it in metadata.managedFields.
type managedBy []managerFields

type managerFields struct {
	manager string
	fields  map[string]any
}

// managed reads the fields of everybody but us.
func managed(live metav1.Object) managedBy {
	var all managedBy

	for _, entry := range live.GetManagedFields() {
		if entry.FieldsV1 == nil || entry.Manager == Manager && entry.Operation == metav1.ManagedFieldsOperationApply {
			continue
		}

		var fields map[string]any
		if json.Unmarshal(entry.FieldsV1.GetRawBytes(), &fields) == nil {
			all = append(all, managerFields{entry.Manager, fields})
		}
	}

	return all
}

// who returns the managers that have set the field to which the steps lead.
func (m managedBy) who(steps []step) []string {
	var names []string

	for _, entry := range m {
		if owns(entry.fields, steps) && !slices.Contains(names, entry.manager) {
			names = append(names, entry.manager)
		}
	}

	return names
}

// owns follows the steps. A leaf on the way, such as a list that is one value to the server, owns all below.
func owns(fields map[string]any, steps []step) bool {
	for _, s := range steps {
		if len(fields) == 0 {
			return true
		}

		next, found := follow(fields, s)
		if !found {
			return false
		}

		fields = next
	}

	return true
}

func follow(fields map[string]any, s step) (map[string]any, bool) {
	if !s.isElement() {
		next, ok := fields["f:"+s.field].(map[string]any)

		return next, ok
	}

	for key, value := range fields {
		if names, ok := strings.CutPrefix(key, "k:"); ok && isNamed(s.element, names) {
			next, ok := value.(map[string]any)

			return next, ok
		}
	}

	return nil, false
}

// isNamed says that the element has the values by which the server tells it from its neighbors.
func isNamed(element any, names string) bool {
	fields, ok := element.(map[string]any)

	var want map[string]any
	if !ok || json.Unmarshal([]byte(names), &want) != nil {
		return false
	}

	for key, value := range want {
		if !equal(fields[key], value) {
			return false
		}
	}

	return true
}

// equal forgives that the one has whole numbers and the other has not.
func equal(a, b any) bool {
	return reflect.DeepEqual(a, b) || encoded(a) == encoded(b)
}
