package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

const (
	// hashDigits is how many hexadecimal digits tell two shortened names apart.
	hashDigits = 8
	// fallback stands where nothing of a name is left.
	fallback = "mlstacks"
)

// Target is what a name is derived for.
type Target struct {
	max, min   int
	lower      bool // capitals are not allowed
	underscore bool // underscores are allowed
	letter     bool // the first character is a letter
	judge      func(string) string
}

// The targets of Derived.
var (
	ForBucket       = Target{min: bucket.min, max: bucket.max, lower: true, judge: Bucket}
	ForRepository   = Target{min: repository.min, max: repository.max, lower: true, judge: Repository}
	ForRole         = Target{min: role.min, max: role.max, underscore: true, judge: Role}
	ForPolicy       = Target{min: policyName.min, max: policyName.max, underscore: true, judge: Policy}
	ForPipeline     = Target{min: pipeline.min, max: pipeline.max, judge: Pipeline}
	ForSageMaker    = Target{min: sageMaker.min, max: sageMaker.max, judge: SageMaker}
	ForFeatureGroup = Target{min: featureGroup.min, max: featureGroup.max, underscore: true, judge: FeatureGroup}
	ForCodeBuild    = Target{min: codeBuildProject.min, max: codeBuildProject.max, underscore: true, judge: CodeBuildProject}
	ForEKS          = Target{min: eksCluster.min, max: eksCluster.max, underscore: true, judge: EKSCluster}
	ForAppRunner    = Target{min: appRunner.min, max: appRunner.max, underscore: true, judge: AppRunnerService}
	ForSchedule     = Target{min: schedule.min, max: schedule.max, underscore: true, judge: Schedule}
	ForSecret       = Target{min: secret.min, max: secret.max, underscore: true, judge: SecretName}
	ForLogGroup     = Target{min: logGroup.min, max: logGroup.max, underscore: true, judge: LogGroup}
	ForDatabase     = Target{min: database.min, max: database.max, lower: true, letter: true, judge: DBIdentifier}
)

var (
	notAlphanumeric = regexp.MustCompile(`[^A-Za-z0-9]+`)
	notBoth         = regexp.MustCompile(`[^A-Za-z0-9_]+`)
)

// Derived makes an AWS name from a component's name, which has letters, digits, "_" and "-", and words to put behind it. The same
// input gives the same name. What does not fit is shortened and gets a hash of the whole, so that two long names stay different.
// Characters that the target does not take become hyphens and capitals small letters: names that differ in nothing else
// become one, and it is the object's owner that tells whose it is.
func Derived(target Target, name string, suffix ...string) string {
	parts := []string{target.clean(name)}
	if parts[0] == "" {
		parts[0] = fallback
	}

	for _, word := range suffix {
		if word = target.clean(word); word != "" {
			parts = append(parts, word)
		}
	}

	whole := strings.Join(parts, "-")
	if target.letter && !isLetter(whole[0]) {
		parts[0] = "m-" + parts[0]
		whole = "m-" + whole
	}

	hash := hashOf(append([]string{name}, suffix...))

	if len(whole) > target.max {
		whole = target.shortened(parts, hash)
	}

	return target.repaired(whole, hash)
}

// clean leaves of a word what the target takes, without separators at its ends or two hyphens in a row.
func (t Target) clean(word string) string {
	if t.lower {
		word = strings.ToLower(word)
	}

	unwanted := notAlphanumeric
	if t.underscore {
		unwanted = notBoth
	}

	return strings.Trim(unwanted.ReplaceAllString(word, "-"), "-_")
}

// shortened keeps the words behind the name whole, as long as something of the name is left.
func (t Target) shortened(parts []string, hash string) string {
	ending := strings.Join(append([]string{hash}, parts[1:]...), "-")
	head := parts[0]

	if room := t.max - len(ending) - 1; room > 0 {
		return strings.TrimRight(head[:min(room, len(head))], "-_") + "-" + ending
	}

	whole := strings.Join(parts, "-")

	return strings.TrimRight(whole[:t.max-hashDigits-1], "-_") + "-" + hash
}

// repaired helps a name that is too short, begins with something reserved, or ends with it.
func (t Target) repaired(name, hash string) string {
	if t.judge(name) == "" {
		return name
	}

	for _, candidate := range []string{"m-" + name, name + "-" + hash, "m-" + name + "-" + hash} {
		if t.judge(candidate) == "" {
			return candidate
		}
	}

	return t.clean("m-" + name[:min(len(name), t.max-hashDigits-3)] + "-" + hash)
}

// hashOf tells lists of words apart that would look the same when joined.
func hashOf(words []string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))

	return hex.EncodeToString(sum[:])[:hashDigits]
}

func isLetter(char byte) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z'
}
