package registration

import (
	"context"
	"fmt"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// farewell bounds what is tried at a server that a registration leaves: it may be gone.
const farewell = time.Minute

// apart says that two platforms have different addresses, so that they may be different servers.
func apart(a, b platform) bool {
	return a.uri != "" && b.uri != "" && zenserver.Address(a.uri) != zenserver.Address(b.uri)
}

// moved tells whether the platform has become another server than the one that the state is of. Then what was registered at
// the former one is removed, as far as that answers, and the work starts anew: ids are of no server but their own.
func (r *Resource) moved(ctx context.Context, state, plan model, w *work) (bool, error) {
	was, _ := readPlatform(ctx, state.Platform)
	is, _ := readPlatform(ctx, plan.Platform)

	if !apart(was, is) {
		return false, nil
	}

	if w.have.stack != "" {
		if _, err := w.client.Stack(ctx, w.have.stack); err == nil || !isGone(err) {
			return false, err // the same server at another address
		}
	}

	here, err := w.client.About(ctx)
	if err != nil {
		return false, err
	}

	parting, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()

	leaving, same := &work{have: w.have}, false

	_, err = r.do(parting, state.Platform, leaving, func(ctx context.Context) error {
		there, err := leaving.client.About(ctx)
		if same = err == nil && there.ID == here.ID; same || err != nil {
			return err
		}

		return leaving.removeAll(ctx)
	})

	switch {
	case same:
		return false, nil
	case err != nil && ctx.Err() != nil: // interrupted: the state keeps what is left
		return false, err
	}

	if err != nil {
		w.notices = append(w.notices, fmt.Sprintf("The platform is another server now, at %s, and the stack is registered there anew. What was registered at %s could "+
			"not be removed: %s. If that server lives on, remove the stack and its components there by hand.", is.uri, was.uri, err))
	}

	w.notices = append(w.notices, leaving.notices...)
	w.have, w.former = newOwned(), former{}

	return true, nil
}
