// Package backend is what every part of the outside world has in common: to whom an object belongs, and the ways in
// which the world says no.
package backend

import "errors"

// Errors that backends wrap with %w.
var (
	// ErrNotFound says that an object is gone, as its owner says; never that the owner could not be asked.
	ErrNotFound = errors.New("does not exist")
	// ErrForeign says that an object of that name is there and belongs to somebody else.
	ErrForeign = errors.New("exists and belongs to somebody else")
	// ErrUnreachable says that the owner of an object could not be asked.
	ErrUnreachable = errors.New("cannot be reached")
	// ErrStopped says that a cluster exists and does not run.
	ErrStopped = errors.New("is stopped")
	// ErrHoldsData says that deleting would lose data.
	ErrHoldsData = errors.New("holds data")
)

// Owner is the component an object belongs to.
type Owner struct {
	// Kind, Flavor and Name are those of the component, for example artifact_store, minio and artifacts.
	Kind, Flavor, Name string
	// Incarnation tells this making of the component from another of the same name; empty where it is not known.
	Incarnation string
	// Labels are the user's own.
	Labels map[string]string
}
