package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// propagation is how long a new role may take until every service sees it.
const propagation = 2 * time.Minute

// Settled repeats a call for as long as it fails because something that was just made is not visible everywhere yet, which
// soon judges, and no longer than such things take. A pause grows from half a second to eight.
func Settled(ctx context.Context, soon func(error) bool, call func() error) error {
	var (
		deadline = time.Now().Add(propagation)
		pause    = 500 * time.Millisecond
	)

	for {
		err := call()
		if err == nil || !soon(err) || time.Now().After(deadline) {
			return err
		}

		if !Sleep(ctx, pause) {
			return fmt.Errorf("%w while waiting: %w", ctx.Err(), err)
		}

		pause = min(2*pause, 8*time.Second)
	}
}

// Until polls until done says so, or fails. A pause grows from first to most.
func Until(ctx context.Context, first, most time.Duration, done func() (bool, error)) error {
	for pause := first; ; pause = min(pause*3/2, most) {
		ok, err := done()
		if ok || err != nil {
			return err
		}

		if !Sleep(ctx, pause) {
			return ctx.Err()
		}
	}
}

// Sleep waits; false says that the context ended first.
func Sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func sorted[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
