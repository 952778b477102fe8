package helm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	release "helm.sh/helm/v4/pkg/release/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// lookTime is enough for kube.Cluster.Wait to look at pods twice.
const lookTime = 5 * time.Second

// hookFailure adds to an error why the hook that ran last is not complete: Helm only says that its time was up. A call
// that was canceled is not held up by it.
func (c *Client) hookFailure(ctx context.Context, r Release, err error) error {
	var known *kube.NotReadyError
	if errors.Is(ctx.Err(), context.Canceled) || errors.As(err, &known) {
		return err
	}

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*lookTime)
	defer cancel()

	s, failed := c.begin(ctx)
	if failed != nil {
		return err
	}

	records, failed := s.records(r.Name)
	if failed != nil || len(records) == 0 {
		return err
	}

	for _, hook := range slices.Backward(records[len(records)-1].Hooks) {
		if hook.LastRun.StartedAt.IsZero() || hook.LastRun.Phase == release.HookPhaseSucceeded {
			continue
		}

		objects, failed := s.objects(hook.Manifest)
		if failed != nil {
			continue
		}

		look, stop := context.WithTimeout(ctx, lookTime)
		failed = s.cluster.Wait(look, objects)

		stop()

		if errors.As(failed, &known) {
			return fmt.Errorf("%w: hook %s: %s", err, hook.Name, strings.Join(known.Problems, "; "))
		}
	}

	return err
}
