package k3d

import (
	"fmt"
	"maps"

	"sigs.k8s.io/yaml"
)

// registriesFile returns the registries.yaml of the nodes: the user's mirrors, and those that lead every name of our registry
// to it, so that an image has one name for docker push on this machine and for pods. It is empty when there is nothing to say.
func registriesFile(spec Spec, host string) (string, error) {
	file := map[string]any{}
	if err := yaml.Unmarshal([]byte(spec.Registries), &file); err != nil {
		return "", fmt.Errorf("read registries: %w", err)
	}

	if err := refuseCredentials(file); err != nil {
		return "", err
	}

	mirrors := map[string]any{}

	if theirs, there := file["mirrors"]; there && theirs != nil {
		of, ok := theirs.(map[string]any)
		if !ok {
			return "", fmt.Errorf("read registries: mirrors is not a map of registries")
		}

		maps.Copy(mirrors, of)
	}

	if spec.Registry != nil {
		endpoint := map[string]any{"endpoint": []string{fmt.Sprintf("http://%s:%d", registryName(spec.Name), registryPort)}}
		for _, address := range []string{
			fmt.Sprintf("localhost:%d", spec.Registry.HostPort),
			fmt.Sprintf("%s:%d", host, spec.Registry.HostPort),
			fmt.Sprintf("%s:%d", registryName(spec.Name), spec.Registry.HostPort),
			fmt.Sprintf("%s:%d", registryName(spec.Name), registryPort),
		} {
			mirrors[address] = endpoint
		}
	}

	if len(mirrors) > 0 {
		file["mirrors"] = mirrors
	}

	if len(file) == 0 {
		return "", nil
	}

	text, err := yaml.Marshal(file)
	if err != nil {
		return "", fmt.Errorf("write registries: %w", err)
	}

	return string(text), nil
}

// refuseCredentials keeps passwords out of labels and of the state, where the text of registries ends up.
func refuseCredentials(file map[string]any) error {
	configs, ok := file["configs"].(map[string]any)
	if !ok {
		return nil
	}

	for registry, config := range configs {
		if of, ok := config.(map[string]any); ok && of["auth"] != nil {
			return fmt.Errorf("registries has credentials for %q, which would be readable in the state: "+
				"use image pull secrets", registry)
		}
	}

	return nil
}
