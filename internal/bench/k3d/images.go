package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/k3d-io/k3d/v5/pkg/types"
)

// imageOf is the image that the tests use for something, empty where it is the provider's default.
func imageOf(name string) string { return os.Getenv("MLSTACKS_TEST_" + name + "_IMAGE") }

// preload makes sure that the engine has what clusters are made of, and says what that is.
func preload(ctx context.Context) ([]string, error) {
	images := []string{nodeImage(), types.GetLoadbalancerImage(), types.GetToolsImage(), registryImage()}

	for _, image := range images {
		if exec.CommandContext(ctx, "docker", "image", "inspect", image).Run() == nil {
			continue
		}

		if output, err := exec.CommandContext(ctx, "docker", "pull", "--quiet", image).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("pull image %s: %w: %s", image, err, output)
		}
	}

	return images, nil
}

// loadImages streams images that cannot be pulled from the engine into the one node of a cluster.
func loadImages(ctx context.Context, cluster string, images []string) error {
	if len(images) == 0 {
		return nil
	}

	save := exec.CommandContext(ctx, "docker", append([]string{"save"}, images...)...)
	load := exec.CommandContext(ctx, "docker", "exec", "--interactive", "k3d-"+cluster+"-server-0", "ctr", "--namespace", "k8s.io", "images", "import", "-")

	var messages bytes.Buffer

	load.Stdout, load.Stderr = &messages, &messages

	pipe, err := save.StdoutPipe()
	if err != nil {
		return fmt.Errorf("load images: %w", err)
	}

	load.Stdin = pipe

	if err := save.Start(); err != nil {
		return fmt.Errorf("save images: %w", err)
	}

	loading := load.Run() // before the end of saving, which closes the pipe
	if err := save.Wait(); err != nil {
		return fmt.Errorf("save images %s: %w", strings.Join(images, ", "), err)
	}

	if loading != nil {
		return fmt.Errorf("load images into %s: %w: %s", cluster, loading, &messages)
	}

	return nil
}
