package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Screen is what a page is shown on.
type Screen struct {
	// Width and Height are in pixels of CSS.
	Width, Height int64
	// Dark says that the user prefers a dark color scheme; Print shows the page as it is printed.
	Dark, Print bool
}

// Page is a page that is shown.
type Page struct {
	ctx context.Context

	mu     sync.Mutex
	faults []string
}

// Show serves a page on this machine and opens it. Whatever else the browser asks the server for is a fault.
func (b *Browser) Show(t *testing.T, html string, screen Screen) *Page {
	t.Helper()

	p := &Page{}

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/page.html" {
			p.fault("asked the server for %s", r.URL.Path)
			http.NotFound(w, r)

			return
		}

		w.Header().Set("Content-Type", "text/html") // as the page says itself, and not what a server says for it
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)

	p.open(t, b, server.URL+"/page.html", screen)

	return p
}

// ShowFile opens a page that is in a file, as a user does who got one.
func (b *Browser) ShowFile(t *testing.T, path string, screen Screen) *Page {
	t.Helper()

	p := &Page{}
	p.open(t, b, "file://"+path, screen)

	return p
}

func (p *Page) open(t *testing.T, b *Browser, address string, screen Screen) {
	t.Helper()

	limited, stop := context.WithTimeout(b.ctx, pagePatience)
	ctx, end := chromedp.NewContext(limited)

	t.Cleanup(func() {
		end()
		stop()
	})

	p.ctx = ctx
	p.listen(address)

	scheme, medium := "light", ""
	if screen.Dark {
		scheme = "dark"
	}

	if screen.Print {
		medium = "print"
	}

	if err := chromedp.Run(ctx, watch(),
		emulation.SetDeviceMetricsOverride(screen.Width, screen.Height, 1, screen.Width < 600),
		emulation.SetEmulatedMedia().WithMedia(medium).WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		network.SetCacheDisabled(true), chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
}

func (p *Page) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

// Faults are all complaints of the browser so far, and everything that it asked for beside the page.
func (p *Page) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()

	return slices.Clone(p.faults)
}

// Evaluate runs a script in the page and decodes what it answers.
func (p *Page) Evaluate(t *testing.T, script string, into any) {
	t.Helper()

	if err := chromedp.Run(p.ctx, chromedp.Evaluate(script, into)); err != nil {
		t.Fatalf("evaluate %s: %v", strings.TrimSpace(script), err)
	}
}

// Press presses a key, such as kb.Tab.
func (p *Page) Press(t *testing.T, key string) {
	t.Helper()

	if err := chromedp.Run(p.ctx, chromedp.KeyEvent(key)); err != nil {
		t.Fatalf("press %q: %v", key, err)
	}
}

// Screenshot writes how the whole page looks to a file of the directory that Screenshots names.
func (p *Page) Screenshot(t *testing.T, name string) {
	t.Helper()

	dir := os.Getenv(Screenshots)
	if dir == "" {
		return
	}

	var size []float64

	p.Evaluate(t, "[innerWidth, Math.ceil(document.body.getBoundingClientRect().bottom)]", &size)

	var image []byte
	if err := chromedp.Run(p.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		image, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).
			WithClip(&page.Viewport{Width: size[0], Height: size[1], Scale: 1}).Do(ctx)

		return err
	})); err != nil {
		t.Fatalf("take a screenshot: %v", err)
	}

	if err := os.WriteFile(filepath.Join(dir, name+".png"), image, 0o644); err != nil {
		t.Fatal(err)
	}
}
