package zenserver

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// token is what a server hands out for credentials.
type token struct {
	text string
	// renew is when another one is asked for; zero for one that does not expire.
	renew time.Time
}

// early is how long before its end a token is renewed.
const early = time.Minute

// bearer returns a token to use. spent is one that the server has just refused: another one is returned, which somebody
// else may have asked for in the meantime.
func (c *Client) bearer(ctx context.Context, spent string) (string, error) {
	if err := c.loggingIn.enter(ctx); err != nil {
		return "", fmt.Errorf("log in to the ZenML server at %s: %w", c.config.URL, err)
	}
	defer c.loggingIn.leave()

	if t := c.token; t.text != "" && t.text != spent && (t.renew.IsZero() || time.Now().Before(t.renew)) {
		return t.text, nil
	}

	t, err := c.login(ctx)
	if err == nil {
		c.token = t
	}

	return t.text, err
}

// login trades the credentials for a token.
func (c *Client) login(ctx context.Context) (token, error) {
	form := url.Values{}

	switch {
	case c.config.APIKey != "":
		form.Set("password", c.config.APIKey)
	case c.config.Password != "" || c.config.Username != "":
		form.Set("username", c.config.Username)
		form.Set("password", c.config.Password)
	default:
		return token{}, fmt.Errorf("%w for the server at %s", ErrNoCredentials, c.config.URL)
	}

	body, err := c.persist(ctx, request{
		method: http.MethodPost, path: "login", call: "log in to the ZenML server at " + c.config.URL,
		body: []byte(form.Encode()), kind: "application/x-www-form-urlencoded", key: NewID(),
	})
	if err != nil {
		return token{}, err
	}

	var answer struct {
		Text      string `json:"access_token"`
		ExpiresIn *int   `json:"expires_in"`
	}

	if err := json.Unmarshal(body, &answer); err != nil || answer.Text == "" {
		return token{}, fmt.Errorf("log in: the server at %s %w: it gave no token", c.config.URL, ErrNotZenML)
	}

	return token{text: answer.Text, renew: renewal(answer.Text, answer.ExpiresIn)}, nil
}

// renewal is when to ask for another token: before the end that the answer or the token itself names.
func renewal(text string, expiresIn *int) time.Time {
	if expiresIn != nil {
		return before(time.Now(), time.Now().Add(time.Duration(*expiresIn)*time.Second))
	}

	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return time.Time{}
	}

	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}

	var said struct {
		Expires float64 `json:"exp"`
	}

	if err := json.Unmarshal(claims, &said); err != nil || said.Expires == 0 {
		return time.Time{}
	}

	return before(time.Now(), time.Unix(int64(said.Expires), 0))
}

// before is a while before an end, and at least half of the time that is left.
func before(now, end time.Time) time.Time {
	left := end.Sub(now)

	return now.Add(max(left/2, left-early))
}
