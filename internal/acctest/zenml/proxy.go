package zenml

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// Proxy stands before a server, records what is asked of it, and may answer in its place.
type Proxy struct {
	// URL is its address.
	URL string

	mu    sync.Mutex
	calls []string
	fault func(w http.ResponseWriter, r *http.Request) bool
}

// Proxy returns one for as long as the test lasts.
func (s *Server) Proxy(t *testing.T) *Proxy {
	t.Helper()

	p := &Proxy{}
	stop := p.serve(s.URL)
	t.Cleanup(stop)

	return p
}

// Counted returns a proxy for a program that is no test, and what ends it.
func (s *Server) Counted() (p *Proxy, stop func()) {
	p = &Proxy{}

	stop = p.serve(s.URL)

	return p, stop
}

func (p *Proxy) serve(target string) (stop func()) {
	to, err := url.Parse(target)
	if err != nil {
		panic(err) // the server's own address
	}

	onward := httputil.NewSingleHostReverseProxy(to)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.calls = append(p.calls, r.Method+" "+r.URL.Path)
		fault := p.fault
		p.mu.Unlock()

		if fault == nil || !fault(w, r) {
			onward.ServeHTTP(w, r)
		}
	}))
	p.URL = front.URL

	return front.Close
}

// Fail lets a function answer first; where it returns false, the server does. Nil ends that.
func (p *Proxy) Fail(fault func(w http.ResponseWriter, r *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()

	p.fault = fault
}

// Calls returns what was asked since the last time, as "METHOD /path".
func (p *Proxy) Calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()

	calls := p.calls
	p.calls = nil

	return calls
}
