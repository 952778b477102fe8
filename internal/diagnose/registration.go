package diagnose

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Said is what is known of why a registration failed, beside the error.
type Said struct {
	// At is the attribute at fault; empty: the registration as a whole.
	At path.Path
	// Fix is what to do, in a full sentence; empty: what the operation says.
	Fix string
}

// Fixes for what a ZenML server says no with.
const (
	// FixKey is for a server that nobody can log in at.
	FixKey = "Set zenml.api_key in the provider block, or the variable ZENML_STORE_API_KEY, to the key of a service account of this server. If it is for one " +
		"server only, zenml.url or ZENML_STORE_URL name that one."
	// FixLogin is for credentials that a server does not take.
	FixLogin = "Check that the API key is of this server, active, and was not rotated."
	// FixPermission is for what the login may not do.
	FixPermission = "Let the service account do this, or use the key of one that may."
	// FixBusy is for a server that asks to come back later.
	FixBusy = "It was tried several times. Try again later, or with a lower -parallelism."
	// FixAddress is for an address that leads elsewhere.
	FixAddress = "Check that the platform's address is that of the ZenML server itself, without /api/v1, and that no proxy answers in its place."
	// FixServer is for a server that failed.
	FixServer = "The server's own log says why. Try again when it is well."
	// FixContent is for what a server does not take.
	FixContent = "Mend what it objects to, then apply again; what was made is kept."
)

// Registration reports an operation on a registration that failed.
func Registration(verb Verb, name string, said Said, err error) diag.Diagnostic {
	fix := said.Fix
	if fix == "" {
		fix = verb.fix(err, "Check that the server can be reached from here, then try again; the state keeps what it knew.")
	}

	at := said.At
	if len(at.Steps()) == 0 {
		at = path.Root("stack")
	}

	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Cannot %s registration of stack %q", verb.word, name), sentence(err.Error())+"\n\n"+fix)
}

// RegistrationNotices report what a user should know of an operation that succeeded.
func RegistrationNotices(name string, notices []string) diag.Diagnostics {
	return about(path.Root("stack"), fmt.Sprintf("the registration of stack %q", name), notices)
}

// TakenStack says what to do about a stack that somebody else registered.
func TakenStack(name string) string {
	return fmt.Sprintf("If it is to be this one, import it: terraform import mlstacks_stack_registration.<label> %s. Otherwise give the stack another name.", name)
}

// MissingSecrets says what to do about secrets that nobody holds.
func MissingSecrets(names []string) string {
	return fmt.Sprintf("Give them in secrets_wo, or make them on the server: zenml secret create %s …", first(names))
}

// MissingConnector says what to do about a service connector that nobody describes.
func MissingConnector(name string) string {
	return fmt.Sprintf("Describe it: connectors = { %q = { type = …, auth_method = … } }, or register it on the server.", name)
}

// NoSource says what to do about a flavor without a class.
func NoSource(name string) string {
	return fmt.Sprintf("Say where it is: flavor_sources = { %q = \"<module>.<class>\" }, or register it with zenml flavor register.", name)
}

// FleetingKey warns of a key that the next run does not know.
func FleetingKey(url string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("platform"), "API key is known only while the platform is applied",
		fmt.Sprintf("For the server at %s there is only the platform's api_key_wo, which Terraform hands over when the platform itself is planned or changed. "+
			"A change of this registration alone, and its destruction, will need zenml.api_key in the provider block, or ZENML_STORE_API_KEY.", url))
}

// NoServer reports a platform that is no ZenML server.
func NoServer(name, is string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("platform"), "Not a ZenML server",
		fmt.Sprintf("Platform %q is of the flavor %s, and stacks are registered at ZenML servers.\n\nUse an mlstacks_mlops_platform of the flavor zenml_server, "+
			"or of the flavor zenml.", name, is))
}

// PlainConnectorSecret reports a secret that the state would keep.
func PlainConnectorSecret(connector, key string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("connectors").AtMapKey(connector).AtName("configuration").AtMapKey(key), "Secret in plain text",
		fmt.Sprintf("connectors[%q].configuration.%s: this is a secret, and the state would keep it.\n\nMove it to secrets_wo, with secrets_wo_version = 1 beside it.",
			connector, key))
}

// RegistrationImportID reports an import identifier that is none.
func RegistrationImportID(id string) diag.Diagnostic {
	return importID(id, "<name or id of the stack>", "", "", "mlstacks_stack_registration.this prod")
}

// RegistrationImportServer reports an import that does not know from where.
func RegistrationImportServer() diag.Diagnostic {
	return diag.NewErrorDiagnostic("No server to import from",
		"An import knows nothing of a platform yet, so the provider has to know the server.\n\nSet zenml.url and zenml.api_key in the provider block, or "+
			"ZENML_STORE_URL and ZENML_STORE_API_KEY, for the import.")
}

func first(names []string) string {
	if len(names) == 0 {
		return "<name>"
	}

	name, key, keyed := strings.Cut(names[0], ".")
	if keyed {
		return name + " --" + key + "="
	}

	return name
}
