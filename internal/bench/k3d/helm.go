package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// namespace is where both sides install: the provider's default.
const namespace = "mlstacks"

// helmSide installs what the provider installs with the helm program.
type helmSide struct {
	helm        string
	environment []string
	directory   string
	clients     kubernetes.Interface
	// secrets are those that the charts want, as the provider has made them.
	secrets []core.Secret
}

// newHelmSide writes the charts and the kubeconfig to where helm finds them.
func newHelmSide(w workspace, kubeconfig []byte) (helmSide, error) {
	h := helmSide{helm: w.helm, directory: filepath.Join(w.directory, "helm")}

	for _, s := range services() {
		if err := os.CopyFS(h.chart(s), charts.FS(s.chart)); err != nil {
			return h, fmt.Errorf("write chart %s: %w", s.chart, err)
		}
	}

	file := filepath.Join(h.directory, "kubeconfig")
	if err := os.WriteFile(file, kubeconfig, 0o600); err != nil {
		return h, fmt.Errorf("write kubeconfig: %w", err)
	}

	h.environment = append(w.environment(), "KUBECONFIG="+file, "HELM_CACHE_HOME="+filepath.Join(h.directory, "cache"),
		"HELM_CONFIG_HOME="+filepath.Join(h.directory, "config"), "HELM_DATA_HOME="+filepath.Join(h.directory, "data"))

	config, err := clientcmd.RESTConfigFromKubeConfig(kubeconfig)
	if err != nil {
		return h, fmt.Errorf("read kubeconfig: %w", err)
	}

	h.clients, err = kubernetes.NewForConfig(config)

	return h, err
}

func (h *helmSide) chart(s service) string { return filepath.Join(h.directory, "charts", s.chart) }

func (h *helmSide) values(s service) string { return filepath.Join(h.directory, s.name+".yaml") }

// learn reads the values of the provider's releases, and the Secrets beside them.
func (h *helmSide) learn(ctx context.Context) error {
	for _, s := range services() {
		cmd := exec.CommandContext(ctx, h.helm, "get", "values", s.name, "--namespace", namespace, "--output", "yaml")
		cmd.Env = h.environment

		values, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("read the values of release %q: %w", s.name, err)
		}

		if err := os.WriteFile(h.values(s), values, 0o600); err != nil {
			return fmt.Errorf("write values: %w", err)
		}
	}

	all, err := h.clients.CoreV1().Secrets(namespace).List(ctx, meta.ListOptions{})
	if err != nil {
		return fmt.Errorf("read Secrets: %w", err)
	}

	for _, secret := range all.Items {
		if secret.Type == core.SecretTypeOpaque {
			h.secrets = append(h.secrets, core.Secret{ObjectMeta: meta.ObjectMeta{Name: secret.Name}, Data: secret.Data})
		}
	}

	return nil
}

// withHelm is a round of helm.
func (s *stage) withHelm(ctx context.Context, r *report) error {
	if err := s.furnish(ctx); err != nil {
		return err
	}

	var all time.Duration

	for _, one := range services() {
		took, err := s.run(ctx, s.helmSide.directory, s.helmSide.environment, s.helmSide.helm, "upgrade", one.name, s.chart(one), "--install",
			"--namespace", namespace, "--values", s.values(one), "--wait", "--timeout", "5m")
		if err != nil {
			return err
		}

		all += took
	}

	r.services.add(other, all)

	for _, one := range services() {
		if _, err := s.run(ctx, s.helmSide.directory, s.helmSide.environment, s.helmSide.helm, "uninstall", one.name, "--namespace", namespace, "--wait"); err != nil {
			return err
		}
	}

	if err := s.clients.CoreV1().Namespaces().Delete(ctx, namespace, meta.DeleteOptions{}); err != nil {
		return fmt.Errorf("remove namespace: %w", err)
	}

	return s.gone(ctx)
}

// furnish makes what helm finds there: the namespace with the Secrets.
func (h *helmSide) furnish(ctx context.Context) error {
	space := &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: namespace}}
	if _, err := h.clients.CoreV1().Namespaces().Create(ctx, space, meta.CreateOptions{}); err != nil {
		return fmt.Errorf("make namespace: %w", err)
	}

	for _, secret := range h.secrets {
		if _, err := h.clients.CoreV1().Secrets(namespace).Create(ctx, &secret, meta.CreateOptions{}); err != nil {
			return fmt.Errorf("make Secret %s: %w", secret.Name, err)
		}
	}

	return nil
}

// gone waits until nothing of the last round is left: no namespace and no volume.
func (h *helmSide) gone(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()

	for {
		_, err := h.clients.CoreV1().Namespaces().Get(ctx, namespace, meta.GetOptions{})
		if apierrors.IsNotFound(err) {
			volumes, err := h.clients.CoreV1().PersistentVolumes().List(ctx, meta.ListOptions{})
			if err == nil && len(volumes.Items) == 0 {
				return nil
			}
		}

		if !pause(ctx, 500*time.Millisecond) {
			return fmt.Errorf("wait for the end of namespace %q: %w", namespace, ctx.Err())
		}
	}
}
