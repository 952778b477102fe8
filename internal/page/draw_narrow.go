package page

import "fmt"

// The measures of the narrow drawing: one column, and the trunk at its left.
const (
	narrowWidth = 320
	narrowPad   = 12
	narrowTrunk = 24
	narrowNode  = 46 // where nodes begin
)

// drawNarrow draws a stack for a phone.
func drawNarrow(components []Component) drawing {
	root, groups := arrange(components)
	d := drawing{Width: narrowWidth, Words: tell(root, groups)}
	y, last, begin := 0, 0, narrowNode

	if root == nil {
		begin = narrowPad
	}

	for i, g := range groups {
		top := y
		y += headHeight

		if i == 0 && root != nil {
			d.add(*root, narrowPad, y, narrowWidth-2*narrowPad)
			y += nodeHeight + nodeGap
		}

		for _, c := range g.members {
			d.add(c, begin, y, narrowWidth-narrowPad-begin)

			if root != nil {
				last = y + nodeHeight/2
				d.Branches = append(d.Branches, branch(narrowTrunk, last, narrowNode-tip, 1))
			}

			y += nodeHeight + nodeGap
		}

		label := begin
		if i == 0 && root != nil {
			label = narrowPad
		}

		d.Boxes = append(d.Boxes, box{
			Y: top, W: narrowWidth, H: y - top, LabelX: label, Tone: g.place.Tone, Label: fit(g.place.Label, labelSize*bold, narrowWidth-narrowPad-label),
		})
		y += boxGap
	}

	d.Height = max(0, y-boxGap)
	if last > 0 {
		d.Trunk = fmt.Sprintf("M%d %dV%d", narrowTrunk, headHeight+nodeHeight, last-bend)
	}

	return d
}
