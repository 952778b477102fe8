package aws

import (
	"net/http"
	"strings"
)

// logGroup is the name of the group that a call is about, which may be given as an ARN.
func (q *request) logGroup() string {
	if name := q.text("logGroupName"); name != "" {
		return name
	}

	_, name, _ := strings.Cut(q.text("resourceIdentifier"), ":log-group:")

	return strings.TrimSuffix(name, ":*")
}

// associateKMSKey stands in for an operation that moto lacks: it gives a group a key.
func (d *Double) associateKMSKey(q *request) answer { return d.setLogKey(q, q.text("kmsKeyId")) }

// disassociateKMSKey stands in for the operation that takes the key from a group.
func (d *Double) disassociateKMSKey(q *request) answer { return d.setLogKey(q, "") }

func (d *Double) setLogKey(q *request, key string) answer {
	name := q.logGroup()

	streams := encode(fields{"logGroupName": name, "limit": 1})
	if a := d.ask(q, "logs", http.MethodPost, "/", "Logs_20140328.DescribeLogStreams", streams); !a.ok() {
		return a // there is no such group
	}

	d.mu.Lock()
	defer d.mu.Unlock()

	d.logKeys[q.key("log-group", name)] = key

	return ofJSON(fields{})
}

// describeLogGroups stands in for keys that were changed, which moto does not know.
func (d *Double) describeLogGroups(q *request) answer {
	return d.moto(q).json(func(answer fields) {
		d.mu.Lock()
		defer d.mu.Unlock()

		for _, one := range array(answer["logGroups"]) {
			group := object(one)

			key, changed := d.logKeys[q.key("log-group", text(group["logGroupName"]))]
			if changed {
				group["kmsKeyId"] = key
			}

			if changed && key == "" {
				delete(group, "kmsKeyId")
			}
		}
	})
}

// deleteLogGroup forgets the key of a group, so that the next of that name has its own.
func (d *Double) deleteLogGroup(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.mu.Lock()
		defer d.mu.Unlock()

		delete(d.logKeys, q.key("log-group", q.text("logGroupName")))
	}

	return a
}
