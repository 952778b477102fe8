package aws

import "strings"

// Call is one HTTP request that reached the Double: an attempt, where a client retries.
type Call struct {
	// Service is the name that is signed for, like iam, eks or s3; monitoring is CloudWatch.
	Service string
	// Operation is that of the API, with the service: iam:CreateRole, s3:PutBucketLifecycleConfiguration.
	Operation string
	// Status is the answer's, 0 where the connection was cut or the call is still under way.
	Status int
	// Injected is true where a fault or Propagate decided about the answer.
	Injected bool
}

// Calls are those since the Double was started or reset, in the order in which they came. Calls of Config are none.
func (d *Double) Calls() []Call {
	d.mu.Lock()
	defer d.mu.Unlock()

	calls := make([]Call, len(d.calls))
	for i, call := range d.calls {
		calls[i] = *call
	}

	return calls
}

// Count says how many calls were of an operation, like iam:CreateRole; * at its end matches any rest.
func (d *Double) Count(operation string) int {
	n := 0

	for _, call := range d.Calls() {
		if matches(operation, call.Operation) {
			n++
		}
	}

	return n
}

// Reset forgets calls, faults and holds. What was made stays, and so do states that began to be held.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.calls, d.faults = nil, nil
	d.roles.calls = 0
	clear(d.roles.left)
	clear(d.holds)
}

// record notes a call and returns what is told its end.
func (d *Double) record(q *request) func(status int, injected bool) {
	d.mu.Lock()
	defer d.mu.Unlock()

	call := &Call{Service: q.service, Operation: q.operation}
	d.calls = append(d.calls, call)

	return func(status int, injected bool) {
		d.mu.Lock()
		defer d.mu.Unlock()

		call.Status, call.Injected = status, injected
	}
}

// matches says whether a pattern is of an operation.
func matches(pattern, operation string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(operation, prefix)
	}

	return pattern == operation
}
