package aws

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// answer is what a call is told.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ok is true for a call that did what it was asked.
func (a answer) ok() bool { return a.status/100 == 2 }

// json changes an answer's JSON object; answers that are errors stay as they are.
func (a answer) json(change func(fields)) answer {
	if !a.ok() {
		return a
	}

	object := decode(a.body)
	change(object)
	a.body = encode(object)

	return a
}

// ofJSON is a successful answer.
func ofJSON(value any) answer {
	return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, body: encode(value)}
}

// handle answers one call.
func (d *Double) handle(w http.ResponseWriter, r *http.Request) {
	q, err := d.read(r)
	if err != nil {
		return
	}

	if q.observed {
		write(w, r, d.serve(q))

		return
	}

	end := d.record(q)
	fault, delay := d.fault(q)

	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return
		}
	}

	a, decided := d.decide(q, fault)

	if fault != nil && (fault.Cut || fault.LoseAnswer) {
		end(0, true)
		reset(w)

		return
	}

	end(a.status, decided)
	write(w, r, a)
}

// decide answers a call, as a fault says or as AWS would, and tells whether that was not AWS.
func (d *Double) decide(q *request, fault *Fault) (answer, bool) {
	if fault != nil && !fault.LoseAnswer {
		return fault.answer(q), true
	}

	if a, refused := d.roles.refuse(d, q); refused {
		return a, true
	}

	return d.serve(q), false
}

// serve answers a call as AWS would: with moto, and with what stands in for what it lacks.
func (d *Double) serve(q *request) answer {
	if q.service == "s3" {
		if a, refused := d.guard(q); refused {
			return a
		}
	}

	if serve, ok := standIns[q.operation]; ok {
		return serve(d, q)
	}

	return d.moto(q)
}

// moto has moto answer a call.
func (d *Double) moto(q *request) answer {
	if q.isCBOR() {
		return d.inJSON(q)
	}

	r := q.http.Clone(q.http.Context())
	r.RequestURI = ""
	r.URL.Scheme, r.URL.Host = "http", d.server.address
	r.Header.Set("X-Moto-Account-Id", q.account)
	r.Header.Del("Accept-Encoding")
	r.TransferEncoding = nil
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(q.body)), int64(len(q.body))

	response, err := d.server.client.Do(r) //nolint:gosec // to moto on the loopback
	if err != nil {
		return failure(q, http.StatusBadGateway, "MotoFailed", err.Error())
	}

	defer response.Body.Close() //nolint:errcheck // it was only read

	body, err := io.ReadAll(response.Body)
	if err != nil {
		return failure(q, http.StatusBadGateway, "MotoFailed", err.Error())
	}

	return answer{status: response.StatusCode, header: response.Header, body: body}
}

// ask makes a call of its own, for the account and region of another one. The body is a form, or JSON for a target.
func (d *Double) ask(q *request, service, method, path, target string, body []byte) answer {
	r := &http.Request{Method: method, Host: service + "." + q.region + ".amazonaws.com", Header: http.Header{}}
	r = r.WithContext(q.http.Context())
	r.URL = &url.URL{Path: path}

	if at := bytes.IndexByte([]byte(path), '?'); at >= 0 {
		r.URL = &url.URL{Path: path[:at], RawQuery: path[at+1:]}
	}

	if service == "s3" {
		r.Host = q.http.Host
	}

	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+accessKey(q.account)+"/20260101/"+q.region+"/"+service+
		"/aws4_request, SignedHeaders=host, Signature=0")

	switch {
	case target != "":
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	case method == http.MethodPost:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}

	return d.moto(&request{http: r, body: body, service: service, region: q.region, account: q.account})
}

// write sends an answer.
func write(w http.ResponseWriter, r *http.Request, a answer) {
	header := w.Header()
	maps.Copy(header, a.header)

	for _, name := range []string{"Connection", "Transfer-Encoding", "Server", "Date"} {
		header.Del(name)
	}

	if r.Method != http.MethodHead {
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}

	if header.Get("X-Amzn-Requestid") == "" {
		header.Set("X-Amzn-Requestid", requestID)
	}

	w.WriteHeader(a.status)

	if r.Method != http.MethodHead && a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		_, _ = w.Write(a.body) // a client that went away does not want it
	}
}

// requestID is the same for all: nothing depends on it.
const requestID = "00000000-0000-4000-8000-000000000000"

// reset ends a connection the way a network does.
func reset(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}

	connection, _, err := hijacker.Hijack()
	if err != nil {
		return
	}

	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset rather than an end; either will do
	}

	_ = connection.Close() // that is the point
}
