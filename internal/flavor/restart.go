package flavor

import "context"

// Restarter is a Driver of something that runs and can be started anew.
type Restarter interface {
	// Restart starts anew what runs of the object, and returns when it is ready again. tell is told of each step; it is
	// called by one goroutine. ErrNotFound says that nothing of it runs.
	Restart(ctx context.Context, in Input, id string, tell func(message string)) error
}

// Restarter is the flavor's driver, where what it makes can be started anew.
func (f Flavor) Restarter() (Restarter, bool) {
	holder, ok := f.operations.(interface{ restarter() (Restarter, bool) })
	if !ok {
		return nil, false
	}

	return holder.restarter()
}

func (t typed[C]) restarter() (Restarter, bool) {
	restarter, ok := t.driver.(Restarter)

	return restarter, ok
}
