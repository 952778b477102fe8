package kube

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// FromFile reads how to reach a cluster from a kubeconfig of the user's and never writes to it. An empty path means what
// kubectl would use, KUBECONFIG or ~/.kube/config; an empty context means the current one.
func FromFile(path, context string) (*rest.Config, error) {
	Silence()

	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.MigrationRules = nil // they would copy files
	rules.WarnIfAllMissing = false

	if path == "" && os.Getenv(clientcmd.RecommendedConfigPathEnvVar) == "" {
		path = "~/.kube/config"
	}

	if path != "" {
		expanded, err := expand(path)
		if err != nil {
			return nil, fmt.Errorf("find kubeconfig %s: %w", path, err)
		}

		rules.ExplicitPath = expanded
	}

	source := strings.Join(rules.GetLoadingPrecedence(), string(filepath.ListSeparator))

	loaded, err := rules.Load()
	if err != nil {
		return nil, fmt.Errorf("read kubeconfig %s: %w", source, err)
	}

	if context == "" {
		context = loaded.CurrentContext
	}

	if err := known(loaded, context); err != nil {
		return nil, fmt.Errorf("read kubeconfig %s: %w", source, err)
	}

	// Without access to the file an auth plugin has nowhere to write a renewed token.
	config, err := clientcmd.NewNonInteractiveClientConfig(*loaded, context, &clientcmd.ConfigOverrides{}, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("use context %q of kubeconfig %s: %w", context, source, err)
	}

	return config, nil
}

func known(config *clientcmdapi.Config, context string) error {
	if _, ok := config.Contexts[context]; ok {
		return nil
	}

	there := "it has none"
	if names := slices.Sorted(maps.Keys(config.Contexts)); len(names) > 0 {
		there = "it has " + strings.Join(names, ", ")
	}

	if context == "" {
		return errors.New("no context is named and none is current; " + there)
	}

	return fmt.Errorf("there is no context %q; %s", context, there)
}

func expand(path string) (string, error) {
	rest, home := strings.CutPrefix(path, "~")
	if !home || (rest != "" && !os.IsPathSeparator(rest[0])) {
		return path, nil
	}

	directory, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}

	return filepath.Join(directory, rest), nil
}
