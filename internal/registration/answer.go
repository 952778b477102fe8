package registration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// answer fills in what apply tells.
func (m *model) answer(have owned, name, url string) {
	m.ID, m.Name = textValue(have.stack), types.StringValue(name)

	if m.URL.IsUnknown() { // else it was planned as the last look has found it
		m.URL = textValue(url)
	}

	m.Drift = types.ListNull(types.StringType)
	m.Secrets = types.MapNull(types.MapType{ElemType: types.StringType})
	m.setIDs(have)
}

// keep fills in what of an operation that failed has been done.
func (m *model) keep(have owned) {
	m.ID = textValue(have.stack)
	m.setIDs(have)
}

func (m *model) setIDs(have owned) {
	m.ComponentIDs, m.ConnectorIDs = textsOf(have.components), textsOf(have.connectors)
	m.FlavorIDs, m.SecretIDs = textsOf(have.flavors), textsOf(have.secrets)
}

// owned are the ids that a state has.
func (m *model) owned(ctx context.Context) owned {
	return owned{
		stack: m.ID.ValueString(), components: texts(ctx, m.ComponentIDs), connectors: texts(ctx, m.ConnectorIDs),
		flavors: texts(ctx, m.FlavorIDs), secrets: texts(ctx, m.SecretIDs),
	}
}

// empty says that nothing is there.
func (o owned) empty() bool {
	return o.stack == "" && len(o.components)+len(o.connectors)+len(o.flavors)+len(o.secrets) == 0
}

// textValue is a text, and null where there is none.
func textValue(value string) types.String {
	if value == "" {
		return types.StringNull()
	}

	return types.StringValue(value)
}
