package session

import (
	"fmt"
	"maps"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Tags that say to whom an object belongs.
const (
	TagKind        = "mlstacks:kind"
	TagFlavor      = "mlstacks:flavor"
	TagName        = "mlstacks:name"
	TagIncarnation = "mlstacks:incarnation"

	tagPrefix = "mlstacks:"
)

// Tags are those of an object: the owner's labels over the login's own, and to whom it belongs.
func (s *Session) Tags(owner backend.Owner) map[string]string {
	tags := maps.Clone(s.config.DefaultTags)
	if tags == nil {
		tags = map[string]string{}
	}

	maps.Copy(tags, owner.Labels)
	maps.Copy(tags, map[string]string{TagKind: owner.Kind, TagFlavor: owner.Flavor, TagName: owner.Name})

	if owner.Incarnation != "" {
		tags[TagIncarnation] = owner.Incarnation
	}

	return tags
}

// Owner reads from its tags to whom an object belongs. ours is false for what no component owns.
func Owner(tags map[string]string) (owner backend.Owner, ours bool) {
	return backend.Owner{
		Kind: tags[TagKind], Flavor: tags[TagFlavor], Name: tags[TagName], Incarnation: tags[TagIncarnation],
	}, tags[TagKind] != ""
}

// Belongs says that tags are those of what belongs to the owner. Where the incarnations of both are known they decide,
// otherwise the name does; an owner without a name is not known, and may be any.
func Belongs(tags map[string]string, owner backend.Owner) bool {
	if tags[TagKind] != owner.Kind || tags[TagFlavor] != owner.Flavor {
		return false
	}

	if tags[TagIncarnation] != "" && owner.Incarnation != "" {
		return tags[TagIncarnation] == owner.Incarnation
	}

	return tags[TagName] == owner.Name || owner.Name == ""
}

// Foreign is the error for an object that belongs to somebody else, and says to whom.
func Foreign(what string, tags map[string]string) error {
	owner, ours := Owner(tags)
	if !ours {
		return fmt.Errorf("%s %w: it was not made by mlstacks", what, backend.ErrForeign)
	}

	return fmt.Errorf("%s %w: the %s %q of flavor %s (incarnation %s)", what, backend.ErrForeign, owner.Kind, owner.Name, owner.Flavor, owner.Incarnation)
}

// Differences says, a line each, which of the wanted tags an object lacks or has otherwise. Tags that others put there are
// theirs.
func Differences(found, wanted map[string]string) []string {
	var lines []string

	for _, key := range sorted(wanted) {
		value, ok := found[key]

		switch {
		case key == TagIncarnation:
		case !ok:
			lines = append(lines, fmt.Sprintf("tag %s is missing", key))
		case value != wanted[key]:
			lines = append(lines, fmt.Sprintf("tag %s is %q, should be %q", key, value, wanted[key]))
		}
	}

	return lines
}

// Retagged are the tags that an object is to have, and whether that changes anything; see Merged.
func Retagged(found, was, wanted map[string]string) (merged map[string]string, changed bool) {
	merged = Merged(found, was, wanted)
	others := maps.Clone(found)
	maps.DeleteFunc(others, func(key, _ string) bool { return strings.HasPrefix(key, reserved) })

	return merged, !maps.Equal(others, merged)
}

// Changes are the tags to put on an object and the keys of those to take off it; see Merged.
func Changes(found, was, wanted map[string]string) (put map[string]string, gone []string) {
	merged := Merged(found, was, wanted)

	for _, key := range sorted(found) {
		if _, stays := merged[key]; !stays && !strings.HasPrefix(key, reserved) {
			gone = append(gone, key)
		}
	}

	maps.DeleteFunc(merged, func(key, value string) bool {
		has, ok := found[key]

		return ok && has == value
	})

	return merged, gone
}

// Merged are the tags that an object is to have: the wanted ones over what others put there. was are those that were wanted
// before: of them goes what is wanted no longer.
func Merged(found, was, wanted map[string]string) map[string]string {
	merged := maps.Clone(found)
	if merged == nil {
		merged = map[string]string{}
	}

	for key := range was {
		if _, still := wanted[key]; !still && !strings.HasPrefix(key, tagPrefix) {
			delete(merged, key)
		}
	}

	maps.DeleteFunc(merged, func(key, _ string) bool { return strings.HasPrefix(key, reserved) })
	maps.Copy(merged, wanted)

	return merged
}

// reserved begins the tags that AWS puts on objects itself, and takes from nobody.
const reserved = "aws:"
