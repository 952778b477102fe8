package zenserver

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a server says no with. An Error wraps one of them; errors of the way to it wrap backend.ErrUnreachable.
var (
	// ErrUnauthorized says that the server does not accept the credentials (401).
	ErrUnauthorized = errors.New("does not accept the credentials")
	// ErrNoCredentials says that there is nothing to log in with.
	ErrNoCredentials = errors.New("no API key")
	// ErrUndecided says, beside ErrNoCredentials, that what is missing is known when it is applied.
	ErrUndecided = errors.New("the provider block depends on something that is known after apply")
	// ErrForbidden says that whoever is logged in may not do this (403).
	ErrForbidden = errors.New("does not allow it")
	// ErrRefused says that the server allows nobody to do this as things are (403 as well), such as deleting what is in use.
	ErrRefused = errors.New("refuses")
	// ErrConflict says that the name is taken (409).
	ErrConflict = errors.New("the name is taken")
	// ErrInvalid says that the server does not take the content (400 and 422).
	ErrInvalid = errors.New("does not take the content")
	// ErrBusy says that the server asked to come back later, more often than was reasonable (429).
	ErrBusy = errors.New("is busy")
	// ErrBroken says that the server failed (5xx).
	ErrBroken = errors.New("failed")
	// ErrNotZenML says that what answers is no ZenML server.
	ErrNotZenML = errors.New("is no ZenML server")
)

// MayBeThere says of a POST that failed that its object may be there all the same: the name is taken, maybe by a request
// whose answer was lost; or the server failed, as it does when two requests at once want one name of its database.
func MayBeThere(err error) bool { return errors.Is(err, ErrConflict) || errors.Is(err, ErrBroken) }

// Error is the answer of a server that said no.
type Error struct {
	// Class is one of the sentinels of this package, or backend.ErrNotFound.
	Class error
	// Status is that of HTTP.
	Status int
	// Call is what was asked for, such as "POST components".
	Call string
	// Kind is ZenML's own class of the error, such as EntityExistsError; empty where it gave none.
	Kind string
	// Message is what the server said, without its stack trace.
	Message string
	// Fields are those that the server objects to (422), as dotted paths.
	Fields []string
	// RetryAfter is what the server asked to wait (429); zero where it did not say.
	RetryAfter time.Duration
}

// Error returns what was asked for, what the answer means, and what the server said.
func (e *Error) Error() string {
	var text strings.Builder

	fmt.Fprintf(&text, "%s: the server %s (%d)", e.Call, e.Class, e.Status)

	if len(e.Fields) > 0 {
		fmt.Fprintf(&text, " at %s", strings.Join(e.Fields, ", "))
	}

	if e.Message != "" {
		fmt.Fprintf(&text, ": %s", e.Message)
	}

	return text.String()
}

// Unwrap returns the class.
func (e *Error) Unwrap() error { return e.Class }

// VersionError says that a server is of another version than the one this package was written for.
type VersionError struct{ URL, Version, Wanted string }

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("the server at %s is ZenML %s, and this provider was made for %s", e.URL, e.Version, e.Wanted)
}
