package zenserver

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

const (
	// tries is how often a request is made in all.
	tries = 5
	// longest is how long a single wait may be, whatever the server asks for.
	longest = 30 * time.Second
	// total is how long all waits of a request may be together.
	total = 2 * time.Minute
)

// persist makes a request until it succeeds, fails for good, or has been tried often enough.
func (c *Client) persist(ctx context.Context, r request) ([]byte, error) {
	var waited time.Duration

	for try := 1; ; try++ {
		body, err := c.once(ctx, r)
		if err == nil || try == tries || ctx.Err() != nil || !again(r, err) {
			return body, err
		}

		wait := 250 * time.Millisecond << try

		var answer *Error
		if errors.As(err, &answer) && answer.RetryAfter > 0 {
			wait = answer.RetryAfter
		}

		if wait > longest || waited+wait > total {
			return nil, err // it asked for more than anybody would wait for
		}

		if err := c.config.Pause(ctx, wait); err != nil {
			return nil, err
		}

		waited += wait
	}
}

// again says whether a request may be made once more: any that the server has put off, and where the answer is lost, those
// that do no harm when they are made twice. A POST is such a one by its Idempotency-Key. A server that failed is asked
// again only for what it cannot have half done.
func again(r request, err error) bool {
	switch {
	case errors.Is(err, ErrBusy):
		return true
	case errors.Is(err, backend.ErrUnreachable):
		return r.method != http.MethodPost || r.key != ""
	case errors.Is(err, ErrBroken):
		return r.method == http.MethodGet || r.method == http.MethodDelete || r.method == http.MethodPut
	default:
		return false
	}
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()

	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
