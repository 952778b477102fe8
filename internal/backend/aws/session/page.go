package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// PageError says that a page answered, as a proxy or a wrong endpoint sends it. No service of AWS speaks HTML, and its
// status says nothing about the object that was asked for.
type PageError struct{ Status int }

// Error says what answered.
func (e *PageError) Error() string {
	return fmt.Sprintf("what answered is no service of AWS: HTTP %d %s with a page", e.Status, http.StatusText(e.Status))
}

func isPage(err error) bool {
	var page *PageError

	return errors.As(err, &page)
}

// refusePages adds the check to every call, before the SDK reads the answer as one of a service's.
func refusePages(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("RefusePages", func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)

		if response, ok := out.RawResponse.(*smithyhttp.Response); ok && err == nil &&
			strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && (response.StatusCode >= http.StatusMultipleChoices || beginsAsPage(response)) {
			err = &PageError{Status: response.StatusCode}
		}

		return out, metadata, err
	}), middleware.After)
}

// beginsAsPage looks at what an answer that calls itself a success begins with, and leaves it to be read. A portal that wants
// a login answers so.
func beginsAsPage(response *smithyhttp.Response) bool {
	const enough = 64

	body := bufio.NewReaderSize(response.Body, enough)
	first, _ := body.Peek(enough) // an answer may be shorter
	response.Body = struct {
		io.Reader
		io.Closer
	}{body, response.Body}
	text := strings.ToLower(strings.TrimSpace(string(first)))

	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html")
}
