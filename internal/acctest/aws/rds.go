package aws

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
)

var (
	dbInstance   = regexp.MustCompile(`(?s)<DBInstance>.*?</DBInstance>`)
	dbIdentifier = regexp.MustCompile(`<DBInstanceIdentifier>([^<]*)</DBInstanceIdentifier>`)
	dbStatus     = regexp.MustCompile(`<DBInstanceStatus>[^<]*</DBInstanceStatus>`)
	dbEndpoint   = regexp.MustCompile(`(?s)<Endpoint>.*?</Endpoint>`)
)

const dbParameter = "DBInstanceIdentifier"

// inState stands in for the states of an instance that moto leaves out. One that is being created has no address.
func inState(body []byte, state string) []byte {
	if state == "creating" {
		body = dbEndpoint.ReplaceAll(body, nil)
	}

	return dbStatus.ReplaceAll(body, []byte("<DBInstanceStatus>"+state+"</DBInstanceStatus>"))
}

func (d *Double) createDBInstance(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.hold(q, DBInstances, q.form().Get(dbParameter), "creating", nil)
		a.body = inState(a.body, "creating")
	}

	return a
}

func (d *Double) modifyDBInstance(q *request) answer {
	name := q.form().Get(dbParameter)
	if state := d.busy(q, DBInstances, name); state == "creating" || state == "deleting" {
		return failure(q, http.StatusBadRequest, "InvalidDBInstanceState", "Database instance is not in available state.")
	}

	a := d.moto(q)
	if a.ok() {
		d.hold(q, DBInstances, name, "modifying", nil)
	}

	return a
}

func (d *Double) deleteDBInstance(q *request) answer {
	name := q.form().Get(dbParameter)
	if d.busy(q, DBInstances, name) == "deleting" {
		return failure(q, http.StatusBadRequest, "InvalidDBInstanceState", "Instance "+name+" is already being deleted.")
	}

	form := url.Values{"Action": {"DescribeDBInstances"}, "Version": {"2014-10-31"}, dbParameter: {name}}
	last := d.ask(q, "rds", http.MethodPost, "/", "", []byte(form.Encode()))

	a := d.moto(q)
	if a.ok() {
		d.hold(q, DBInstances, name, "deleting", &last)
		a.body = inState(a.body, "deleting")
	}

	return a
}

func (d *Double) describeDBInstances(q *request) answer {
	a := d.moto(q)
	if name := q.form().Get(dbParameter); name != "" {
		h := d.look(q, DBInstances, name)

		switch {
		case h == nil:
			return a
		case h.last != nil:
			a = *h.last
		}

		a.body = inState(bytes.Clone(a.body), h.state)

		return a
	}

	a.body = dbInstance.ReplaceAllFunc(a.body, func(text []byte) []byte {
		if m := dbIdentifier.FindSubmatch(text); m != nil {
			if h := d.look(q, DBInstances, string(m[1])); h != nil {
				return inState(text, h.state)
			}
		}

		return text
	})

	return a
}
