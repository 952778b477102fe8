package clustered

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Login is what an image registry asks for.
type Login struct{ Username, Password string }

// dockerConfigKey is the key of a Secret with logins that Kubernetes prescribes.
const dockerConfigKey = ".dockerconfigjson"

// LoginSecret is a Secret with logins for image registries by their addresses, which pods can pull and push with.
func LoginSecret(namespace, name string, logins map[string]Login) (*unstructured.Unstructured, error) {
	type entry struct {
		Username string `json:"username"`
		Password string `json:"password"`
		Auth     string `json:"auth"`
	}

	entries := map[string]entry{}

	for _, address := range slices.Sorted(maps.Keys(logins)) {
		if address == "" {
			continue
		}

		login := logins[address]
		entries[address] = entry{
			Username: login.Username, Password: login.Password,
			Auth: base64.StdEncoding.EncodeToString([]byte(login.Username + ":" + login.Password)),
		}
	}

	config, err := json.Marshal(map[string]any{"auths": entries})
	if err != nil {
		return nil, fmt.Errorf("encode logins: %w", err)
	}

	return Object("v1", "Secret", namespace, name, map[string]any{
		"type": "kubernetes.io/dockerconfigjson",
		"data": map[string]any{dockerConfigKey: base64.StdEncoding.EncodeToString(config)},
	}), nil
}

// LoginDrift says, a line each, what of a Secret made by LoginSecret is not as it should be. It looks at the logins alone,
// which is much faster than looking at the whole object.
func (s Site) LoginDrift(ctx context.Context, wanted *unstructured.Unstructured) ([]string, error) {
	have, err := s.Secret(ctx, wanted.GetNamespace(), wanted.GetName())
	if errors.Is(err, backend.ErrNotFound) {
		return []string{fmt.Sprintf("Secret/%s does not exist", wanted.GetName())}, nil
	}

	if err != nil {
		return nil, err
	}

	should, _, err := unstructured.NestedString(wanted.Object, "data", dockerConfigKey)
	if err != nil {
		return nil, fmt.Errorf("compare logins: %w", err)
	}

	if base64.StdEncoding.EncodeToString([]byte(have[dockerConfigKey])) != should {
		return []string{fmt.Sprintf("Secret/%s: its logins differ", wanted.GetName())}, nil
	}

	return nil, nil
}
