package kube

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// FieldConflict is a field that another field manager has set to another value.
type FieldConflict struct {
	// Field is the path, for example spec.replicas.
	Field string
	// Manager is the other's name, for example kubectl-edit.
	Manager string
}

// ConflictError says which fields of an object of ours belong to other field managers.
type ConflictError struct {
	// Object names the object with its namespace.
	Object string
	// Fields are those in conflict.
	Fields []FieldConflict
}

// Error names the object, each field and its manager.
func (e *ConflictError) Error() string {
	parts := make([]string, len(e.Fields))
	for i, field := range e.Fields {
		parts[i] = fmt.Sprintf("%s was set by field manager %q", field.Field, field.Manager)
	}

	return e.Object + ": " + strings.Join(parts, ", ")
}

var conflictManager = regexp.MustCompile(`^conflict with "((?:[^"\\]|\\.)*)"`)

func conflictIn(object *unstructured.Unstructured, err error) error {
	var answer apierrors.APIStatus
	if !errors.As(err, &answer) || answer.Status().Details == nil {
		return nil
	}

	conflict := &ConflictError{Object: where(object)}

	for _, cause := range answer.Status().Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}

		manager := cause.Message
		if match := conflictManager.FindStringSubmatch(cause.Message); match != nil {
			manager = match[1]
		}

		conflict.Fields = append(conflict.Fields, FieldConflict{
			Field: strings.TrimPrefix(cause.Field, "."), Manager: manager,
		})
	}

	if len(conflict.Fields) == 0 {
		return nil
	}

	return conflict
}
