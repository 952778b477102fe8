package page

import (
	"strings"
	"unicode"
)

// tell is a drawing in words, for whoever does not see it.
func tell(root *Component, groups []group) string {
	said := []string{}
	if root != nil {
		said = append(said, "The "+label(*root)+" runs pipelines that use the other components.")
	}

	for i, g := range groups {
		labels := []string{}
		if i == 0 && root != nil {
			labels = append(labels, label(*root))
		}

		for _, c := range g.members {
			labels = append(labels, label(c))
		}

		said = append(said, g.place.Label+": "+strings.Join(labels, ", ")+".")
	}

	return strings.Join(said, " ")
}

func label(c Component) string { return words(c.Kind) + " " + c.Name + " (" + c.Flavor + ")" }

// fit shortens a text that is too long for a line of a drawing, which cannot wrap: the middle goes, since names differ at
// their ends. size is that of the font and width that of the line. Fonts differ, so that widths are those of a wide one.
func fit(text string, size float64, width int) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}

		return r
	}, text))
	room := float64(width) / size

	if length(runes) <= room {
		return string(runes)
	}

	for keep := len(runes) - 1; keep > 1; keep-- {
		head, tail := runes[:(keep+1)/2], runes[len(runes)-keep/2:]
		if length(head)+length(tail)+1 <= room {
			return strings.TrimSpace(string(head)) + "…" + strings.TrimSpace(string(tail))
		}
	}

	return "…"
}

// length estimates how long a text is, in ems.
func length(text []rune) float64 {
	sum := 0.0

	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0x1f000:
			sum++
		case strings.ContainsRune("mwMW@%…", r):
			sum++
		case strings.ContainsRune("ijltfr-.,:;'|!()[]/· ", r):
			sum += 0.42
		case unicode.IsUpper(r):
			sum += 0.8
		default:
			sum += 0.65
		}
	}

	return sum
}
