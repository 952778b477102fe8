package zenserver

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// limit bounds what is read of an answer, in bytes.
const limit = 64 << 20

// isJSON says that an answer can be one of ZenML's: a proxy in between, or another server, sends a page.
func isJSON(answer *http.Response) bool {
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))

	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// refusal turns an answer other than success into an Error.
func refusal(call string, answer *http.Response, body []byte) error {
	e := &Error{Status: answer.StatusCode, Call: call}
	e.Kind, e.Message = detail(body)
	e.Class = class(answer, e.Kind)

	switch to, err := answer.Location(); {
	case err == nil:
		e.Message = "it leads to " + to.Scheme + "://" + to.Host + ", which would be the address to give"
	case !isJSON(answer):
		e.Message = "what answers is no ZenML: " + excerpt(body)

		// A proxy's own page for a server that is down is no answer of another kind of server.
		if answer.StatusCode < http.StatusInternalServerError && answer.StatusCode != http.StatusTooManyRequests {
			e.Class = ErrNotZenML
		}
	case errors.Is(e.Class, ErrInvalid):
		e.Fields, e.Message = objections(body, e.Message)
	}

	if errors.Is(e.Class, ErrBusy) {
		e.RetryAfter = retryAfter(answer.Header.Get("Retry-After"))
	}

	return e
}

func class(answer *http.Response, kind string) error {
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden && kind == "IllegalOperationError":
		return ErrRefused
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound && kind == "":
		return ErrNotZenML // an address that ZenML does not serve: nothing is gone because of that
	case status == http.StatusNotFound:
		return backend.ErrNotFound
	case status == http.StatusConflict:
		return ErrConflict
	case status == http.StatusTooManyRequests:
		return ErrBusy
	case status >= http.StatusInternalServerError:
		return ErrBroken
	case status >= http.StatusBadRequest:
		return ErrInvalid
	default:
		return ErrNotZenML // a redirect that leads nowhere, or the like
	}
}

// detail reads ZenML's errors: {"detail": [class, text]}, {"detail": text}, or [class, text].
func detail(body []byte) (kind, message string) {
	var wrapped struct {
		Detail json.RawMessage `json:"detail"`
	}

	text := json.RawMessage(body)
	if json.Unmarshal(body, &wrapped) == nil && len(wrapped.Detail) > 0 {
		text = wrapped.Detail
	}

	var parts []string
	if json.Unmarshal(text, &parts) == nil && len(parts) > 0 {
		return parts[0], tidy(strings.Join(parts[1:], " "))
	}

	if json.Unmarshal(text, &message) == nil {
		return "", tidy(message)
	}

	return "", ""
}

// repeated finds what libraries of the server repeat of a request in the texts of their errors: values that do not fit,
// and statements with the values in them.
var repeated = regexp.MustCompile(`(?s)\s*\[type=\w+, input_value=.*?, input_type=\w+\]|\s*\[(SQL|parameters): .*`)

// tidy leaves out where in the server's code something happened, what may be secret, and the quotes that Python puts
// around the text of a KeyError.
func tidy(message string) string {
	message, _, _ = strings.Cut(message, "\n\n  File ")
	message = repeated.ReplaceAllString(message, "")

	return strings.Trim(strings.Join(strings.Fields(message), " "), `"`)
}

// objection finds the places in the text that the server makes of a validation error, and what it says against each.
var objection = regexp.MustCompile(`'loc': \(([^)]*)\)(?:, 'msg': (?:'([^']*)'|"([^"]*)"))?`)

// objections are the places that the server objects to, and what it says against them, without the content itself, which may
// be secret.
func objections(body []byte, message string) (fields []string, said string) {
	var structured struct {
		Detail []struct {
			Location []any  `json:"loc"`
			Message  string `json:"msg"`
		} `json:"detail"`
	}

	var says []string

	if json.Unmarshal(body, &structured) == nil {
		for _, one := range structured.Detail {
			var steps []string

			for _, step := range one.Location {
				switch step := step.(type) {
				case string:
					steps = append(steps, step)
				case float64:
					steps = append(steps, strconv.Itoa(int(step)))
				}
			}

			fields, says = withField(fields, steps), append(says, one.Message)
		}
	}

	matches := objection.FindAllStringSubmatch(message, -1)

	for _, match := range matches {
		var steps []string

		for step := range strings.SplitSeq(match[1], ",") {
			if step = strings.Trim(step, " '"); step != "" {
				steps = append(steps, step)
			}
		}

		fields = withField(fields, steps)

		if text := match[2] + match[3]; text != "" {
			says = append(says, text)
		}
	}

	if len(says)+len(matches) == 0 {
		return fields, message
	}

	return fields, strings.Join(says, "; ")
}

// withField adds a place, without the word body that all begin with.
func withField(fields, steps []string) []string {
	if len(steps) > 1 && steps[0] == "body" {
		steps = steps[1:]
	}

	at := strings.Join(steps, ".")
	if at == "" || slices.Contains(fields, at) {
		return fields
	}

	return append(fields, at)
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}

	if date, err := http.ParseTime(header); err == nil {
		return max(0, time.Until(date))
	}

	return 0
}

var tag = regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>|<[^>]*>`)

// excerpt is the beginning of a page, without markup.
func excerpt(body []byte) string {
	const length = 120

	text := strings.Join(strings.Fields(tag.ReplaceAllString(string(body), " ")), " ")
	if text == "" {
		return "it says nothing"
	}

	if runes := []rune(text); len(runes) > length {
		text = string(runes[:length]) + "…"
	}

	return strconv.Quote(text)
}
