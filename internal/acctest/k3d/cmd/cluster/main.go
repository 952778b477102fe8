// Command cluster makes a cluster for tests that do not make their own, and writes its kubeconfig to a file.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: cluster NAME FILE")
		os.Exit(2)
	}

	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name, file string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()

	spec := k3d.Spec{Name: name, Servers: 1, Image: os.Getenv("MLSTACKS_TEST_K3D_IMAGE"), Wait: true}
	if _, err := k3d.Create(ctx, spec); err != nil {
		return err
	}

	kubeconfig, err := k3d.Kubeconfig(ctx, name)
	if err != nil {
		return err
	}

	return os.WriteFile(file, kubeconfig, 0o600)
}
