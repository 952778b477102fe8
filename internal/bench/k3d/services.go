package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// service is one of the four that are installed.
type service struct {
	// name is that of the component and of the release.
	name string
	// kind and flavor are those of the component, chart is what it is installed from.
	kind, flavor, chart string
	// image is what the variable of its image is called by.
	image string
	// arguments are those of the flavor.
	arguments string
}

// services do not refer to each other.
func services() []service {
	return []service{
		{"objects", "artifact_store", "minio", charts.MinIO, "MINIO", `bucket = "artifacts"`},
		{"records", "metadata_store", "postgres", charts.Postgres, "POSTGRES", ""},
		{"runs", "experiment_tracker", "mlflow", charts.MLflow, "MLFLOW", ""},
		{"images", "container_registry", "distribution", charts.Distribution, "REGISTRY", ""},
	}
}

// servicesConfiguration is the part of a module with the services, and the stack that has them.
func servicesConfiguration() string {
	var b, slots strings.Builder

	for _, s := range services() {
		image := "null"
		if own := imageOf(s.image); own != "" {
			image = fmt.Sprintf("%q", own)
		}

		fmt.Fprintf(&b, `resource "mlstacks_%s" "bench" {
  name    = %q
  cluster = mlstacks_cluster.bench

  %s = {
    image         = %s
    storage       = "1Gi"
    force_destroy = true
    %s
  }
}

`, s.kind, s.name, s.flavor, image, s.arguments)
		fmt.Fprintf(&slots, "  %s = mlstacks_%s.bench\n", s.kind, s.kind)
	}

	fmt.Fprintf(&b, `resource "mlstacks_orchestrator" "bench" {
  name  = "here"
  local = {}
}

resource "mlstacks_stack" "bench" {
  name         = "bench"
  orchestrator = mlstacks_orchestrator.bench
%s}
`, &slots)

	return b.String()
}

// stage is the cluster that services are installed in, and what is needed for that on both sides.
type stage struct {
	workspace
	helmSide

	module string
}

// servicesFile is the file of the module that is there while the services are.
const servicesFile = "services.tf"

// measureServices installs the services on both sides, and plans what the provider has installed.
func measureServices(ctx context.Context, w workspace, o options, r *report) error {
	log.Printf("making the cluster of the services")

	s, err := newStage(ctx, w, o.services(), r)
	if err != nil {
		return err
	}

	for round := range o.rounds {
		sides := []func() error{
			func() error { return s.withHelm(ctx, r) },
			func() error { return s.withProvider(ctx, o.plans, r) },
		}

		if round%2 == 1 {
			slices.Reverse(sides)
		}

		log.Printf("services, round %d of %d", round+1, o.rounds)

		for _, side := range sides {
			if err := side(); err != nil {
				return err
			}
		}
	}

	return nil
}

// newStage makes the cluster, puts the images into it, and installs the services once with the provider: that tells which
// values and Secrets the charts get, and makes nodes pull what they can pull.
func newStage(ctx context.Context, w workspace, cluster string, r *report) (*stage, error) {
	module, err := w.module("services-", map[string]string{"cluster.tf": clusterConfiguration(cluster, "")})
	if err != nil {
		return nil, err
	}

	s := &stage{workspace: w, module: module}

	if _, err := w.terraform(ctx, module, apply...); err != nil {
		return nil, err
	}

	var images []string

	for _, one := range services() {
		if image := imageOf(one.image); image != "" {
			images = append(images, image)
		}
	}

	if err := loadImages(ctx, cluster, images); err != nil {
		return nil, err
	}

	r.loaded = images

	kubeconfig, err := k3d.Kubeconfig(ctx, cluster)
	if err != nil {
		return nil, err
	}

	if s.helmSide, err = newHelmSide(w, kubeconfig); err != nil {
		return nil, err
	}

	log.Printf("installing the services once, which is not timed")

	if err := s.install(ctx, nil); err != nil {
		return nil, err
	}

	if err := s.learn(ctx); err != nil {
		return nil, err
	}

	if err := s.uninstall(ctx); err != nil {
		return nil, err
	}

	return s, nil
}

// install adds the services to the module and applies it.
func (s *stage) install(ctx context.Context, r *report) error {
	if err := os.WriteFile(filepath.Join(s.module, servicesFile), []byte(servicesConfiguration()), 0o600); err != nil {
		return fmt.Errorf("write module: %w", err)
	}

	took, err := s.terraform(ctx, s.module, apply...)
	if err == nil && r != nil {
		r.services.add(ours, took)
	}

	return err
}

// uninstall takes the services off the module again.
func (s *stage) uninstall(ctx context.Context) error {
	if err := os.Remove(filepath.Join(s.module, servicesFile)); err != nil {
		return fmt.Errorf("remove services from module: %w", err)
	}

	if _, err := s.terraform(ctx, s.module, apply...); err != nil {
		return err
	}

	return s.gone(ctx)
}

// withProvider is a round of the provider.
func (s *stage) withProvider(ctx context.Context, plans int, r *report) error {
	if err := s.install(ctx, r); err != nil {
		return err
	}

	for range plans {
		// With this flag a plan that finds something to do counts as failed.
		took, busy, err := timed(ctx, s.module, s.cliEnvironment(), s.cli, "plan", "-input=false", "-detailed-exitcode")
		if err != nil {
			return err
		}

		r.plan, r.planBusy = append(r.plan, took), append(r.planBusy, busy)
	}

	return s.uninstall(ctx)
}
