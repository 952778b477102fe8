package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/browser"
)

// focused is the element with the focus: its place among all that can have it, and whether one sees that it has.
type focused struct {
	At   int  `json:"at"`
	Seen bool `json:"seen"`
	// Inside says that it is on the screen.
	Inside bool `json:"inside"`
}

const (
	focusable = `window.all = [...document.querySelectorAll("a[href], summary, button, input, [tabindex='0']")].filter(e => e.getClientRects().length); all.length`
	active    = `(() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return { at: all.indexOf(e), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight };
})()`
)

func TestPage_IsReachedByKeyboard(t *testing.T) {
	t.Parallel()

	p := browser.Start(t).Show(t, render(t, large()), browser.Screen{Width: 390, Height: 800})

	var count int

	p.Evaluate(t, focusable, &count)

	if count < 10 {
		t.Fatalf("only %d elements can have the focus", count)
	}

	for want := range count {
		p.Press(t, kb.Tab)

		var got focused

		p.Evaluate(t, active, &got)

		if got != (focused{At: want, Seen: true, Inside: true}) {
			t.Errorf("after tab %d: %+v", want+1, got)
		}
	}
}

func TestPage_SkipsToTheStackAndOpensDetails(t *testing.T) {
	t.Parallel()

	p := browser.Start(t).Show(t, render(t, large()), browser.Screen{Width: 1280, Height: 800})

	p.Press(t, kb.Tab)
	p.Press(t, kb.Enter)

	var where string

	p.Evaluate(t, "document.activeElement.id", &where)

	if where != "main" {
		t.Errorf("the skip link leads to %q", where)
	}

	p.Press(t, kb.Tab)
	p.Press(t, kb.Enter)

	var open bool

	p.Evaluate(t, `document.querySelector("details").open`, &open)

	if !open {
		t.Error("the first thing after the skip link are the details, and they stay shut")
	}
}

func TestPage_TellsItsStructure(t *testing.T) {
	t.Parallel()

	roles := browser.Start(t).Show(t, render(t, large()), browser.Screen{Width: 1280, Height: 800}).Roles(t)
	headings, landmarks, images := []string{}, []string{}, []string{}

	for _, r := range roles {
		switch {
		case strings.HasPrefix(r.Role, "heading"):
			headings = append(headings, strings.TrimPrefix(r.Role, "heading ")+" "+r.Name)
		case slices.Contains([]string{"banner", "navigation", "main", "region", "contentinfo"}, r.Role):
			landmarks = append(landmarks, strings.TrimSpace(r.Role+" "+r.Name))
		case r.Role == "image":
			images = append(images, r.Name)
		}
	}

	wantLandmarks := []string{"banner", "navigation Sections", "main", "region Diagram", "region Findings", "region Components", "region Use it", "contentinfo"}
	if !slices.Equal(landmarks, wantLandmarks) {
		t.Errorf("the landmarks are %q", landmarks)
	}

	want := []string{"1 prod", "2 Diagram", "2 Findings", "2 Components"}
	for _, c := range large().Components {
		want = append(want, "3 "+c.Name)
	}

	want = append(want, "2 Use it", "3 Secrets that ZenML must hold", "3 Import it into ZenML", "3 Environment of a client")
	if !slices.Equal(headings, want) {
		t.Errorf("the headings are %q", headings)
	}

	if len(images) != 1 || !strings.HasPrefix(images[0], "Diagram of the stack") ||
		!strings.Contains(images[0], "Kubernetes cluster prod (eks): model deployer serving (seldon), monitoring metrics (prometheus).") {
		t.Errorf("the diagram is told as %q", images)
	}
}
