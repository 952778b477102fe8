// Package browser looks at pages with a real Chromium, without a window: what it complains of, what it asks the network for,
// what it shows on which screen, and what it tells assistive technology.
package browser

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Variable names the environment variable that holds the browser's program; `make test` sets it.
const Variable = "MLSTACKS_TEST_CHROMIUM"

// Screenshots names the environment variable that holds a directory for screenshots. Not set: none are taken.
const Screenshots = "MLSTACKS_TEST_SCREENSHOTS"

// What bounds the life of a browser, and what is done with one page. Both are generous, for machines that do much else at the
// same time.
const (
	patience     = 20 * time.Minute
	pagePatience = 2 * time.Minute
)

// Browser is a Chromium that lasts as long as its test.
type Browser struct{ ctx context.Context }

// Start starts a browser. The test is skipped where Variable is not set.
func Start(t *testing.T) *Browser {
	t.Helper()

	program := os.Getenv(Variable)
	if program == "" {
		t.Skipf("SKIPPED: this test looks at a page, and %s does not name a headless Chromium; `make test` finds or installs one", Variable)
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.ModifyCmdFunc(ownGroup),
		chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox wants a user without rights
	}

	// The test's own context ends before the browser can be asked to.
	limited, stop := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	allocated, release := chromedp.NewExecAllocator(limited, options...)
	ctx, end := chromedp.NewContext(allocated)

	t.Cleanup(func() {
		leave(ctx)
		end()
		release() // kills what is left, and waits for it
		stop()
	})

	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}

	return &Browser{ctx: ctx}
}

// leave asks the browser to end, for a while.
func leave(ctx context.Context) {
	asked, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()

	_ = chromedp.Cancel(asked)
}
