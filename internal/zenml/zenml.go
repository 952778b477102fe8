// Package zenml is what ZenML 0.98 knows of its stack components, as data: which flavors exist, which fields their
// configuration has, and which values ZenML refuses. It imports nothing of Terraform and talks to nobody.
//
// The facts are introspected from an installed ZenML (see facts/generate.py); the rules that ZenML keeps in code are
// rows in the rules_*.go files.
package zenml

import "slices"

// Version is the release of ZenML whose behavior this package describes.
const Version = "0.98.0"

// Unknown stands for a value that only apply can tell. It may stand anywhere in a configuration tree; whatever
// depends on it is left undecided and never refused.
type Unknown struct{}

// Truth is the outcome of a condition when some of its inputs may be unknown.
type Truth int8

// The three outcomes. The zero value is Undecided, so that a forgotten case never refuses anything.
const (
	Undecided Truth = iota
	True
	False
)

// Is turns a decided condition into a Truth.
func Is(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not is true when t is false, and undecided when t is.
func Not(t Truth) Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	default:
		return Undecided
	}
}

// All is false as soon as one condition is, and true when every one is.
func All(truths ...Truth) Truth {
	result := True
	for _, t := range truths {
		switch t {
		case True:
		case False:
			return False
		case Undecided:
			result = Undecided
		}
	}
	return result
}

// Any is true as soon as one condition is, and false when none can be.
func Any(truths ...Truth) Truth {
	result := False
	for _, t := range truths {
		switch t {
		case True:
			return True
		case False:
		case Undecided:
			result = Undecided
		}
	}
	return result
}

// String names the outcome, for tests and messages.
func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	default:
		return "undecided"
	}
}

// IsUnknown tells whether v is a value that only apply can tell.
func IsUnknown(v any) bool {
	_, ok := v.(Unknown)
	return ok
}

// HoldsUnknown tells whether v or anything within it is unknown.
func HoldsUnknown(v any) bool {
	switch v := v.(type) {
	case Unknown:
		return true
	case []any:
		if slices.ContainsFunc(v, HoldsUnknown) {
			return true
		}
	case map[string]any:
		for _, e := range v {
			if HoldsUnknown(e) {
				return true
			}
		}
	}
	return false
}
