package aws

import (
	"maps"
	"time"
)

// join adds an association of a pod identity.
func (c *cluster) join(q *request, asked fields) fields {
	now, id := time.Now().Unix(), "a-"+identifier(17)
	association := fields{
		"associationId": id, "associationArn": q.arn("podidentityassociation/" + q.path["cluster"] + "/" + id), "clusterName": q.path["cluster"],
		"createdAt": now, "modifiedAt": now, "tags": fields{}, "disableSessionTags": false,
	}
	maps.Copy(association, pick(asked, "namespace", "serviceAccount", "roleArn", "tags", "disableSessionTags", "targetRoleArn", "policy", "ownerArn"))
	c.associations[id] = association

	return association
}

// createAssociation stands in for an operation that moto lacks.
func (d *Double) createAssociation(q *request) answer {
	asked := q.json()

	// What is made has no name before: the token goes with the service account.
	return d.once(q, podKey(q, asked), func() answer {
		return d.within(q, func(c *cluster) answer {
			for id, other := range c.associations {
				if other["namespace"] == asked["namespace"] && other["serviceAccount"] == asked["serviceAccount"] {
					return inUse(q, "Association already exists: "+id)
				}
			}

			return ofJSON(fields{"association": c.join(q, asked)})
		})
	})
}

func podKey(q *request, of fields) string {
	return q.path["cluster"] + "/" + text(of["namespace"]) + "/" + text(of["serviceAccount"])
}

// association runs f for the association that a call names.
func (d *Double) association(q *request, f func(*cluster, fields) answer) answer {
	return d.within(q, func(c *cluster) answer {
		association := c.associations[q.path["association"]]
		if association == nil {
			return notFound(q, "Association not found: "+q.path["association"])
		}

		return f(c, association)
	})
}

// describeAssociation stands in for an operation that moto lacks.
func (d *Double) describeAssociation(q *request) answer {
	return d.association(q, func(_ *cluster, association fields) answer { return ofJSON(fields{"association": association}) })
}

// updateAssociation stands in for an operation that moto lacks.
func (d *Double) updateAssociation(q *request) answer {
	return d.association(q, func(_ *cluster, association fields) answer {
		maps.Copy(association, pick(q.json(), "roleArn", "disableSessionTags", "targetRoleArn", "policy"))
		association["modifiedAt"] = time.Now().Unix()

		return ofJSON(fields{"association": association})
	})
}

// deleteAssociation stands in for an operation that moto lacks.
func (d *Double) deleteAssociation(q *request) answer {
	return d.association(q, func(c *cluster, association fields) answer {
		delete(c.associations, q.path["association"])
		d.forget(podKey(q, association))

		return ofJSON(fields{"association": association})
	})
}

// listAssociations stands in for an operation that moto lacks.
func (d *Double) listAssociations(q *request) answer {
	query := q.http.URL.Query()

	return d.within(q, func(c *cluster) answer {
		list := []fields{}

		for _, id := range sorted(c.associations) {
			one := c.associations[id]
			if query.Has("namespace") && query.Get("namespace") != one["namespace"] ||
				query.Has("serviceAccount") && query.Get("serviceAccount") != one["serviceAccount"] {
				continue
			}

			list = append(list, pick(one, "associationArn", "associationId", "clusterName", "namespace", "serviceAccount", "ownerArn"))
		}

		return page(q, "associations", list)
	})
}
