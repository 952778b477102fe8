package zenserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// largest is the size of a page that is asked for; the server has its own limit, and says what it gave.
const largest = 1000

// page is one of a list.
type page[T any] struct {
	Index int `json:"index"`
	Pages int `json:"total_pages"`
	Items []T `json:"items"`
}

// list follows the pages of a list until there are no more. Objects with all they hold are asked for.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	var all []T

	if query == nil {
		query = url.Values{}
	}

	query.Set("hydrate", "true")
	query.Set("size", strconv.Itoa(largest))
	query.Set("sort_by", "id") // so that what is made meanwhile moves nothing from one page to another

	for index := 1; ; index++ {
		query.Set("page", strconv.Itoa(index))

		var one page[T]
		if err := c.call(ctx, http.MethodGet, path, query, nil, &one); err != nil {
			return nil, err
		}

		if one.Index == 0 {
			return nil, fmt.Errorf("GET %s: the server at %s %w: it answers with no list", path, c.config.URL, ErrNotZenML)
		}

		all = append(all, one.Items...)

		if index >= one.Pages {
			return all, nil
		}
	}
}

// oneOf is a filter that takes any of several values.
func oneOf(values []string) string {
	if len(values) == 1 {
		return "equals:" + values[0]
	}

	text, err := json.Marshal(values)
	if err != nil {
		return "" // unreachable: these are texts
	}

	return "oneof:" + string(text)
}
