package browser_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/browser"
)

// A fault that nobody notices would make every test of a page worthless.
func TestFaults_AreWhatIsWrongWithAPage(t *testing.T) {
	t.Parallel()

	chromium := browser.Start(t)

	for name, c := range map[string]struct{ html, want string }{
		"console":   {`<script>console.error("x")</script>`, "console: error"},
		"exception": {`<script>null.x</script>`, "exception: "},
		"image":     {`<img src="/a.png" alt="">`, "asked the server for /a.png"},
		"request":   {`<link rel="stylesheet" href="https://example.invalid/a.css">`, "request: https://example.invalid/a.css"},
		"refusal":   {`<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><style>p{}</style>`, "ContentSecurityPolicyIssue"},
	} {
		p := chromium.Show(t, `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>x</title>`+c.html+`<p>x</p></html>`,
			browser.Screen{Width: 400, Height: 300})
		if faults := p.Faults(); !slices.ContainsFunc(faults, func(fault string) bool { return strings.Contains(fault, c.want) }) {
			t.Errorf("%s: the faults are %q", name, faults)
		}
	}
}

func TestTexts_HaveTheContrastThatWCAGComputes(t *testing.T) {
	t.Parallel()

	const html = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>x</title>
<body style="background:#fff"><p style="color:#777">gray</p><p style="color:#767676">darker</p><p style="color:#000;background:#fff">black</p>
<p style="color:rgb(0 0 0 / 50%)">half</p><p style="font-size:24px;color:#949494">large</p><p style="display:none;color:#fff">gone</p>
<svg width="200" height="50"><rect width="200" height="50" fill="#000"/><text x="5" y="30" fill="#fff">drawn</text></svg></html>`

	p := browser.Start(t).Show(t, html, browser.Screen{Width: 600, Height: 600})
	got := map[string]browser.Text{}

	for _, text := range p.Texts(t) {
		got[text.Text] = text
	}

	for name, want := range map[string]struct {
		ratio   float64
		legible bool
	}{
		"gray": {4.48, false}, "darker": {4.54, true}, "black": {21, true}, "half": {4.0, false}, "large": {3.03, true}, "drawn": {21, true},
	} {
		text, ok := got[name]
		if !ok || text.Ratio < want.ratio-0.03 || text.Ratio > want.ratio+0.03 || text.Legible() != want.legible {
			t.Errorf("%s: %+v, want %v", name, text, want)
		}
	}

	if len(got) != 6 {
		t.Errorf("the texts are %v", got)
	}

	if faults := p.Faults(); len(faults) > 0 {
		t.Errorf("the faults are %q", faults)
	}
}
