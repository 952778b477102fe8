// Package zenserver talks to a ZenML server over its REST API. It knows what a server of Version has, and nothing of
// Terraform.
package zenserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Version is the one that this package was written for; others of 0.98 are alike.
const Version = "0.98"

// Config says where a server is, and who logs in.
type Config struct {
	// URL is the address of the server, without /api/v1.
	URL string
	// APIKey is that of a service account. It comes before Username and Password.
	APIKey string
	// Username and Password are those of a user.
	Username, Password string
	// UserAgent tells the server who asks.
	UserAgent string
	// Transport is http.DefaultTransport where it is nil.
	Transport http.RoundTripper
	// Pause waits between two tries; nil waits for real.
	Pause func(ctx context.Context, wait time.Duration) error
}

// Client talks to one server as one user. It may be used by several goroutines at once.
type Client struct {
	config Config
	http   *http.Client
	calls  atomic.Int64

	loggingIn gate
	token     token

	asking gate
	// info is what the server said of itself, once it did.
	info *Info
}

// gate lets one in at a time. Others wait for as long as their contexts last.
type gate chan struct{}

func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (g gate) leave() { <-g }

// New returns a client that has contacted nobody yet.
func New(config Config) *Client {
	config.URL = Address(config.URL)

	if config.Pause == nil {
		config.Pause = pause
	}

	return &Client{config: config, loggingIn: make(gate, 1), asking: make(gate, 1), http: &http.Client{Transport: config.Transport, CheckRedirect: sameServer}}
}

// Address is the address of a server in the form that tells it from others: without a slash at the end.
func Address(url string) string { return strings.TrimRight(url, "/") }

// URL is the address of the server.
func (c *Client) URL() string { return c.config.URL }

// Calls is how many requests were made so far.
func (c *Client) Calls() int64 { return c.calls.Load() }

// sameServer follows redirects on the server only: a token is for nobody else, and does not go out in clear where it did
// not before. A redirect that would make another method of a request leads nowhere either.
func sameServer(request *http.Request, before []*http.Request) error {
	first := before[0]
	if len(before) >= 5 || request.URL.Host != first.URL.Host || request.URL.Scheme != first.URL.Scheme || request.Method != first.Method {
		return http.ErrUseLastResponse
	}

	return nil
}

// call makes a request as the user and reads the answer into result; nil leaves it.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, content, result any) error {
	r := request{method: method, path: path, query: query, call: method + " " + path}

	if content != nil {
		var err error
		if r.body, err = json.Marshal(content); err != nil {
			return fmt.Errorf("write %s: %w", r.call, err)
		}

		r.kind = "application/json"
	}

	if method == http.MethodPost {
		r.key = NewID() // one for all tries: the server answers the second as it answered the first
	}

	body, err := c.asUser(ctx, r)
	if err != nil || result == nil {
		return err
	}

	if err := json.Unmarshal(body, result); err != nil {
		return fmt.Errorf("%s: the server at %s %w: read its answer: %w", r.call, c.config.URL, ErrNotZenML, err)
	}

	return nil
}

// asUser makes a request with a token, and once more with a fresh one where the server does not take it.
func (c *Client) asUser(ctx context.Context, r request) ([]byte, error) {
	for fresh := false; ; fresh = true {
		bearer, err := c.bearer(ctx, r.bearer)
		if err != nil {
			return nil, err
		}

		r.bearer = bearer

		body, err := c.persist(ctx, r)
		if fresh || !errors.Is(err, ErrUnauthorized) {
			return body, err
		}
	}
}

// request is one that can be made again.
type request struct {
	method, path, call string
	query              url.Values
	body               []byte
	kind               string
	key                string
	bearer             string
}

// once makes a request one time.
func (c *Client) once(ctx context.Context, r request) ([]byte, error) {
	address := c.config.URL + "/api/v1/" + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}

	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.call, err)
	}

	for name, value := range map[string]string{
		"Accept": "application/json", "Content-Type": r.kind, "Idempotency-Key": r.key, "User-Agent": c.config.UserAgent,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}

	if r.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+r.bearer)
	}

	c.calls.Add(1)

	answer, err := c.http.Do(req)
	if err != nil {
		return nil, c.unreachable(ctx, r.call, err)
	}

	defer func() { _ = answer.Body.Close() }()

	body, err := io.ReadAll(io.LimitReader(answer.Body, limit))
	if err != nil {
		return nil, c.unreachable(ctx, r.call, err)
	}

	if answer.StatusCode >= http.StatusMultipleChoices || !isJSON(answer) {
		return nil, refusal(r.call, answer, body)
	}

	return body, nil
}

// unreachable words why there was no answer, without the request's own address, which may say more than it should.
func (c *Client) unreachable(ctx context.Context, call string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", call, context.Cause(ctx))
	}

	if transport, ok := errors.AsType[*url.Error](err); ok {
		err = transport.Err
	}

	return fmt.Errorf("%s: the server at %s %w: %w", call, c.config.URL, backend.ErrUnreachable, err)
}

// NewID is a random UUID: what Idempotency-Key has to be, and what tells two makings of an object apart.
func NewID() string {
	var b [16]byte

	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80

	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
