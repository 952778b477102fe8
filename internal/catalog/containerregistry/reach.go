package containerregistry

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	// patience is how long a registry may take to answer after it runs.
	patience = time.Minute
	// glance is how long a single try may take.
	glance = 3 * time.Second
)

// reach waits until a registry answers at a URL, with or without a login.
func reach(ctx context.Context, base string) error {
	deadline := time.Now().Add(patience)

	for {
		err := ask(ctx, base)
		if err == nil {
			return nil
		}

		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("reach registry at %s: %w", base, flavor.Because(flavor.ErrUnreachable, err))
		}

		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func ask(ctx context.Context, base string) error {
	resp, err := get(ctx, base+"/v2/", nil)
	if err != nil {
		return err
	}

	if err := resp.Body.Close(); err != nil {
		return err
	}

	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusUnauthorized {
		return fmt.Errorf("it answers %s, which no registry does", resp.Status)
	}

	return nil
}

// asker does not wait long, and follows nobody elsewhere.
var asker = &http.Client{
	Timeout:       glance,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// get asks a registry, with a login where there is one. The caller closes the body.
func get(ctx context.Context, url string, login *clustered.Login) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}

	if login != nil {
		req.SetBasicAuth(login.Username, login.Password)
	}

	return asker.Do(req)
}
