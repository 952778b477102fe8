package helm

import (
	"context"
	"fmt"

	"helm.sh/helm/v4/pkg/release/common"
)

// Served says whether a release has ever been ready, so that something may have been put into it.
func (c *Client) Served(ctx context.Context, name string) (bool, error) {
	ctx, cancel := limit(ctx, 0)
	defer cancel()

	s, err := c.begin(ctx)
	if err != nil {
		return false, err
	}

	records, err := s.records(name)
	if err := explain(ctx, err); err != nil {
		return false, fmt.Errorf("read release %q in namespace %q: %w", name, c.namespace, err)
	}

	for _, record := range records {
		if record.Info.Status == common.StatusDeployed || record.Info.Status == common.StatusSuperseded {
			return true, nil
		}
	}

	return false, nil
}
