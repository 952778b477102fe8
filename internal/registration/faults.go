package registration

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// fixes are what to do about each class of a server's answers.
var fixes = []struct {
	class error
	fix   string
}{
	{zenserver.ErrNoCredentials, diagnose.FixKey},
	{zenserver.ErrUnauthorized, diagnose.FixLogin},
	{zenserver.ErrForbidden, diagnose.FixPermission},
	{zenserver.ErrBusy, diagnose.FixBusy},
	{zenserver.ErrNotZenML, diagnose.FixAddress},
	{zenserver.ErrBroken, diagnose.FixServer},
	{zenserver.ErrInvalid, diagnose.FixContent},
}

// atServer are the classes for which the platform is to blame.
var atServer = []error{zenserver.ErrNoCredentials, zenserver.ErrUnauthorized, zenserver.ErrNotZenML, zenserver.ErrBroken, zenserver.ErrBusy, backend.ErrUnreachable}

// failure words an error.
func failure(verb diagnose.Verb, name string, err error) diag.Diagnostic {
	said := diagnose.Said{At: path.Root("stack")}

	for _, class := range atServer {
		if errors.Is(err, class) {
			said.At = path.Root("platform")
		}
	}

	for _, one := range fixes {
		if errors.Is(err, one.class) {
			said.Fix = one.fix
		}
	}

	var (
		foreign   *foreignError
		secrets   *missingSecretsError
		connector *missingConnectorError
		source    *noSourceError
	)

	switch {
	case errors.As(err, &foreign) && foreign.stack:
		said.Fix = diagnose.TakenStack(foreign.name)
	case errors.As(err, &foreign):
		said.Fix = foreign.fix
	case errors.As(err, &secrets):
		said = diagnose.Said{At: path.Root("secrets_wo"), Fix: secrets.fix()}
	case errors.As(err, &connector):
		said = diagnose.Said{At: path.Root("connectors"), Fix: diagnose.MissingConnector(connector.name)}
	case errors.As(err, &source):
		said = diagnose.Said{At: path.Root("flavor_sources"), Fix: diagnose.NoSource(source.name)}
	case errors.Is(err, backend.ErrUnreachable):
		err = flavor.Because(flavor.ErrUnreachable, err)
	}

	return diagnose.Registration(verb, name, said, err)
}
