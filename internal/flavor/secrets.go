package flavor

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var secretReference = regexp.MustCompile(`^[^\s.{}]+\.[^\s{}]+$`)

// secretAttributes offers a secret field as a write-only argument with a version, or as a reference to a secret
// that ZenML holds. A secret of the user's own is never an attribute that the state would keep.
func secretAttributes(attributes map[string]schema.Attribute, field zenml.Field, text string) {
	name := field.Name
	beside := path.MatchRelative().AtParent()
	need := ""

	if field.Required {
		need = " This or `" + name + ReferenceSuffix + "` is required."
	}

	attributes[name+WriteOnlySuffix] = schema.StringAttribute{
		Optional:  true,
		Sensitive: true,
		WriteOnly: true,
		MarkdownDescription: text + need + " Write-only: it is neither in the plan nor in the state; ZenML's configuration refers to it as " +
			"`{{<component name>." + name + "}}`, a secret that must exist in ZenML (see `required_secrets` of the stack).",
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.AlsoRequires(beside.AtName(name + VersionSuffix)),
			stringvalidator.ConflictsWith(beside.AtName(name + ReferenceSuffix)),
		},
	}
	attributes[name+VersionSuffix] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `" + name + WriteOnlySuffix + "`. Raise it to hand over a changed value.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(beside.AtName(name + WriteOnlySuffix))},
	}
	attributes[name+ReferenceSuffix] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "In place of `" + name + WriteOnlySuffix + "`: a secret that ZenML holds, as `name.key`.",
		Validators: []validator.String{
			stringvalidator.RegexMatches(secretReference, "must be the name of a ZenML secret, a dot and a key in it, such as wandb.api_key"),
		},
	}
}

// checkPlainText refuses secrets that the state would keep: options that are secret by ZenML's facts and have no attribute
// for it, texts below an option whose key says that they are, and addresses with a password.
func (f Flavor) checkPlainText(kind Kind, v Values) []Problem {
	known, ok := zenml.Lookup(kind.Name, f.ZenML)
	if !ok {
		return nil
	}

	var found search

	for _, name := range slices.Sorted(maps.Keys(f.Fields)) {
		if field, ok := known.Field(name); ok && name != f.URI {
			found.in(field, place{path: []string{name}}, v[name])
		}
	}

	settings, _ := v[settingsName].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if f.attributeOf(kind, name) == "" {
			field, _ := known.Field(name)
			found.in(field, place{path: []string{settingsName, name}}, settings[name])
		}
	}

	problems := make([]Problem, 0, len(found.secrets)+len(found.logins))
	for _, at := range found.secrets {
		problems = append(problems, f.plainSecret(kind, at))
	}

	for _, at := range found.logins {
		problems = append(problems, f.loginInAddress(kind, at.path, at.whole && at.field.SecretReference))
	}

	return problems
}

// plainSecret words a secret in plain text. ZenML resolves a reference only where it is all of an option.
func (f Flavor) plainSecret(kind Kind, at place) Problem {
	p := Problem{Path: at.path, Summary: "Secret in plain text"}
	name := f.Name + "." + strings.Join(at.path, ".")

	if at.whole {
		p.Detail = name + ": this is a secret, and the state would keep it.\n\nWrite \"{{name.key}}\" for a secret that ZenML holds."

		return p
	}

	fix := "Leave it out"
	if attributes := f.secretAttributeNames(kind); len(attributes) > 0 {
		fix = "If it is what " + strings.Join(attributes, " or ") + " is for, set that; if not, leave it out"
	}

	p.Detail = fmt.Sprintf("%s: this looks like a secret, and the state would keep it.\n\n%s, and hand it over where the steps run, for "+
		"example as an environment variable from a secret that ZenML holds. ZenML resolves no references below an option.", name, fix)

	return p
}

// secretAttributeNames lists where a flavor takes secrets.
func (f Flavor) secretAttributeNames(kind Kind) []string {
	var names []string

	for _, name := range slices.Sorted(maps.Keys(f.attributes(kind))) {
		if strings.HasSuffix(name, WriteOnlySuffix) || name == "authentication_secret" {
			names = append(names, name)
		}
	}

	return names
}

// place is where a value stands.
type place struct {
	path []string
	// key names the value, if the user made the name up: then only the name tells what it is.
	key string
	// whole says that the value is all of an option.
	whole bool
	// field is what ZenML says about the value; nothing where key is set.
	field zenml.Field
}

func (p place) below(step string) place {
	p.path = append(slices.Clone(p.path), step)
	p.whole = false

	return p
}

// search collects what must not be kept in plain text.
type search struct{ secrets, logins []place }

