package flavortest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// secret is the value of every text in write-only arguments.
const secret = "hunter2-hunter2"

// secretFor is a value of a type that holds the secret.
func secretFor(as tftypes.Type) any {
	switch as := as.(type) {
	case tftypes.Map:
		return map[string]any{"password": secretFor(as.ElementType)}
	case tftypes.List:
		return []any{secretFor(as.ElementType)}
	case tftypes.Set:
		return []any{secretFor(as.ElementType)}
	case tftypes.Object:
		tree := map[string]any{}
		for name, t := range as.AttributeTypes {
			tree[name] = secretFor(t)
		}

		return tree
	}

	switch {
	case as.Is(tftypes.Bool):
		return true
	case as.Is(tftypes.Number):
		return int64(1)
	default:
		return secret
	}
}

// fieldOf is the field that a write-only argument stands for.
func fieldOf(writeOnly string) (field string, ok bool) {
	return strings.CutSuffix(writeOnly, flavor.WriteOnlySuffix)
}

// tellsNo reports a secret in anything that can be printed.
func tellsNo(t *testing.T, what string, told any) {
	t.Helper()

	if strings.Contains(fmt.Sprintf("%+v", told), secret) {
		t.Errorf("%s tells the secret: %+v", what, told)
	}
}
