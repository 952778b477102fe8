package aws

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Fault makes calls fail. What remains zero does not count; a Fault without any effect is a server error.
type Fault struct {
	// Operation says which calls: iam:CreateRole, iam:*, s3:Put* or * for all.
	Operation string
	// Mutating leaves calls alone that only read.
	Mutating bool
	// After is how many such calls go through before.
	After int
	// Times is how many fail; 0 is one, and less is all that follow.
	Times int

	// Status is that of the answer, by default 400 with a Code and 500 without.
	Status int
	// Code and Message are the error in the form of the service's protocol. HEAD has no body, so that S3 tells of Status only.
	Code, Message string
	// HTML answers a page, as gateways do and moto does for what it lacks.
	HTML bool
	// RetryAfter is a header, in whole seconds.
	RetryAfter time.Duration

	// Delay is waited before anything else. A Fault with nothing but a Delay is no failure.
	Delay time.Duration
	// Cut resets the connection before AWS acts.
	Cut bool
	// LoseAnswer has AWS act, and then resets the connection.
	LoseAnswer bool
}

// injected is a Fault at work.
type injected struct {
	Fault

	seen int
	hits atomic.Int64
}

// Inject makes calls fail from now on and returns how often that happened so far. Where several faults want a call, all
// their delays are waited and the first failure is the answer. To fail the Nth call of any kind, use *, After: N-1.
func (d *Double) Inject(f Fault) (hits func() int) {
	d.mu.Lock()
	defer d.mu.Unlock()

	in := &injected{Fault: f}
	d.faults = append(d.faults, in)

	return func() int { return int(in.hits.Load()) }
}

// fault finds what is wrong with a call; nil is nothing.
func (d *Double) fault(q *request) (*Fault, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()

	var (
		first *Fault
		delay time.Duration
	)

	for _, in := range d.faults {
		if !matches(in.Operation, q.operation) || in.Mutating && reads(q.operation) {
			continue
		}

		if first != nil && !in.slow() {
			continue // somebody else fails this one: it does not count here
		}

		in.seen++
		if in.seen <= in.After || in.Times >= 0 && in.seen > in.After+max(in.Times, 1) {
			continue
		}

		in.hits.Add(1)

		delay += in.Delay

		if !in.slow() {
			first = &in.Fault
		}
	}

	return first, delay
}

// slow is true for a fault that delays and does nothing else.
func (f *Fault) slow() bool {
	return f.Delay > 0 && f.Status == 0 && f.Code == "" && !f.HTML && !f.Cut && !f.LoseAnswer
}

// answer is what a call is told.
func (f *Fault) answer(q *request) answer {
	status := f.Status

	switch {
	case status != 0:
	case f.Code != "":
		status = http.StatusBadRequest
	default:
		status = http.StatusInternalServerError
	}

	code := f.Code
	if code == "" {
		code = "InternalFailure"
	}

	a := failure(q, status, code, f.Message)
	if f.HTML {
		a.header = http.Header{"Content-Type": {"text/html; charset=utf-8"}}
		a.body = []byte("<!doctype html>\n<title>" + http.StatusText(status) + "</title>\n<h1>" + http.StatusText(status) + "</h1>\n")
	}

	if f.RetryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}

	return a
}

// reads says whether an operation leaves everything as it is.
func reads(operation string) bool {
	_, name, _ := strings.Cut(operation, ":")
	for _, verb := range []string{"Describe", "Get", "List", "Head", "BatchGet", "BatchCheck", "Lookup", "Search", "Simulate", "AssumeRole"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}

	return false
}