// in searches an option, which is a field of ZenML's or unknown to it.
func (s *search) in(field zenml.Field, at place, value any) {
	at.field, at.whole = field, true

	if text, ok := value.(string); ok && slices.Contains([]string{"list", "map", "object"}, field.Type) {
		var read any
		if json.Unmarshal([]byte(text), &read) == nil {
			value = read // as ZenML reads it
		}
	}

	s.walk(at, value)
}

func (s *search) walk(at place, value any) {
	switch value := value.(type) {
	case string:
		s.judge(at, value)
	case []any:
		for i, element := range value {
			below := at.below(strconv.Itoa(i))
			below.field = elementOf(at.field)
			s.walk(below, element)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			below := at.below(key)
			below.field, below.key = memberOf(at.field, key)

			// { name = "HF_TOKEN", value = "…" } is how Kubernetes writes a variable.
			if name, ok := value["name"].(string); ok && key == "value" && below.key != "" {
				below.key = name
			}

			s.walk(below, value[key])
		}
	}
}

// memberOf is what ZenML says about a member, and its name where ZenML does not know it.
func memberOf(field zenml.Field, key string) (member zenml.Field, unknown string) {
	for _, member := range field.Fields {
		if member.Name == key {
			return member, ""
		}
	}

	return elementOf(field), key
}

func elementOf(field zenml.Field) zenml.Field {
	if field.Element == nil {
		return zenml.Field{}
	}

	return *field.Element
}

func (s *search) judge(at place, text string) {
	switch secret := at.key == "" && at.field.Secret || at.key != "" && namesSecret(at.key, text); {
	case secret && !isHarmless(text):
		s.secrets = append(s.secrets, at)
	case passwordInAddress(text):
		s.logins = append(s.logins, at)
	}
}

var (
	wordBorder = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)
	noWord     = regexp.MustCompile(`[^a-z0-9]+`)
	number     = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

	// secretWords are the ends of words, secretKeys the words before "key", that stand for secrets.
	secretWords = regexp.MustCompile(`(token|secret|password|passwd|passphrase|apikey|authorization|credentials?)$`)
	secretKeys  = regexp.MustCompile(`(^| )(api|access|private|account|auth|signing|subscription|application) key( |$)`)
	// aboutSecrets are the ends of keys that stand for something about a secret, mostly where it is kept.
	aboutSecrets = regexp.MustCompile(` (audience|arn|class|count|dirs?|directory|endpoint|enabled|env|expir\w+|field|files?|format|header|host|ids?|interval|` +
		`issuer|kind|length|lifetime|limit|location|manager|methods?|mode|mounts?|names?|path|policy|port|prefix|provider|refs?|reference|role|scopes?|` +
		`seconds|size|store|suffix|timeout|ttl|types?|uri|url|user|username|variable|versions?)$`)
	// namedSecrets are the ends of keys that stand for the name of a secret.
	namedSecrets = regexp.MustCompile(`(^| )(authentication|existing|pull|tls) secret$`)
	// modelTokens are parts of what language models read and write.
	modelTokens = regexp.MustCompile(`(^| )(bos|cls|end|eos|image|mask|pad|sep|special|start|stop|unk) token$`)

	// elsewhere are texts that say where the secret is: templates, variables, addresses in vaults.
	elsewhere = regexp.MustCompile(`^(\w+ +)?\{\{.*\}\}$|^\$(\w+|\{[^{}]+\}|\([^()]+\))$|^(arn:aws[a-z-]*:|projects/[^/]+/secrets/|(file|op|vault)://)`)
	// placeholder are texts that stand for themselves.
	placeholder = regexp.MustCompile(`^(<.*>|\[.*\]|true|false|null|none)$`)
)

// namesSecret tells whether a key that somebody made up stands for a secret in plain text, as HF_TOKEN and x-api-key do.
func namesSecret(key, text string) bool {
	split := wordBorder.ReplaceAllString(key, "$1$3 $2$4")
	words := strings.TrimSpace(noWord.ReplaceAllString(strings.ToLower(split), " "))

	if aboutSecrets.MatchString(words) || namedSecrets.MatchString(words) || modelTokens.MatchString(words) {
		return false
	}

	if strings.Contains(words, "token") && number.MatchString(text) {
		return false // a number of tokens
	}

	return secretKeys.MatchString(words) || slices.ContainsFunc(strings.Fields(words), secretWords.MatchString)
}

// isHarmless tells a text that is no secret wherever it stands.
func isHarmless(text string) bool {
	text = strings.TrimSpace(text)

	return text == "" || elsewhere.MatchString(text) || placeholder.MatchString(strings.ToLower(text))
}
