package aws

import (
	"maps"
	"strings"
)

// tagsOf is a copy of the tags that fields have, and empty where they have none.
func tagsOf(of fields) fields {
	tags := fields{}
	maps.Copy(tags, object(of["tags"]))

	return tags
}

// tagged finds what an ARN is of, among what the Double itself keeps; nil is somebody else's.
func (d *Double) tagged(q *request) fields {
	arn := q.path["arn"]

	for key, c := range d.clusters {
		if !strings.HasPrefix(key, q.key()) {
			continue
		}

		for field, all := range map[string]map[string]fields{
			"accessEntryArn": c.entries, "addonArn": c.addons, "associationArn": c.associations, "nodegroupArn": c.nodegroups,
		} {
			for _, one := range all {
				if text(one[field]) == arn {
					return one
				}
			}
		}
	}

	return nil
}

// tags runs f for the tags of what a call names; what moto keeps goes to moto.
func (d *Double) tags(q *request, f func(tags fields) answer) answer {
	d.eks.Lock()
	defer d.eks.Unlock()

	one := d.tagged(q)
	if one == nil {
		return d.moto(q)
	}

	tags := tagsOf(one)
	one["tags"] = tags

	return f(tags)
}

// tagResource stands in for tags of what moto lacks.
func (d *Double) tagResource(q *request) answer {
	return d.tags(q, func(tags fields) answer {
		maps.Copy(tags, object(q.json()["tags"]))

		return ofJSON(fields{})
	})
}

func (d *Double) untagResource(q *request) answer {
	return d.tags(q, func(tags fields) answer {
		for _, key := range q.http.URL.Query()["tagKeys"] {
			delete(tags, key)
		}

		return ofJSON(fields{})
	})
}

func (d *Double) listTags(q *request) answer {
	return d.tags(q, func(tags fields) answer { return ofJSON(fields{"tags": tags}) })
}
