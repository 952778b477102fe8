package page

import "slices"

// drawing is a diagram of a stack, in units of its own that are pixels where it is shown at full size. The component that
// runs pipelines stands at the top; from it a trunk goes down, with a branch to each other one.
type drawing struct {
	// Width and Height are the drawing's, Trunk and Branches are data of SVG paths.
	Width, Height int
	Trunk         string
	Branches      []string
	Boxes         []box
	Nodes         []node
	// Words is the drawing told in words.
	Words string
}

// box stands for a place.
type box struct {
	X, Y, W, H, LabelX int
	Label              string
	Tone               Tone
}

// node stands for a component.
type node struct {
	X, Y, W, H int
	Kind, Name string
	Root       bool
	Tone       Tone
}

// The measures that both drawings share.
const (
	pad        = 16 // between a box and its nodes
	headHeight = 40 // of a box's label
	nodeHeight = 58
	nodeGap    = 12
	rootGap    = 22 // below the component that runs pipelines
	boxGap     = 16
	bend       = 12 // the radius of a branch's bend
	tip        = 3  // between the point of an arrow and its node
)

// The sizes of fonts, as the style sheet has them, and how much longer a bold text is.
const (
	kindSize  = 12.0
	nameSize  = 15.0
	labelSize = 13.0
	bold      = 1.12
)

// group is a place with its components, in the order of the stack.
type group struct {
	place   Place
	members []Component
}

// arrange sorts components by where they run. root is nil where none of them runs pipelines; its place comes first.
func arrange(components []Component) (root *Component, groups []group) {
	if at := slices.IndexFunc(components, func(c Component) bool { return c.Pipelines }); at >= 0 {
		root = &components[at]
		groups = append(groups, group{place: root.Place})
		components = slices.Delete(slices.Clone(components), at, at+1)
	}

	for _, c := range components {
		at := slices.IndexFunc(groups, func(g group) bool { return g.place == c.Place })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{place: c.Place})
		}

		groups[at].members = append(groups[at].members, c)
	}

	return root, groups
}

// add draws a component.
func (d *drawing) add(c Component, x, y, w int) {
	d.Nodes = append(d.Nodes, node{
		X: x, Y: y, W: w, H: nodeHeight, Root: c.Pipelines, Tone: c.Place.Tone,
		Kind: fit(words(c.Kind)+" · "+c.Flavor, kindSize, w-2*pad), Name: fit(c.Name, nameSize*bold, w-2*pad),
	})
}

// ViewWidth is the width with a border of one unit, which the lines of boxes at the edge reach into.
func (d drawing) ViewWidth() int { return d.Width + 2 }

// ViewHeight is the height with that border.
func (d drawing) ViewHeight() int { return d.Height + 2 }

// TextY is the base line of a box's label; the others are those of a node's two lines.
func (b box) TextY() int { return b.Y + 26 }

// TextX is where the lines of a node begin.
func (n node) TextX() int { return n.X + pad }

// KindY is the base line of the upper line.
func (n node) KindY() int { return n.Y + 23 }

// NameY is the base line of the lower line.
func (n node) NameY() int { return n.Y + 43 }
