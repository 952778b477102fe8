package dvc

import (
	"regexp"
	"strings"
)

// Config is the text of .dvc/config, edited line by line: whatever is not asked for stays as it is, comments and
// order included. The format is that of Python's ConfigObj; names of sections and keys ignore case, as in DVC.
type Config struct {
	lines []string
}

// ParseConfig reads a configuration. Nothing is refused: what is not understood is kept.
func ParseConfig(text string) *Config {
	c := &Config{}
	if text != "" {
		c.lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}

	return c
}

// String is the text of the configuration.
func (c *Config) String() string {
	if len(c.lines) == 0 {
		return ""
	}

	return strings.Join(c.lines, "\n") + "\n"
}

// Has says whether there is a section of that name.
func (c *Config) Has(section string) bool {
	start, _ := c.find(section)

	return start >= 0
}

// Get returns the value of a key; ok is false when there is none.
func (c *Config) Get(section, key string) (value string, ok bool) {
	if at := c.key(section, key); at >= 0 {
		_, text, _ := strings.Cut(c.lines[at], "=")

		return unquote(text), true
	}

	return "", false
}

// Set gives a key its value; section and key are made when they are missing.
func (c *Config) Set(section, key, value string) {
	line := "    " + key + " = " + quote(value)

	if at := c.key(section, key); at >= 0 {
		if old, _ := c.Get(section, key); old != value {
			c.lines[at] = line
		}

		return
	}

	start, _ := c.find(section)
	if start < 0 {
		c.lines = append(c.lines, header(section), line)

		return
	}

	c.lines = append(c.lines[:start+1], append([]string{line}, c.lines[start+1:]...)...)
}

// Unset removes a key, and its section when nothing else is in it.
func (c *Config) Unset(section, key string) {
	if at := c.key(section, key); at >= 0 {
		c.lines = append(c.lines[:at], c.lines[at+1:]...)
	}

	if start, end := c.find(section); start >= 0 && strings.TrimSpace(strings.Join(c.lines[start+1:end], "")) == "" {
		c.Drop(section)
	}
}

// Drop removes a section with all that is in it. Comments and blank lines at its end belong to what follows.
func (c *Config) Drop(section string) {
	start, end := c.find(section)
	if start < 0 {
		return
	}

	for end > start+1 && end < len(c.lines) && isRemark(c.lines[end-1]) {
		end--
	}

	c.lines = append(c.lines[:start], c.lines[end:]...)
}

// find returns the lines of a section: its header and the first line after it. start is -1 when there is none.
func (c *Config) find(section string) (start, end int) {
	start, quotes := -1, ""

	for i, line := range c.lines {
		var name string
		if name, quotes = scan(line, quotes); name == "" {
			continue
		}

		if start >= 0 {
			return start, i
		}

		if name == strings.ToLower(section) {
			start = i
		}
	}

	return start, len(c.lines)
}

func (c *Config) key(section, key string) int {
	start, end := c.find(section)
	if start < 0 {
		return -1
	}

	quotes := ""

	for i := start + 1; i < end; i++ {
		inside := quotes != ""
		_, quotes = scan(c.lines[i], quotes)

		name, _, ok := strings.Cut(c.lines[i], "=")
		if ok && !inside && !isRemark(c.lines[i]) && strings.EqualFold(unquote(name), key) {
			return i
		}
	}

	return -1
}

var (
	headerLine = regexp.MustCompile(`^\s*\[\s*(.*?)\s*\]\s*(?:#.*)?$`)
	named      = regexp.MustCompile(`^\s*(\w+)\s*"(.*)"\s*$`)
)

// scan reads one line: the section that begins with it, if any, and the triple quotes that are open after it.
func scan(line, quotes string) (section, open string) {
	if quotes != "" {
		if strings.Contains(line, quotes) {
			quotes = ""
		}

		return "", quotes
	}

	if m := headerLine.FindStringSubmatch(line); m != nil {
		return normal(unquote(m[1])), ""
	}

	_, value, _ := strings.Cut(line, "=")
	value = strings.TrimSpace(value)

	for _, mark := range []string{`'''`, `"""`} {
		if rest, ok := strings.CutPrefix(value, mark); ok && !strings.Contains(rest, mark) && !isRemark(line) {
			return "", mark
		}
	}

	return "", ""
}

// normal writes the name of a section as Remote does.
func normal(section string) string {
	if m := named.FindStringSubmatch(section); m != nil {
		section = m[1] + ` "` + m[2] + `"`
	}

	return strings.ToLower(section)
}

func isRemark(line string) bool {
	line = strings.TrimSpace(line)

	return line == "" || strings.HasPrefix(line, "#")
}

func header(section string) string {
	if strings.Contains(section, `"`) {
		return "['" + section + "']"
	}

	return "[" + section + "]"
}

func unquote(text string) string {
	text = strings.TrimSpace(text)

	for _, mark := range []string{`'''`, `"""`, `'`, `"`} {
		if rest, ok := strings.CutPrefix(text, mark); ok {
			if value, _, ok := strings.Cut(rest, mark); ok {
				return value
			}
		}
	}

	text, _, _ = strings.Cut(text, "#")

	return strings.TrimSpace(text)
}

// quote writes a value so that ConfigObj reads it back: neither a list, nor cut off at a comment.
func quote(value string) string {
	switch {
	case value != "" && !strings.ContainsAny(value, `,#'"`) && strings.TrimSpace(value) == value:
		return value
	case !strings.Contains(value, `"`):
		return `"` + value + `"`
	case !strings.Contains(value, `'`):
		return `'` + value + `'`
	default:
		return `"""` + value + `"""`
	}
}
