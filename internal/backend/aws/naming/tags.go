package naming

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// MaxTags is how many tags of the user's own an object may have: AWS takes 50, and the provider needs some for itself.
const MaxTags = 45

const (
	tagAllowed = "letters, digits, spaces and _.:/=+-@"
	awsPrefix  = "aws:"
)

// The lengths are those of CodeBuild, which are one less than everywhere else, so that one map of tags fits all services.
var (
	tagChar  = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]$`)
	tagKey   = rule{what: "Tag key", min: 1, max: 127, char: tagChar, allowed: tagAllowed}
	tagValue = rule{what: "Tag value", min: 0, max: 255, char: tagChar, allowed: tagAllowed}
)

// TagKey judges the key of a tag by what every service takes.
func TagKey(key string) string {
	if len(key) >= len(awsPrefix) && strings.EqualFold(key[:len(awsPrefix)], awsPrefix) {
		return fmt.Sprintf("Tag key %q begins with %q, which AWS reserves for itself: choose another beginning.", key, key[:len(awsPrefix)])
	}

	return tagKey.judge(key)
}

// TagValue judges the value of a tag by what every service takes; it may be empty.
func TagValue(value string) string { return tagValue.judge(value) }

// Tags judges all tags of an object, and names the first one at fault in the order of their keys.
func Tags(tags map[string]string) string {
	if len(tags) > MaxTags {
		return fmt.Sprintf("There are %d tags: at most %d are allowed, since AWS takes 50 and some are the provider's own.", len(tags), MaxTags)
	}

	seen := map[string]string{}

	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if problem := TagKey(key); problem != "" {
			return problem
		}

		if problem := TagValue(tags[key]); problem != "" {
			return fmt.Sprintf("Tag %q: %s", key, problem)
		}

		folded := strings.ToLower(key)
		if other, ok := seen[folded]; ok {
			return fmt.Sprintf("Tag keys %q and %q differ only in case, which IAM takes for the same key: keep one of them.", other, key)
		}

		seen[folded] = key
	}

	return ""
}
