package page_test

import (
	"fmt"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/browser"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/page"
)

// render returns the page of a stack.
func render(t *testing.T, s page.Stack) string {
	t.Helper()

	html, err := page.Render(s)
	if err != nil {
		t.Fatal(err)
	}

	return html
}

func stacks() map[string]page.Stack {
	return map[string]page.Stack{"laptop": laptop(), "large": large(), "hostile": hostile(), "lonely": lonely()}
}

var screens = []browser.Screen{
	{Width: 320}, {Width: 390}, {Width: 768}, {Width: 1280}, {Width: 390, Dark: true}, {Width: 1280, Dark: true}, {Width: 720, Dark: true, Print: true},
}

func title(s browser.Screen) string {
	switch {
	case s.Print:
		return "printed"
	case s.Dark:
		return fmt.Sprintf("dark-%d", s.Width)
	default:
		return fmt.Sprintf("light-%d", s.Width)
	}
}

// Texts of drawings cannot wrap: outside returns those that end outside of what they stand in.
const outside = `[...document.querySelectorAll("svg text")].filter(text => {
  const frame = text.previousElementSibling.matches("rect") ? text.previousElementSibling : text.parentElement.querySelector("rect");
  return text.getClientRects().length && text.getBoundingClientRect().right > frame.getBoundingClientRect().right - 4;
}).map(text => text.textContent)`

// On every screen and in both color schemes a page is shown without a word from the browser, without a request beside it,
// and without anything that sticks out at the side; and every text can be read.
func TestPage_IsShownAsItShould(t *testing.T) {
	t.Parallel()

	chromium := browser.Start(t)

	for name, stack := range stacks() {
		html := render(t, stack)

		for _, screen := range screens {
			t.Run(name+" "+title(screen), func(t *testing.T) {
				t.Parallel()

				screen.Height = 9000 // as long as the page, so that all of it can be looked at
				p := chromium.Show(t, html, screen)

				var wide int64

				p.Evaluate(t, `document.querySelectorAll("details").forEach(d => d.open = true); document.documentElement.scrollWidth`, &wide)

				if wide > screen.Width {
					t.Errorf("the page is %d pixels wide", wide)
				}

				texts := p.Texts(t)
				if len(texts) < 10 {
					t.Errorf("only %d texts are shown", len(texts))
				}

				for _, text := range texts {
					if !text.Legible() {
						t.Errorf("%q has a contrast of %.2f: %s", text.Text, text.Ratio, text.Colors)
					}
				}

				var cut []string

				p.Evaluate(t, outside, &cut)

				if len(cut) > 0 {
					t.Errorf("these stick out of the diagram: %q", cut)
				}

				for _, fault := range p.Faults() {
					t.Error(fault)
				}

				p.Screenshot(t, name+"-"+title(screen))
			})
		}
	}
}
