//go:build unix

package browser

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The subtest runs alone: what it leaves is looked at when it has ended.
//
//nolint:tparallel // see above
func TestStart_LeavesNoProcess(t *testing.T) {
	t.Parallel()

	var group int

	t.Run("a test", func(t *testing.T) {
		b := Start(t)
		b.Show(t, "<!DOCTYPE html><title>x</title>", Screen{Width: 300, Height: 300})
		group = chromedp.FromContext(b.ctx).Browser.Process().Pid
	})

	if group == 0 {
		t.SkipNow() // the subtest says why
	}

	for range 100 {
		if errors.Is(syscall.Kill(-group, 0), syscall.ESRCH) {
			return
		}

		time.Sleep(100 * time.Millisecond)
	}

	t.Errorf("processes of the group %d are left", group)
}
