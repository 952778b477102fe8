package aws

// What can be held.
const (
	Clusters    = "eks:cluster"
	Nodegroups  = "eks:nodegroup"
	Addons      = "eks:addon"
	Updates     = "eks:update"
	DBInstances = "rds:instance"
	NATGateways = "ec2:natgateway"
)

// held is a resource in a state that passes.
type held struct {
	state string
	left  int
	// last is what the resource looked like before it was deleted.
	last *answer
}

// Hold makes creating, updating and deleting resources of a kind take a while from now on: the first n looks at one of
// them find it CREATING, UPDATING or DELETING (in the service's own words), those after find it done. 0 ends that for
// resources to come. Held resources refuse updates, as on AWS.
func (d *Double) Hold(kind string, polls int) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.holds[kind] = polls
}

// hold begins a state that passes; what is deleted shows its last answer as long.
func (d *Double) hold(q *request, kind, name, state string, last *answer) {
	d.mu.Lock()
	defer d.mu.Unlock()

	if q.observed || d.holds[kind] <= 0 {
		delete(d.held, kind+"/"+q.key(name))

		return
	}

	d.held[kind+"/"+q.key(name)] = &held{state: state, left: d.holds[kind], last: last}
}

// look counts one look at a resource and says what it finds; nil is a resource that is as it seems.
func (d *Double) look(q *request, kind, name string) *held {
	if q.observed {
		return nil
	}

	d.mu.Lock()
	defer d.mu.Unlock()

	h := d.held[kind+"/"+q.key(name)]
	if h == nil {
		return nil
	}

	if h.left--; h.left < 0 {
		delete(d.held, kind+"/"+q.key(name))

		return nil
	}

	return h
}

// busy tells the state in which a resource is held, without a look; empty is none.
func (d *Double) busy(q *request, kind, name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()

	if h := d.held[kind+"/"+q.key(name)]; h != nil && h.left > 0 {
		return h.state
	}

	return ""
}
