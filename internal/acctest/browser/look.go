package browser

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// Text is a text of a page with its contrast, as WCAG 2 computes it.
type Text struct {
	Text  string  `json:"text"`
	Ratio float64 `json:"ratio"`
	// Large says that 3 is enough for it, where 4.5 is needed otherwise.
	Large bool `json:"large"`
	// Colors are those of the text and of what is behind it.
	Colors string `json:"colors"`
}

// Legible says whether the contrast is what WCAG asks for at the level AA.
func (t Text) Legible() bool { return t.Ratio >= 4.5 || (t.Large && t.Ratio >= 3) }

//go:embed contrast.js
var contrast string

// Texts are all visible texts of the page. What is behind a text is looked up where the text is, so that it works for the
// texts of drawings, too; the page has to be opened on a screen as long as itself.
func (p *Page) Texts(t *testing.T) []Text {
	t.Helper()

	var all []Text

	p.Evaluate(t, contrast, &all)

	return all
}

// Role is a part of a page as assistive technology sees it.
type Role struct{ Role, Name string }

// Roles are the parts of a page in its order. A heading's role says its level: "heading 2".
func (p *Page) Roles(t *testing.T) []Role {
	t.Helper()

	var nodes []*accessibility.Node
	if err := chromedp.Run(p.ctx, accessibility.Enable(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		nodes, err = accessibility.GetFullAXTree().Do(ctx)

		return err
	})); err != nil {
		t.Fatalf("read the accessibility tree: %v", err)
	}

	return ordered(nodes)
}

// ordered walks the tree from its root.
func ordered(nodes []*accessibility.Node) []Role {
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, node := range nodes {
		byID[node.NodeID] = node
	}

	var (
		roles []Role
		walk  func(node *accessibility.Node)
	)

	walk = func(node *accessibility.Node) {
		if node == nil {
			return
		}

		if !node.Ignored {
			roles = append(roles, Role{Role: roleOf(node), Name: plain(node.Name)})
		}

		for _, child := range node.ChildIDs {
			walk(byID[child])
		}
	}

	if len(nodes) > 0 {
		walk(nodes[0])
	}

	return roles
}

func roleOf(node *accessibility.Node) string {
	role := plain(node.Role)

	for _, property := range node.Properties {
		if property.Name == accessibility.PropertyNameLevel && role == "heading" {
			return fmt.Sprintf("%s %s", role, property.Value.Value)
		}
	}

	return role
}

func plain(value *accessibility.Value) string {
	if value == nil {
		return ""
	}

	text, err := strconv.Unquote(string(value.Value))
	if err != nil {
		return string(value.Value)
	}

	return text
}
