package aws

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// cluster is what moto does not know of a cluster of EKS.
type cluster struct {
	// patch replaces fields of moto's description.
	patch fields
	// nodegroups does so for node groups, by name.
	nodegroups map[string]fields
	// entries are access entries, by principal; policies are those associated, by principal and policy.
	entries  map[string]fields
	policies map[string]map[string]fields
	// addons are by name, associations of pod identities by id.
	addons, associations map[string]fields
	updates              map[string]*update
	// securityGroup is the one that EKS itself makes in the VPC; empty without a VPC.
	securityGroup string
}

// update is one that EKS was asked for.
type update struct {
	said fields
	// of is the node group or add-on, empty for the cluster itself.
	of string
}

// replay is the answer to a call that was made with a token.
type replay struct {
	resource string
	answer   answer
}

// within runs f for the cluster that a call names, alone: answers are put together from several parts.
func (d *Double) within(q *request, f func(*cluster) answer) answer {
	d.eks.Lock()
	defer d.eks.Unlock()

	c := d.clusters[q.key(q.path["cluster"])]
	if c == nil {
		return notFound(q, "No cluster found for name: "+q.path["cluster"]+".")
	}

	return f(c)
}

func notFound(q *request, message string) answer {
	return failure(q, http.StatusNotFound, "ResourceNotFoundException", message)
}

func inUse(q *request, message string) answer {
	return failure(q, http.StatusConflict, "ResourceInUseException", message)
}

func invalidParameter(q *request, message string) answer {
	return failure(q, http.StatusBadRequest, "InvalidParameterException", message)
}

func invalidRequest(q *request, message string) answer {
	return failure(q, http.StatusBadRequest, "InvalidRequestException", message)
}

// once stands in for idempotency: a token that was seen before gets the answer of then, as long as the resource is there.
func (d *Double) once(q *request, resource string, create func() answer) answer {
	token := q.text("clientRequestToken")
	if token == "" {
		return create()
	}

	token = q.operation + " " + q.key(token)

	d.mu.Lock()
	known, ok := d.idempotent[token]
	d.mu.Unlock()

	if ok {
		return known.answer
	}

	a := create()
	if a.ok() {
		d.mu.Lock()
		d.idempotent[token] = replay{resource: resource, answer: a}
		d.mu.Unlock()
	}

	return a
}

// forget drops the tokens of a resource that is deleted.
func (d *Double) forget(resource string) {
	d.mu.Lock()
	defer d.mu.Unlock()

	for token, known := range d.idempotent {
		if known.resource == resource {
			delete(d.idempotent, token)
		}
	}
}

// identifier is n random characters of those that numbers in base 16 have.
func identifier(n int) string {
	raw := make([]byte, (n+1)/2)
	_, _ = rand.Read(raw) // it never fails

	return hex.EncodeToString(raw)[:n]
}

func uuid() string {
	s := identifier(32)

	return fmt.Sprintf("%s-%s-4%s-8%s-%s", s[:8], s[8:12], s[13:16], s[17:20], s[20:])
}

// defaultPage is how many a list has at most when nobody says how many.
const defaultPage = 20

// page answers the part of a list that a call asks for.
func page[T any](q *request, field string, all []T) answer {
	query := q.http.URL.Query()
	size, from := defaultPage, 0

	if n, err := strconv.Atoi(query.Get("maxResults")); err == nil && n > 0 {
		size = n
	}

	if n, err := strconv.Atoi(query.Get("nextToken")); err == nil {
		from = min(n, len(all))
	}

	to := min(from+size, len(all))
	result := fields{field: append([]T{}, all[from:to]...)}

	if to < len(all) {
		result["nextToken"] = strconv.Itoa(to)
	}

	return ofJSON(result)
}

// sorted lists the keys of a map.
func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}

	slices.Sort(names)

	return names
}

// pick takes those of some fields that are there.
func pick(from fields, names ...string) fields {
	picked := fields{}

	for _, name := range names {
		if value, ok := from[name]; ok {
			picked[name] = value
		}
	}

	return picked
}
