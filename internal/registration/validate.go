package registration

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// ValidateConfig refuses a platform that is no ZenML server, and secrets of service connectors that the state would keep.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var (
		platform   types.Object
		connectors types.Map
	)

	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, platformPath, &platform)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, connectorsPath, &connectors)...)

	if p, known := readPlatform(ctx, platform); known && p.flavor != "" && !r.registers(p.flavor) {
		resp.Diagnostics.Append(diagnose.NoServer(p.name, p.flavor))
	}

	for _, name := range slices.Sorted(maps.Keys(connectors.Elements())) {
		one, ok := connectors.Elements()[name].(types.Object)
		if !ok {
			continue
		}

		configuration, _ := one.Attributes()["configuration"].(types.Map)
		for _, key := range slices.Sorted(maps.Keys(configuration.Elements())) {
			if connectorSecrets[key] {
				resp.Diagnostics.Append(diagnose.PlainConnectorSecret(name, key))
			}
		}
	}
}

// connectorSecrets are the options of ZenML's service connectors that are secret.
var connectorSecrets = map[string]bool{
	// AWS
	"aws_secret_access_key": true, "aws_session_token": true,
	// Google Cloud
	"external_account_json": true, "service_account_json": true, "user_account_json": true,
	// Azure
	"client_secret": true,
	// Kubernetes, Docker and others
	"certificate_authority": false, "client_key": true, "password": true, "token": true, "api_key": true, "ssh_passphrase": true,
	"base64_ssh_key": true,
}
