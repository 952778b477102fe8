package k3d

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Import streams images from the engine into every node of a cluster, and makes sure that they are there: k3d's own import
// says nothing when it fails, and writes everything to a volume first.
func Import(ctx context.Context, cluster string, images ...string) error {
	wrap := func(err error) error { return fmt.Errorf("import images into k3d cluster %q: %w", cluster, err) }

	output, err := docker(ctx, "ps", "--filter", "label=k3d.cluster="+cluster, "--format", `{{.Names}} {{.Label "k3d.role"}}`)
	if err != nil {
		return wrap(fmt.Errorf("%w: %s", err, output))
	}

	group, ctx := errgroup.WithContext(ctx)
	nodes := 0

	for line := range strings.Lines(output) {
		name, role, _ := strings.Cut(strings.TrimSpace(line), " ")
		if role == "server" || role == "agent" {
			nodes++

			group.Go(func() error { return importInto(ctx, name, images) })
		}
	}

	if nodes == 0 {
		return wrap(errors.New("it has no running node"))
	}

	if err := group.Wait(); err != nil {
		return wrap(err)
	}

	return nil
}

func importInto(ctx context.Context, node string, images []string) error {
	save := exec.CommandContext(ctx, "docker", append([]string{"save"}, images...)...)
	load := exec.CommandContext(ctx, "docker", "exec", "--interactive", node, "ctr", "--namespace", "k8s.io", "images", "import", "-")

	var saved, loaded bytes.Buffer

	save.Stderr, load.Stdout, load.Stderr = &saved, &loaded, &loaded

	pipe, err := save.StdoutPipe()
	if err != nil {
		return err
	}

	load.Stdin = pipe

	if err := save.Start(); err != nil {
		return fmt.Errorf("start docker save: %w", err)
	}

	// Saving ends first: what waits for the end of its output would close the pipe under it.
	loading := load.Run()
	if err := save.Wait(); err != nil {
		return fmt.Errorf("save %s: %w: %s", strings.Join(images, ", "), err, &saved)
	}

	if loading != nil {
		return fmt.Errorf("load into %s: %w: %s", node, loading, &loaded)
	}

	there, err := docker(ctx, "exec", node, "ctr", "--namespace", "k8s.io", "images", "list", "--quiet")
	if err != nil {
		return fmt.Errorf("list the images of %s: %w: %s", node, err, there)
	}

	for _, image := range images {
		if !strings.Contains(there+"\n", "/"+image+"\n") {
			return fmt.Errorf("find %s in %s: it is not among\n%s", image, node, there)
		}
	}

	return nil
}
