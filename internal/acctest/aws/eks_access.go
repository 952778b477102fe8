package aws

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// accessPolicies is what the ARNs of all access policies begin with.
const accessPolicies = "arn:aws:eks::aws:cluster-access-policy/"

// enter adds an access entry.
func (c *cluster) enter(q *request, name, principal string, asked fields) fields {
	now := time.Now().Unix()
	entry := fields{
		"clusterName": name, "principalArn": principal, "type": "STANDARD", "kubernetesGroups": []any{}, "tags": fields{},
		"username": username(principal), "createdAt": now, "modifiedAt": now,
	}
	maps.Copy(entry, pick(asked, "type", "kubernetesGroups", "tags", "username"))

	kind, who, _ := strings.Cut(principal[strings.LastIndex(principal, ":")+1:], "/")
	entry["accessEntryArn"] = q.arn("access-entry/" + name + "/" + kind + "/" + q.account + "/" + who[strings.LastIndex(who, "/")+1:] + "/" + uuid())
	c.entries[principal] = entry

	return entry
}

// username is how Kubernetes calls a principal when nobody says: sessions of roles have names of their own.
func username(principal string) string {
	before, role, ok := strings.Cut(principal, ":role/")
	if !ok {
		return principal
	}

	return strings.Replace(before, ":iam:", ":sts:", 1) + ":assumed-role/" + role[strings.LastIndex(role, "/")+1:] + "/{{SessionName}}"
}

// associate gives an entry a policy.
func (c *cluster) associate(principal string, asked fields) fields {
	now := time.Now().Unix()
	association := fields{"associatedAt": now, "modifiedAt": now}
	maps.Copy(association, pick(asked, "policyArn", "accessScope"))

	if c.policies[principal] == nil {
		c.policies[principal] = map[string]fields{}
	}

	c.policies[principal][text(asked["policyArn"])] = association

	return association
}

// entry runs f for the access entry that a call names.
func (d *Double) entry(q *request, f func(*cluster, fields) answer) answer {
	return d.within(q, func(c *cluster) answer {
		entry := c.entries[q.path["principal"]]
		if entry == nil {
			return notFound(q, "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.")
		}

		return f(c, entry)
	})
}

// createAccessEntry stands in for an operation that moto lacks.
func (d *Double) createAccessEntry(q *request) answer {
	principal := q.text("principalArn")

	return d.once(q, q.path["cluster"]+"/"+principal, func() answer {
		return d.within(q, func(c *cluster) answer {
			switch {
			case object(c.patch["accessConfig"])["authenticationMode"] == "CONFIG_MAP":
				return invalidRequest(q, "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
			case !strings.HasPrefix(principal, "arn:aws:iam::"):
				return invalidParameter(q, "The specified principalArn is invalid: invalid principal.")
			case c.entries[principal] != nil:
				return inUse(q, "The specified access entry resource is already in use on this cluster.")
			}

			return ofJSON(fields{"accessEntry": c.enter(q, q.path["cluster"], principal, q.json())})
		})
	})
}

// describeAccessEntry stands in for an operation that moto lacks.
func (d *Double) describeAccessEntry(q *request) answer {
	return d.entry(q, func(_ *cluster, entry fields) answer { return ofJSON(fields{"accessEntry": entry}) })
}

// updateAccessEntry stands in for an operation that moto lacks.
func (d *Double) updateAccessEntry(q *request) answer {
	return d.entry(q, func(_ *cluster, entry fields) answer {
		maps.Copy(entry, pick(q.json(), "kubernetesGroups", "username"))
		entry["modifiedAt"] = time.Now().Unix()

		return ofJSON(fields{"accessEntry": entry})
	})
}

// deleteAccessEntry stands in for an operation that moto lacks.
func (d *Double) deleteAccessEntry(q *request) answer {
	return d.entry(q, func(c *cluster, _ fields) answer {
		principal := q.path["principal"]
		delete(c.entries, principal)
		delete(c.policies, principal)
		d.forget(q.path["cluster"] + "/" + principal)

		return ofJSON(fields{})
	})
}

// listAccessEntries stands in for an operation that moto lacks.
func (d *Double) listAccessEntries(q *request) answer {
	policy := q.http.URL.Query().Get("associatedPolicyArn")

	return d.within(q, func(c *cluster) answer {
		all := slices.DeleteFunc(sorted(c.entries), func(principal string) bool {
			return policy != "" && c.policies[principal][policy] == nil
		})

		return page(q, "accessEntries", all)
	})
}

// associateAccessPolicy stands in for an operation that moto lacks.
func (d *Double) associateAccessPolicy(q *request) answer {
	return d.entry(q, func(c *cluster, entry fields) answer {
		asked := q.json()

		switch {
		case !strings.HasPrefix(text(asked["policyArn"]), accessPolicies):
			return invalidParameter(q, "The specified policyArn is invalid: invalid policy")
		case entry["type"] != "STANDARD":
			return invalidParameter(q, "Access policies can be associated with access entries of type STANDARD only.")
		}

		return ofJSON(fields{
			"clusterName": q.path["cluster"], "principalArn": q.path["principal"],
			"associatedAccessPolicy": c.associate(q.path["principal"], asked),
		})
	})
}

// disassociateAccessPolicy stands in for an operation that moto lacks.
func (d *Double) disassociateAccessPolicy(q *request) answer {
	return d.entry(q, func(c *cluster, _ fields) answer {
		policies := c.policies[q.path["principal"]]
		if policies[q.path["policy"]] == nil {
			return notFound(q, "The specified policyArn is not associated with the access entry.")
		}

		delete(policies, q.path["policy"])

		return ofJSON(fields{})
	})
}

// listAssociatedAccessPolicies stands in for an operation that moto lacks.
func (d *Double) listAssociatedAccessPolicies(q *request) answer {
	return d.entry(q, func(c *cluster, _ fields) answer {
		policies := c.policies[q.path["principal"]]
		list := []fields{}

		for _, arn := range sorted(policies) {
			list = append(list, policies[arn])
		}

		return page(q, "associatedAccessPolicies", list).json(func(answer fields) {
			answer["clusterName"], answer["principalArn"] = q.path["cluster"], q.path["principal"]
		})
	})
}
