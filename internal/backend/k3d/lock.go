package k3d

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// connectAlone connects to the engine for a change of a cluster that nobody else changes meanwhile. done ends both.
func connectAlone(ctx context.Context, name string) (e *engine, done func(), err error) {
	if e, err = connect(ctx); err != nil {
		return nil, nil, err
	}

	unlock, err := lock(ctx, name)
	if err != nil {
		_ = e.Close()

		return nil, nil, err
	}

	return e, func() {
		unlock()

		_ = e.Close()
	}, nil
}

// lock lets one process at a time make, change or remove a cluster, so that a cluster in the making is not taken for one whose
// making was interrupted. A process that dies lets go.
func lock(ctx context.Context, name string) (unlock func(), err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = filepath.Join(os.TempDir(), fmt.Sprintf("mlstacks-%d", os.Getuid()))
	}

	dir := filepath.Join(cache, "mlstacks", "k3d")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make place for locks: %w", err)
	}

	file := flock.New(filepath.Join(dir, name+".lock"))
	if _, err := file.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return nil, fmt.Errorf("wait for another run that works on k3d cluster %q: %w", name, err)
	}

	return func() { _ = file.Unlock() }, nil
}
