package aws

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// fields is a JSON object.
type fields = map[string]any

// request is one call, understood.
type request struct {
	http *http.Request
	body []byte
	// service, region and account are what the call is signed for.
	service, region, account string
	// operation is that of the API, with the service.
	operation string
	// path holds what the path names, for services that name things there: bucket, cluster, addon …
	path map[string]string
	// observed is true for calls of Config.
	observed bool
}

var (
	scopeOf = regexp.MustCompile(`(?:Credential=|^)([^/ =]+)/\d{8}/([^/]*)/([^/]+)/aws4_request`)
	rpcOf   = regexp.MustCompile(`^/service/[^/]+/operation/([A-Za-z0-9]+)$`)
)

// read understands a request.
func (d *Double) read(r *http.Request) (*request, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err //nolint:wrapcheck // the client went away, nobody reads it
	}

	q := &request{http: r, body: body, region: Region, account: d.Account, observed: r.Header.Get(observer) != ""}

	scope := r.Header.Get("Authorization")
	if scope == "" {
		scope = r.URL.Query().Get("X-Amz-Credential") // a presigned address
	}

	if m := scopeOf.FindStringSubmatch(scope); m != nil {
		q.account, q.region, q.service = d.accountOf(m[1]), m[2], m[3]
	}

	q.operation = q.service + ":" + q.action()

	return q, nil
}

// accountOf tells in which account a key acts.
func (d *Double) accountOf(key string) string {
	d.mu.Lock()
	defer d.mu.Unlock()

	if account, ok := d.keys[key]; ok {
		return account
	}

	if account, ok := strings.CutPrefix(key, ownKey); ok {
		return account
	}

	return d.Account
}

// action finds the name of the operation where the service's protocol has it.
func (q *request) action() string {
	r := q.http

	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}

	if m := rpcOf.FindStringSubmatch(r.URL.Path); m != nil {
		return m[1]
	}

	switch q.service {
	case "s3":
		return q.s3Action()
	case "eks":
		return q.eksAction()
	}

	form := q.form()
	if q.service == "" { // calls that need no key are of this service only
		q.service = "sts"
	}

	if action := form.Get("Action"); action != "" {
		return action
	}

	return r.Method + r.URL.EscapedPath()
}

// form is the body of a service with the query protocol.
func (q *request) form() url.Values {
	form, err := url.ParseQuery(string(q.body))
	if err != nil || form.Get("Action") == "" {
		return q.http.URL.Query()
	}

	return form
}

// json is the body of a service that speaks JSON; it is empty where that is none.
func (q *request) json() fields {
	return decode(q.body)
}

// text is a field of the JSON body.
func (q *request) text(field string) string {
	return text(q.json()[field])
}

// decode reads a JSON object and keeps its numbers as they are written.
func decode(body []byte) fields {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()

	object := fields{}
	if decoder.Decode(&object) != nil || object == nil {
		return fields{}
	}

	return object
}

// encode writes JSON.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return []byte("{}") // values come from JSON
	}

	return text
}

// text is a JSON value as a string, empty where it is none.
func text(value any) string {
	s, _ := value.(string)

	return s
}

// object is a JSON value as an object, empty where it is none.
func object(value any) fields {
	o, ok := value.(fields)
	if !ok || o == nil {
		return fields{}
	}

	return o
}

// array is a JSON value as an array, empty where it is none.
func array(value any) []any {
	l, _ := value.([]any)

	return l
}

// key names something in the region and account of a call.
func (q *request) key(names ...string) string {
	return q.account + "/" + q.region + "/" + strings.Join(names, "/")
}

// arn is an address of the service in the region and account of a call.
func (q *request) arn(resource string) string {
	return "arn:aws:" + q.service + ":" + q.region + ":" + q.account + ":" + resource
}
