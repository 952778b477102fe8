package secretsmanager

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type localFileConfig struct {
	owned.Place

	Mode           string            `tfsdk:"mode"`
	Secrets        map[string]string `tfsdk:"secrets_wo"`
	SecretsVersion *int64            `tfsdk:"secrets_wo_version"`
}

// LocalFile is a JSON file of secrets on this machine, which only its owner reads, made and owned by the component.
var LocalFile = flavor.Define(flavor.Meta{
	Name:    "local_file",
	Summary: "A JSON file of secrets on this machine, an object of names and texts that only the file's owner reads.",
	Runs:    flavor.ThisMachine,
	View: func(v flavor.Values) flavor.Facts {
		return flavor.Facts{URI: flavor.Map(v["path"], func(path string) any { return owned.Absolute(path) })}
	},
}, localFileAttributes(), owned.Driver[localFileConfig, *localFileConfig]{
	Flavor:  "local_file",
	Object:  disk.Object{Mode: 0o600, ParentMode: 0o700, Content: []byte("{}\n"), Vacant: holdsNoSecret},
	Default: localFileConfig{Mode: owned.PrivateMode},
	Furnish: writeSecrets,
	Observe: func(object disk.Object, cfg localFileConfig) (localFileConfig, error) {
		var err error
		cfg.Mode, err = owned.ObserveMode(object)

		return cfg, err
	},
	Outputs: nameSecrets,
})

func localFileAttributes() map[string]schema.Attribute {
	attributes := owned.Attributes("the file of secrets")
	beside := path.MatchRelative().AtParent()

	attributes["mode"] = owned.ModeAttribute("0600", "0640")
	attributes["secrets_wo"] = schema.MapAttribute{
		Optional:    true,
		Sensitive:   true,
		WriteOnly:   true,
		ElementType: types.StringType,
		MarkdownDescription: "Secrets by name, which become the content of the file. Write-only: they are neither in the plan nor in the " +
			"state. Without it the file begins empty, for others to fill.",
		Validators: []validator.Map{
			mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)),
			mapvalidator.AlsoRequires(beside.AtName("secrets_wo_version")),
		},
	}
	attributes["secrets_wo_version"] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `secrets_wo`. Change it to have the file written afresh with exactly those secrets.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(beside.AtName("secrets_wo"))},
	}

	return attributes
}

// writeSecrets writes the file when it is new to the component or the version has changed.
func writeSecrets(object disk.Object, old *localFileConfig, cfg localFileConfig) error {
	if err := supplySecrets(object, old, cfg); err != nil {
		return err
	}

	return owned.SetMode(object, cfg.Mode)
}

func supplySecrets(object disk.Object, old *localFileConfig, cfg localFileConfig) error {
	if cfg.SecretsVersion == nil || old != nil && old.SecretsVersion != nil && *old.SecretsVersion == *cfg.SecretsVersion {
		return nil
	}

	if old != nil && old.SecretsVersion == nil {
		if err := keepsAll(object, cfg); err != nil {
			return err
		}
	}

	content, err := json.MarshalIndent(cfg.Secrets, "", "  ")
	if err != nil {
		return fmt.Errorf("encode secrets: %w", err)
	}

	return object.Write(append(content, '\n'))
}

// keepsAll refuses to overwrite secrets that others put into the file before the configuration held any.
func keepsAll(object disk.Object, cfg localFileConfig) error {
	present, err := readSecrets(object.Path)
	for name := range cfg.Secrets {
		delete(present, name)
	}

	if err == nil && len(present) == 0 || cfg.ForceDestroy {
		return nil
	}

	return &flavor.AttributeError{
		Attribute: []string{"secrets_wo"},
		Err: fmt.Errorf("%s %w that secrets_wo does not have: %q", object.Path, flavor.ErrHoldsData,
			slices.Sorted(maps.Keys(present))),
		Fix: "Nothing was overwritten. Add those names to secrets_wo, remove them from the file, or set force_destroy = true to lose them.",
	}
}

// readSecrets reads the file. Its errors say nothing of its content, which must not end up in a log.
func readSecrets(path string) (map[string]json.RawMessage, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read secrets: %w", err)
	}

	var secrets map[string]json.RawMessage
	if json.Unmarshal(content, &secrets) != nil {
		return nil, errNoSecrets
	}

	return secrets, nil
}

var errNoSecrets = errors.New("file is not a JSON object")

// holdsNoSecret says that nobody would miss the file. What cannot be understood may well be secrets.
func holdsNoSecret(path string) (bool, error) {
	secrets, err := readSecrets(path)
	if errors.Is(err, errNoSecrets) {
		return false, nil
	}

	return len(secrets) == 0, err
}

// nameSecrets tells the names of the secrets as a JSON list, never their values. Of a file that cannot be read it
// tells nothing.
func nameSecrets(object disk.Object) map[string]string {
	secrets, err := readSecrets(object.Path)
	if err != nil {
		return nil
	}

	list := slices.AppendSeq([]string{}, maps.Keys(secrets))
	slices.Sort(list)

	names, err := json.Marshal(list)
	if err != nil {
		return nil
	}

	return map[string]string{"names": string(names)}
}
