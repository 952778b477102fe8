package aws

import (
	"maps"
	"slices"
)

// createNodegroup stands in for what moto loses or invents of a node group.
func (d *Double) createNodegroup(q *request) answer {
	asked, name := q.json(), q.text("nodegroupName")
	held := q.path["cluster"] + "/" + name

	return d.once(q, held, func() answer {
		return d.within(q, func(c *cluster) answer {
			if state := d.busy(q, Clusters, q.path["cluster"]); state == "CREATING" || state == "DELETING" {
				return invalidRequest(q, "Cluster '"+q.path["cluster"]+"' is not in ACTIVE status")
			}

			if d.busy(q, Nodegroups, held) == "DELETING" {
				return inUse(q, "NodeGroup already exists with name "+name+" and cluster name "+q.path["cluster"])
			}

			a := d.moto(q)
			if !a.ok() {
				return a
			}

			patch := fields{
				"nodegroupArn": object(decode(a.body)["nodegroup"])["nodegroupArn"], "tags": tagsOf(asked), // so that it can be tagged
				"version": c.patch["version"], "releaseVersion": release(text(c.patch["version"])),
				"updateConfig": fields{"maxUnavailable": 1}, "amiType": "AL2023_x86_64_STANDARD", "remoteAccess": nil, "diskSize": 20,
			}
			if asked["launchTemplate"] != nil {
				patch["diskSize"] = nil // the template has it
			}

			maps.Copy(patch, pick(asked, "version", "releaseVersion", "updateConfig", "amiType", "remoteAccess", "diskSize", "nodeRepairConfig"))
			c.nodegroups[name] = patch
			d.hold(q, Nodegroups, held, "CREATING", nil)

			return dressNodegroup(a, c, name, "CREATING")
		})
	})
}

// release is a version of an image for nodes.
func release(version string) string { return version + ".2-20260101" }

// dressNodegroup puts into moto's description what AWS says; nil takes away.
func dressNodegroup(a answer, c *cluster, name, status string) answer {
	return a.json(func(answer fields) {
		nodegroup := object(answer["nodegroup"])
		maps.Copy(nodegroup, c.nodegroups[name])
		maps.DeleteFunc(nodegroup, func(_ string, value any) bool { return value == nil })

		if status != "" {
			nodegroup["status"] = status
		}
	})
}

func (d *Double) describeNodegroup(q *request) answer {
	name := q.path["nodegroup"]

	a, h := d.moto(q), d.look(q, Nodegroups, q.path["cluster"]+"/"+name)
	if !a.ok() {
		if h != nil && h.last != nil {
			return *h.last
		}

		return a
	}

	return d.within(q, func(c *cluster) answer {
		if h != nil {
			return dressNodegroup(a, c, name, h.state)
		}

		return dressNodegroup(a, c, name, "")
	})
}

func (d *Double) deleteNodegroup(q *request) answer {
	name := q.path["nodegroup"]
	held := q.path["cluster"] + "/" + name

	return d.within(q, func(c *cluster) answer {
		if d.busy(q, Nodegroups, held) == "UPDATING" {
			return inUse(q, "Nodegroup cannot be deleted as it is currently not in Active State")
		}

		a := d.moto(q)
		if !a.ok() {
			return a
		}

		a = dressNodegroup(a, c, name, "DELETING")
		d.forget(held)
		d.hold(q, Nodegroups, held, "DELETING", &a)

		if d.busy(q, Nodegroups, held) == "" {
			delete(c.nodegroups, name)
		}

		return a
	})
}

// updatable refuses an update of a node group that does not exist or is busy.
func (d *Double) updatable(q *request, c *cluster) (fields, *answer) {
	name := q.path["nodegroup"]

	patch := c.nodegroups[name]
	if patch == nil || d.busy(q, Nodegroups, q.path["cluster"]+"/"+name) == "DELETING" {
		a := notFound(q, "No node group found for name: "+name+".")

		return nil, &a
	}

	if d.occupied(q, c, "nodegroup/"+name) != "" {
		a := inUse(q, "Nodegroup cannot be updated as it is currently not in Active State")

		return nil, &a
	}

	return patch, nil
}

// updateNodegroupConfig stands in for fields that moto loses, and for the update itself.
func (d *Double) updateNodegroupConfig(q *request) answer {
	return d.within(q, func(c *cluster) answer {
		patch, refused := d.updatable(q, c)
		if refused != nil {
			return *refused
		}

		if a := d.moto(q); !a.ok() {
			return a
		}

		maps.Copy(patch, pick(q.json(), "updateConfig", "nodeRepairConfig"))

		return d.beginNodegroup(q, c, "ConfigUpdate", fields{})
	})
}

// updateNodegroupVersion stands in for an operation that moto lacks.
func (d *Double) updateNodegroupVersion(q *request) answer {
	return d.within(q, func(c *cluster) answer {
		patch, refused := d.updatable(q, c)
		if refused != nil {
			return *refused
		}

		next := fields{"version": c.patch["version"]}
		maps.Copy(next, pick(q.json(), "version", "releaseVersion", "launchTemplate"))

		if at := slices.Index(kubernetesVersions, text(next["version"])); at < slices.Index(kubernetesVersions, text(c.patch["version"])) {
			return invalidParameter(q, "Nodegroup Kubernetes version should be equal to or less than Cluster kubernetes version")
		}

		if next["releaseVersion"] == nil {
			next["releaseVersion"] = release(text(next["version"]))
		}

		maps.Copy(patch, next)

		return d.beginNodegroup(q, c, "VersionUpdate", fields{"Version": next["version"], "ReleaseVersion": next["releaseVersion"]})
	})
}

func (d *Double) beginNodegroup(q *request, c *cluster, kind string, params fields) answer {
	name := q.path["nodegroup"]
	d.hold(q, Nodegroups, q.path["cluster"]+"/"+name, "UPDATING", nil)

	return d.begin(q, c, "nodegroup/"+name, kind, params)
}
