package flavor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// WebAddress validates an http:// or https:// address without a login. Its message does not repeat the value, which may
// hold a password.
func WebAddress(example string) validator.String { return webAddress{example: example} }

type webAddress struct{ example string }

var webAddressPattern = regexp.MustCompile(`^https?://[^\s/?#@]+(/[^\s?#]*)?$`)

// Description says what an address must be.
func (v webAddress) Description(context.Context) string {
	return "must be an http:// or https:// address without a login, such as " + v.example
}

// MarkdownDescription says what an address must be.
func (v webAddress) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses anything else.
func (v webAddress) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || webAddressPattern.MatchString(req.ConfigValue.ValueString()) {
		return
	}

	resp.Diagnostics.AddAttributeError(req.Path, "Invalid address", fmt.Sprintf("%s %s.", req.Path, v.Description(ctx)))
}

// checkAddress refuses a login in the component's address, which the state would keep.
func (f Flavor) checkAddress(kind Kind, v Values) []Problem {
	address, ok := v[f.URI].(string)
	if !ok || f.URI == "" || zenml.IsSecretReference(address) || isWebAddress(f.attributes(kind)[f.URI]) {
		return nil
	}

	user, password, there := loginIn(address)
	// A client asks for the password of a user. ZenML does not: to it, a user without one is a token or of no use.
	if !there || password == "" && (f.ZenML == "" || user == "" || !isWeb(address)) {
		return nil
	}

	known, _ := zenml.Lookup(kind.Name, f.ZenML)
	field, _ := known.Field(f.URI)

	return []Problem{f.loginInAddress(kind, []string{f.URI}, field.SecretReference)}
}

// isWebAddress says that an attribute is validated by WebAddress, which refuses logins itself.
func isWebAddress(attribute schema.Attribute) bool {
	text, ok := attribute.(schema.StringAttribute)

	return ok && slices.ContainsFunc(text.Validators, func(v validator.String) bool {
		_, ok := v.(webAddress)

		return ok
	})
}

// loginInAddress words a login in an address. reference says that ZenML takes a reference in the address's place.
func (f Flavor) loginInAddress(kind Kind, at []string, reference bool) Problem {
	var ways []string
	if attributes := f.secretAttributeNames(kind); len(attributes) > 0 {
		ways = append(ways, "Remove it from the address, and give credentials in "+strings.Join(attributes, " or ")+".")
	}

	if reference {
		ways = append(ways, "To keep it, put the whole address into a ZenML secret and refer to that: \"{{name.key}}\".")
	}

	if len(ways) == 0 {
		ways = append(ways, "Remove it from the address, and let the client that opens it hold the login, for example in a credential helper.")
	}

	return Problem{
		Path:    at,
		Summary: "Login in an address",
		Detail: fmt.Sprintf("%s.%s: the address holds a login, and the state would keep it.\n\n%s",
			f.Name, strings.Join(at, "."), strings.Join(ways, " ")),
	}
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

func isWeb(address string) bool {
	name := strings.ToLower(scheme.FindString(address))

	return name == "http://" || name == "https://"
}

// loginIn takes the login out of an address, as in https://user:password@host and user:password@host.
func loginIn(address string) (user, password string, there bool) {
	name := scheme.FindString(address)

	host, _, _ := strings.Cut(strings.TrimPrefix(address, name), "/")
	if query := strings.IndexAny(host, "?#"); query >= 0 && isWeb(address) {
		host = host[:query]
	}

	end := strings.LastIndex(host, "@")
	if name == "" {
		end = strings.Index(host, "@") // git@host:path@more holds no password
	}

	if end < 0 {
		return "", "", false
	}

	user, password, _ = strings.Cut(host[:end], ":")

	return user, password, true
}

// passwordInAddress tells a text that is an address with a password in plain text.
func passwordInAddress(text string) bool {
	if !scheme.MatchString(text) {
		return false
	}

	_, password, _ := loginIn(text)

	return !isHarmless(password)
}
