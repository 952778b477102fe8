package page

import "fmt"

// The measures of the wide drawing: two columns, and the trunk between them.
const (
	wideWidth  = 960
	wideColumn = 424                          // of a node
	wideRight  = wideWidth - pad - wideColumn // where the right column begins
	wideTrunk  = wideWidth / 2                // where the trunk is
	wideHalf   = wideColumn + 2*pad           // of a box around one column
	wideRoot   = (wideWidth - wideColumn) / 2 // where the component that runs pipelines begins
	large      = 4                            // so many components take both columns
)

// wide is a drawing on the way. bottom is where each column ends, last where the trunk does.
type wide struct {
	drawing

	linked bool
	bottom [2]int
	last   int
}

// drawWide draws a stack for a large screen. Places with many components take both columns, small ones are put beside
// each other.
func drawWide(components []Component) drawing {
	root, groups := arrange(components)
	w := wide{drawing: drawing{Width: wideWidth, Words: tell(root, groups)}, linked: root != nil}

	if root != nil {
		w.band(groups[0], root)
		groups = groups[1:]
	}

	small := []group{}

	for _, g := range groups {
		if len(g.members) >= large {
			w.band(g, nil)
		} else {
			small = append(small, g)
		}
	}

	if len(small) == 1 {
		w.band(small[0], nil)

		small = nil
	}

	for _, g := range small {
		w.stack(g)
	}

	w.Height = max(w.bottom[0], w.bottom[1]) - boxGap
	if w.last > 0 {
		w.Trunk = fmt.Sprintf("M%d %dV%d", wideTrunk, headHeight+nodeHeight, w.last-bend)
	}

	return w.drawing
}

// band draws a place over both columns, below everything else.
func (w *wide) band(g group, root *Component) {
	top := max(w.bottom[0], w.bottom[1])
	y := top + headHeight

	if root != nil {
		w.add(*root, wideRoot, y, wideColumn)
		y += nodeHeight + rootGap
	}

	for i, c := range g.members {
		w.link(c, i%2, y+i/2*(nodeHeight+nodeGap))
	}

	y += (len(g.members) + 1) / 2 * (nodeHeight + nodeGap)

	if len(g.members) == 0 {
		y -= rootGap - nodeGap
	}

	y += pad - nodeGap
	w.box(g.place, 0, top, wideWidth, y-top)
	w.bottom = [2]int{y + boxGap, y + boxGap}
}

// stack draws a place in the column that is shorter.
func (w *wide) stack(g group) {
	side := 0
	if w.bottom[1] < w.bottom[0] {
		side = 1
	}

	top := w.bottom[side]
	y := top + headHeight

	for _, c := range g.members {
		w.link(c, side, y)
		y += nodeHeight + nodeGap
	}

	y += pad - nodeGap
	w.box(g.place, side*(wideWidth-wideHalf), top, wideHalf, y-top)
	w.bottom[side] = y + boxGap
}

func (w *wide) box(p Place, x, y, width, height int) {
	w.Boxes = append(w.Boxes, box{
		X: x, Y: y, W: width, H: height, LabelX: x + pad, Tone: p.Tone, Label: fit(p.Label, labelSize*bold, wideColumn),
	})
}

// link draws a component in a column, and the branch to it.
func (w *wide) link(c Component, side, y int) {
	x, edge, out := pad, pad+wideColumn+tip, -1
	if side == 1 {
		x, edge, out = wideRight, wideRight-tip, 1
	}

	w.add(c, x, y, wideColumn)

	if !w.linked {
		return
	}

	center := y + nodeHeight/2
	w.last = max(w.last, center)
	w.Branches = append(w.Branches, branch(wideTrunk, center, edge, out))
}

// branch is a path from the trunk at x to the edge of a node, with an arrow's point there. out is -1 to the left, 1 to the
// right.
func branch(x, y, edge, out int) string {
	return fmt.Sprintf("M%d %dQ%d %d %d %dH%dm%d -5l%d 5l%d 5", x, y-bend, x, y, x+out*bend, y, edge, -out*6, out*6, -out*6)
}
