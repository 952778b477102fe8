package function

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
)

// hashDigits is how many hexadecimal digits tell names apart that lost something.
const hashDigits = 8

// rules are what a service asks of a name. Every target takes small letters, digits and single hyphens between them.
type rules struct {
	max int
	// keeps lists the further characters that may stand between letters and digits, one at a time.
	keeps string
	// valid says whether the service takes a name.
	valid func(string) bool
	// mend changes what is reserved; nil where nothing is that a hash at the end does not answer.
	mend func(string) string
}

var (
	gcsShape   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*[a-z0-9]$`)
	labelShape = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)
	// likeGoogle finds the word and the misspellings of it that Cloud Storage refuses too.
	likeGoogle = regexp.MustCompile(`(g[o0][o0])(g[l1]e)`)
	separators = regexp.MustCompile(`[^a-z0-9]+`)
)

var targets = map[string]rules{
	"s3": {max: 63, valid: func(name string) bool { return naming.Bucket(name) == "" }, mend: mendReserved},
	"gcs": {max: 63, keeps: "_", mend: mendGoogle, valid: func(name string) bool {
		return len(name) >= 3 && len(name) <= 63 && gcsShape.MatchString(name) && !strings.HasPrefix(name, "goog") && !likeGoogle.MatchString(name)
	}},
	"ecr": {max: 256, keeps: "._/", valid: func(name string) bool { return naming.Repository(name) == "" }},
	"kubernetes": {max: 63, mend: mendDigit, valid: func(name string) bool {
		return len(name) <= 63 && labelShape.MatchString(name)
	}},
}

// normalize makes a name that is valid. Only case, accents and separators are changed without a hash.
func (r rules) normalize(name string) string {
	if r.valid(name) {
		return name
	}

	folded, lost := fold(name)

	clean := r.clean(folded)
	if !lost && r.valid(clean) {
		return clean
	}

	if r.mend != nil && clean != "" {
		clean = r.mend(clean)
	}

	sum := sha256.Sum256([]byte(name))
	hash := hex.EncodeToString(sum[:])[:hashDigits]

	if room := r.max - hashDigits - 1; len(clean) > room {
		clean = r.clean(clean[:room])
	}

	if hashed := clean + "-" + hash; r.valid(hashed) {
		return hashed
	}

	return "m-" + hash // nothing of the name is left
}

// fold turns letters into small ones without accents. lost says that there are letters or digits that cannot be written so.
func fold(name string) (folded string, lost bool) {
	var b strings.Builder

	for _, char := range norm.NFKD.String(strings.ToLower(name)) {
		switch spelled, ok := spellings[char]; {
		case ok:
			b.WriteString(spelled)
		case unicode.Is(unicode.Mn, char): // an accent, which stands behind its letter
		case char > unicode.MaxASCII && (unicode.IsLetter(char) || unicode.IsNumber(char) || unicode.IsMark(char)), char == unicode.ReplacementChar:
			lost = true

			b.WriteByte(' ')
		default:
			b.WriteRune(char)
		}
	}

	return b.String(), lost
}

// spellings are the letters that are no accented ones, and that are still written in plain ones by those who use them.
var spellings = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ħ': "h"}

// clean keeps letters and digits, and one separator between them: one that the target keeps, where nothing else stood there.
func (r rules) clean(folded string) string {
	joined := separators.ReplaceAllStringFunc(folded, func(between string) string {
		if len(between) == 1 && strings.Contains(r.keeps, between) {
			return between
		}

		if strings.Contains(r.keeps, "/") && strings.Contains(between, "/") {
			return "/" // what stands around a slash belongs to neither side
		}

		return "-"
	})

	return strings.Trim(joined, "-"+r.keeps)
}

// mendReserved puts something before the beginnings that Amazon keeps for itself.
func mendReserved(name string) string {
	if strings.HasPrefix(name, "sthree-") || strings.HasPrefix(name, "amzn-s3-demo-") {
		return "m-" + name
	}

	return name
}

// mendDigit puts a letter before a digit.
func mendDigit(name string) string {
	if name[0] >= 'a' {
		return name
	}

	return "m-" + name
}

// mendGoogle breaks up what Cloud Storage keeps for its maker.
func mendGoogle(name string) string {
	name = likeGoogle.ReplaceAllString(name, "$1-$2")

	if rest, ok := strings.CutPrefix(name, "goog"); ok {
		return "goo-g" + rest
	}

	return name
}
