package flavor

import (
	"context"
	"errors"
)

// Driver makes one flavor real. C is the flavor's configuration as plain Go: one field per attribute, named by a
// tfsdk tag, pointers where null is a value of its own. It never holds an unknown.
type Driver[C any] interface {
	// Create makes the object. A Result with an ID is saved even beside an error, so that nothing made is lost.
	Create(ctx context.Context, in Input, cfg C) (Result, error)
	// Read observes the object and returns its configuration as it is now; ErrNotFound when it is gone, or has come to
	// belong to another component or to a later incarnation of this one. After an import cfg is empty and everything
	// has to come from id.
	Read(ctx context.Context, in Input, id string, cfg C) (C, Result, error)
	// Update brings the object from old to cfg in place. A Result without an ID keeps the old one; beside an error it
	// keeps the old state, so that the next apply starts from there.
	Update(ctx context.Context, in Input, id string, old, cfg C) (Result, error)
	// Delete removes the object; it returns nil when it is already gone, or has come to belong to another component or
	// to a later incarnation of this one, which keep it.
	Delete(ctx context.Context, in Input, id string, cfg C) error
}

// Locator is a Driver that can name the object a configuration describes before it exists. The engine needs it to
// record what exists already (managed = false).
type Locator[C any] interface {
	Locate(in Input, cfg C) (id string, err error)
}

// Preflighter is a Driver that can tell at plan that Create would fail. It changes nothing.
type Preflighter[C any] interface {
	Preflight(ctx context.Context, in Input, cfg C) error
}

// Input is what a driver is told beside the configuration.
type Input struct {
	// Kind is the component's type, for example "artifact_store".
	Kind string
	// Name is the component's name.
	Name string
	// Labels are the component's labels with the provider's default_labels under them.
	Labels map[string]string
	// FormerLabels are those that the state records, in an update.
	FormerLabels map[string]string
	// Was is the name that the state records: an object belongs to it until Update hands it to Name. Empty: not known.
	Was string
	// Incarnation is what Create returned as the object's incarnation; empty where the state records none. It decides
	// whether an object that records one too is the component's: a name can be given twice, an incarnation cannot.
	Incarnation string
	// Managed is false for an object that somebody else made: it is read, never changed or deleted.
	Managed bool
	// Cluster is where the object lives; nil for flavors that live in none.
	Cluster *Cluster
	// Clouds are the logins of the provider block.
	Clouds Clouds
	// ImageRegistry stands before the default images of what runs in clusters; empty where they come from where they
	// are published.
	ImageRegistry string
	// ImageRegistryUnknown says that only apply can tell it.
	ImageRegistryUnknown bool
	// Outputs are those that the state holds; nil where there are none yet.
	Outputs map[string]string
}

// Cluster is a reference to a Kubernetes cluster. It holds no credentials.
type Cluster struct {
	// Name is what the configuration calls the cluster.
	Name string
	// Reference says how to get at it; its key "type" says by which means.
	Reference map[string]string
	// Incarnation is that of the cluster the object was made in; empty where it is not known.
	Incarnation string
}

// Result is what a driver has to say about an object it made or observed.
type Result struct {
	// ID identifies the object to Read, Update, Delete and import; unique within its flavor.
	ID string
	// Name is the component's name as the object itself records it, for imports; empty when it records none.
	Name string
	// Incarnation tells this making of the object from another of the same name, so that deleting the one that was
	// replaced never hits the one that replaced it. It is kept beside the state; empty keeps what is there.
	Incarnation string
	// Outputs are facts only the object can tell.
	Outputs map[string]string
	// Drift says, a line each, what of the object differs from what was made and shows in no attribute. It is shown in
	// the plan, and Update is called to repair it.
	Drift []string
	// Notices are what the user should know of an operation that succeeded, each a full sentence.
	Notices []string
	// Afresh says that what was found is not whole, and that Update makes it anew: its incarnation ends.
	Afresh bool
	// Cluster is the incarnation of the cluster that the object was found in; the engine asks for it after an import.
	Cluster string
	// Version is that of Kubernetes, of a cluster that components live in; empty keeps what is there.
	Version string
}

// Errors that drivers return and diagnose words. Wrap them with %w.
var (
	// ErrNotFound says that the object is gone, as its owner says; never that it could not be asked.
	ErrNotFound = errors.New("does not exist")
	// ErrNotOurs says that an object of that name is there, but this component does not own it.
	ErrNotOurs = errors.New("exists and belongs to somebody else")
	// ErrHoldsData says that deleting would lose data without force_destroy.
	ErrHoldsData = errors.New("holds data")
	// ErrUnreachable says that the owner of the object could not be asked.
	ErrUnreachable = errors.New("cannot be reached")
	// ErrAsleep says that what the object lives in is stopped or has been replaced. What the state says is kept, and the
	// plan for the place decides what becomes of it.
	ErrAsleep = errors.New("cannot be looked at now")
)

// AttributeError is an error that knows which attribute is at fault and what the user can do.
type AttributeError struct {
	// Attribute leads from the flavor's attribute to the value at fault.
	Attribute []string
	// Err is the cause; it often wraps one of the sentinels.
	Err error
	// Fix says what to do next, in a full sentence.
	Fix string
}

// Error returns the cause's text.
func (f *AttributeError) Error() string { return f.Err.Error() }

// Unwrap returns the cause.
func (f *AttributeError) Unwrap() error { return f.Err }

// Because classifies an error of the outside world as one of the sentinels without changing its text.
func Because(class, err error) error { return &classified{class: class, err: err} }

type classified struct{ class, err error }

// Error returns the text of the outside world's error.
func (c *classified) Error() string { return c.err.Error() }

// Unwrap returns the class and the error.
func (c *classified) Unwrap() []error { return []error{c.class, c.err} }
