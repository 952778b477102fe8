package kube

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Drift says in one line each what Repair would change: objects that are missing or belong to somebody else, and fields
// that differ, with who has changed them where the cluster knows. It changes nothing, and shows no value of a Secret. The
// order of lines is that of the objects.
func (c *Cluster) Drift(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured) ([]string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()

	var (
		group  sync.WaitGroup
		turns  = make(chan struct{}, 8)
		found  = make([][]string, len(objects))
		faults = make([]error, len(objects))
	)

	for i, object := range objects {
		group.Go(func() {
			turns <- struct{}{}

			defer func() { <-turns }()

			found[i], faults[i] = c.driftOf(ctx, owner, object)
		})
	}

	group.Wait()

	var lines []string

	for i := range objects {
		if faults[i] != nil {
			return nil, fmt.Errorf("look for drift: %w", faults[i])
		}

		lines = append(lines, found[i]...)
	}

	return lines, nil
}

// readings is how often driftOf reads an object anew that changes under its eyes.
const readings = 5

func (c *Cluster) driftOf(ctx context.Context, owner backend.Owner, object *unstructured.Unstructured) ([]string, error) {
	var lines []string

	for range readings {
		live, err := c.get(ctx, object)

		switch {
		case meta.IsNoMatchError(err):
			return []string{short(object) + " does not exist, nor does its kind"}, nil
		case errors.Is(err, backend.ErrNotFound):
			return []string{short(object) + " does not exist"}, nil
		case err != nil:
			return nil, err
		case live.GetDeletionTimestamp() != nil:
			return []string{short(object) + " is being deleted"}, nil
		case !Belongs(live.GetLabels(), owner):
			return []string{fmt.Sprintf("%s belongs to somebody else: %s", short(object), whose(live))}, nil
		}

		wanted, refused, err := c.rehearse(ctx, owner, object)
		if err != nil || refused != "" {
			return nonEmpty(refused), err
		}

		lines = wording(live, wanted)

		// The rehearsal starts from what is there when it arrives. Where that is newer than what was read, a controller's
		// own writing (a Deployment's revision) would pass for drift.
		if len(lines) == 0 || live.GetResourceVersion() == wanted.GetResourceVersion() {
			return lines, nil
		}
	}

	return lines, nil
}

// rehearse is the object as Repair would leave it, or what keeps Repair from doing so.
func (c *Cluster) rehearse(ctx context.Context, owner backend.Owner, object *unstructured.Unstructured) (
	wanted *unstructured.Unstructured, refused string, err error,
) {
	resource, err := c.resource(ctx, object)
	if err != nil {
		return nil, "", err
	}

	wanted, err = resource.Apply(ctx, object.GetName(), marked(object, owner), metav1.ApplyOptions{
		FieldManager: Manager, Force: true, DryRun: []string{metav1.DryRunAll},
	})
	if err == nil {
		return wanted, "", nil
	}

	err = c.refusal(object, err)
	if errors.Is(err, backend.ErrUnreachable) || ctx.Err() != nil || !isAnswer(err) && !isSecret(object) {
		return nil, "", fmt.Errorf("compare %s: %w", where(object), err)
	}

	return nil, fmt.Sprintf("%s differs and cannot be changed back: %s", short(object), oneLine(err.Error(), 400)), nil
}

func nonEmpty(line string) []string {
	if line == "" {
		return nil
	}

	return []string{line}
}

// wording has a line for each difference between what is and what would be.
func wording(live, wanted *unstructured.Unstructured) []string {
	var lines []string

	managers := managed(live)

	for _, d := range compare(essence(live), essence(wanted)) {
		line := short(live) + ": " + d.wording(isSecret(live))

		if who := managers.who(d.steps); len(who) > 0 {
			line += " (set by " + strings.Join(who, ", ") + ")"
		}

		lines = append(lines, line)
	}

	return lines
}

// essence leaves out what the server writes.
func essence(object *unstructured.Unstructured) map[string]any {
	copied := object.DeepCopy().Object
	delete(copied, "status")

	if metadata, ok := copied["metadata"].(map[string]any); ok {
		kept := map[string]any{}

		for _, field := range []string{"labels", "annotations", "finalizers", "ownerReferences"} {
			if value, ok := metadata[field]; ok {
				kept[field] = value
			}
		}

		copied["metadata"] = kept
	}

	return copied
}
