package kube

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// EnsureSecret makes a Secret that has a value for every key of want, generated once and kept from then on whatever the
// Secret holds, and exactly the values of fixed for theirs. It returns all values; they belong into no state, plan or log.
func (c *Cluster) EnsureSecret(
	ctx context.Context, owner backend.Owner, namespace, name string,
	want map[string]func() string, fixed map[string]string,
) (map[string]string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()

	for {
		secret, err := c.tryEnsure(ctx, owner, namespace, name, want, fixed)
		if err != nil {
			return nil, fmt.Errorf("ensure %w", err)
		}

		if secret != nil {
			return values(secret), nil
		}

		if !pause(ctx, jitter()) {
			return nil, fmt.Errorf("ensure Secret/%s in namespace %s: others change it all the time: %w", name, namespace, ctx.Err())
		}
	}
}

// tryEnsure returns nil when the Secret has come, gone or changed since it was looked at.
func (c *Cluster) tryEnsure(
	ctx context.Context, owner backend.Owner, namespace, name string,
	want map[string]func() string, fixed map[string]string,
) (*corev1.Secret, error) {
	named := secretNamed(namespace, name)

	live, err := c.core.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})

	switch {
	case isNotFound(err):
		fresh := &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: namespace, Name: name, Labels: Labels(owner), Annotations: Annotations(owner),
			},
			Type: corev1.SecretTypeOpaque,
		}
		fill(fresh, want, fixed)

		made, err := c.core.Secrets(namespace).Create(ctx, fresh, metav1.CreateOptions{FieldManager: Manager})

		return c.written(named, made, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", where(named), c.fault(err))
	case !Belongs(live.GetLabels(), owner):
		return nil, fmt.Errorf("%s %w: %s", where(named), backend.ErrForeign, whose(live))
	case live.DeletionTimestamp != nil:
		named.SetUID(live.UID)

		return nil, c.gone(ctx, named)
	}

	if !fill(live, want, fixed) {
		return live, nil
	}

	changed, err := c.core.Secrets(namespace).Update(ctx, live, metav1.UpdateOptions{FieldManager: Manager})

	return c.written(named, changed, err)
}

func (c *Cluster) written(named *unstructured.Unstructured, secret *corev1.Secret, err error) (*corev1.Secret, error) {
	switch {
	case err == nil:
		return secret, nil
	case apierrors.IsAlreadyExists(err), apierrors.IsConflict(err):
		return nil, nil
	case isNotFound(err):
		return nil, c.notApplied(named, err)
	}

	return nil, fmt.Errorf("%s: %w", where(named), c.refusal(named, err))
}

// fill says whether it changed anything.
func fill(secret *corev1.Secret, want map[string]func() string, fixed map[string]string) bool {
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}

	changed := false

	for key, value := range fixed {
		if have, ok := secret.Data[key]; !ok || string(have) != value {
			secret.Data[key] = []byte(value)
			changed = true
		}
	}

	for key, generate := range want {
		if _, given := secret.Data[key]; !given {
			secret.Data[key] = []byte(generate())
			changed = true
		}
	}

	return changed
}

// Secret returns the values of a Secret; backend.ErrNotFound when there is none.
func (c *Cluster) Secret(ctx context.Context, namespace, name string) (map[string]string, error) {
	secret, err := c.core.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", where(secretNamed(namespace, name)), c.fault(err))
	}

	return values(secret), nil
}

func values(secret *corev1.Secret) map[string]string {
	texts := make(map[string]string, len(secret.Data))
	for key, value := range secret.Data {
		texts[key] = string(value)
	}

	return texts
}

func secretNamed(namespace, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"namespace": namespace, "name": name},
	}}
}
