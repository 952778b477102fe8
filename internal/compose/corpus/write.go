package corpus

import (
	"fmt"
	"io"
	"strings"
)

// OK tells whether every difference is deliberate.
func (r Report) OK() bool { return len(r.Differing) == 0 }

// Write prints the counts and each difference.
func (r Report) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "agreed %d, differing %d", r.Agreed, len(r.Differing)+len(r.Deliberate))
	if len(r.Deliberate) > 0 {
		fmt.Fprintf(&b, " (%d of them on purpose)", len(r.Deliberate))
	}
	if r.Unjudged > 0 {
		fmt.Fprintf(&b, ", without a verdict %d", r.Unjudged)
	}
	if !r.ImageBuilderDefault {
		b.WriteString("; ZenML's default image builder was off")
	}
	b.WriteString("\n")
	for _, d := range r.Differing {
		fmt.Fprintf(&b, "DIFFERS %s: ZenML %v, we %v by %v\n", d.ID, d.Wanted, d.Got, d.Rules)
	}
	for _, d := range r.Deliberate {
		fmt.Fprintf(&b, "on purpose %s: ZenML %v, we %v: %s\n", d.ID, d.Wanted, d.Got, d.Reason)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
