package zenml

import (
	"maps"
	"slices"
	"strings"
)

// wholeSecrets are the fields that name a secret of ZenML's which a component takes whole.
var wholeSecrets = []string{"authentication_secret", "secret_name"}

// RequiredSecrets returns the secrets that must exist in ZenML for a configuration to work, sorted: "name.key" where one
// value is referred to, "name" where a component of ZenML's takes a secret whole. ZenML resolves references that are the
// whole of an option, never those below one.
func RequiredSecrets(componentType, flavor string, configuration map[string]any) []string {
	known, _ := Lookup(componentType, flavor)
	found := map[string]bool{}

	for key, value := range configuration {
		text, ok := value.(string)
		if !ok || text == "" {
			continue
		}

		if IsSecretReference(text) {
			found[strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "{{"), "}}"))] = true
		} else if _, field := known.Field(key); field && slices.Contains(wholeSecrets, key) {
			found[text] = true
		}
	}

	return slices.Sorted(maps.Keys(found))
}
