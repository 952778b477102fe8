package flavortest

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object is a value of an object type, as a client of the protocol sends it: the attributes of some, and all others null.
func Object(tb testing.TB, of tftypes.Type, some map[string]tftypes.Value) tftypes.Value {
	tb.Helper()

	kind, ok := of.(tftypes.Object)
	if !ok {
		tb.Fatalf("%s is no object", of)
	}

	all := map[string]tftypes.Value{}
	for name, attribute := range kind.AttributeTypes {
		all[name] = tftypes.NewValue(attribute, nil)
	}

	maps.Copy(all, some)

	return tftypes.NewValue(of, all)
}
