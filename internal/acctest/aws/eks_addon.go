package aws

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// addonVersions are those of the add-ons that the Double knows, newest first, the same for each version of Kubernetes
// except for kube-proxy, which goes with it.
var addonVersions = map[string][]string{
	"amazon-cloudwatch-observability": {"v4.3.0-eksbuild.1", "v4.2.0-eksbuild.1"},
	"aws-ebs-csi-driver":              {"v1.50.0-eksbuild.1", "v1.49.0-eksbuild.1"},
	"aws-efs-csi-driver":              {"v2.2.0-eksbuild.1", "v2.1.0-eksbuild.1"},
	"aws-mountpoint-s3-csi-driver":    {"v2.1.0-eksbuild.1", "v2.0.0-eksbuild.1"},
	"coredns":                         {"v1.12.2-eksbuild.4", "v1.12.1-eksbuild.2"},
	"eks-pod-identity-agent":          {"v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2"},
	"kube-proxy":                      nil,
	"metrics-server":                  {"v0.8.0-eksbuild.2", "v0.7.2-eksbuild.4"},
	"vpc-cni":                         {"v1.20.4-eksbuild.1", "v1.20.3-eksbuild.1"},
}

// versionsOf lists the versions of an add-on for a version of Kubernetes; the second is the default, as it is often.
func versionsOf(addon, kubernetes string) []string {
	if addon == "kube-proxy" {
		return []string{"v" + kubernetes + ".3-eksbuild.2", "v" + kubernetes + ".2-eksbuild.1"}
	}

	return addonVersions[addon]
}

// describeAddonVersions stands in for an operation that moto lacks.
func (d *Double) describeAddonVersions(q *request) answer {
	query, list := q.http.URL.Query(), []fields{}

	for _, addon := range sorted(addonVersions) {
		if query.Has("addonName") && query.Get("addonName") != addon {
			continue
		}

		found := map[string][]any{}

		for _, kubernetes := range kubernetesVersions {
			if query.Has("kubernetesVersion") && query.Get("kubernetesVersion") != kubernetes {
				continue
			}

			for i, version := range versionsOf(addon, kubernetes) {
				found[version] = append(found[version], fields{"clusterVersion": kubernetes, "platformVersions": []any{"*"}, "defaultVersion": i == 1})
			}
		}

		versions := []fields{}

		for _, version := range slices.Backward(sorted(found)) {
			versions = append(versions, fields{"addonVersion": version, "architecture": []any{"amd64", "arm64"}, "compatibilities": found[version]})
		}

		if len(versions) > 0 {
			list = append(list, fields{"addonName": addon, "type": "networking", "owner": "aws", "publisher": "eks", "addonVersions": versions})
		}
	}

	return page(q, "addons", list)
}

// createAddon stands in for an operation that moto lacks.
func (d *Double) createAddon(q *request) answer {
	asked, name := q.json(), q.text("addonName")
	held := q.path["cluster"] + "/" + name

	return d.once(q, held, func() answer {
		return d.within(q, func(c *cluster) answer {
			versions := versionsOf(name, text(c.patch["version"]))
			state := d.busy(q, Clusters, q.path["cluster"])

			switch {
			case versions == nil:
				return invalidParameter(q, "Addon "+name+" specified is not supported")
			case asked["addonVersion"] != nil && !slices.Contains(versions, text(asked["addonVersion"])):
				return invalidParameter(q, "Addon version specified is not supported")
			case c.addons[name] != nil || d.busy(q, Addons, held) == "DELETING":
				return inUse(q, "Addon already exists.")
			case state == "CREATING" || state == "DELETING":
				return invalidRequest(q, "Cluster '"+q.path["cluster"]+"' is not in ACTIVE status")
			}

			now := time.Now().Unix()
			addon := fields{
				"addonName": name, "clusterName": q.path["cluster"], "addonVersion": versions[1], "tags": fields{}, "owner": "aws",
				"publisher": "eks", "health": fields{"issues": []any{}}, "createdAt": now, "modifiedAt": now, "status": "ACTIVE",
				"addonArn": q.arn("addon/" + q.path["cluster"] + "/" + name + "/" + uuid()),
			}
			maps.Copy(addon, pick(asked, "addonVersion", "serviceAccountRoleArn", "configurationValues", "tags"))
			c.linkPods(q, addon, asked["podIdentityAssociations"])
			c.addons[name] = addon
			d.hold(q, Addons, held, "CREATING", nil)

			return ofJSON(fields{"addon": inStatus(addon, "CREATING")})
		})
	})
}

// linkPods makes the associations of pod identities that an add-on asks for; nil leaves those that are there.
func (c *cluster) linkPods(q *request, addon fields, asked any) {
	wanted, ok := asked.([]any)
	if !ok {
		return
	}

	for _, arn := range c.associations {
		if arn["ownerArn"] == addon["addonArn"] {
			delete(c.associations, text(arn["associationId"]))
		}
	}

	arns := []any{}

	for _, one := range wanted {
		pod := c.join(q, fields{
			"namespace": "kube-system", "serviceAccount": object(one)["serviceAccount"], "roleArn": object(one)["roleArn"], "ownerArn": addon["addonArn"],
		})
		arns = append(arns, pod["associationArn"])
	}

	addon["podIdentityAssociations"] = arns
}

// inStatus is a description with another status.
func inStatus(description fields, status string) fields {
	changed := maps.Clone(description)
	changed["status"] = status

	return changed
}

// addon runs f for the add-on that a call names.
func (d *Double) addon(q *request, f func(*cluster, fields) answer) answer {
	return d.within(q, func(c *cluster) answer {
		addon := c.addons[q.path["addon"]]
		if addon == nil {
			return notFound(q, "No addon: "+q.path["addon"]+" found in cluster: "+q.path["cluster"])
		}

		return f(c, addon)
	})
}

// describeAddon stands in for an operation that moto lacks.
func (d *Double) describeAddon(q *request) answer {
	h := d.look(q, Addons, q.path["cluster"]+"/"+q.path["addon"])
	if h != nil && h.last != nil {
		return *h.last
	}

	return d.addon(q, func(_ *cluster, addon fields) answer {
		if h != nil {
			addon = inStatus(addon, h.state)
		}

		return ofJSON(fields{"addon": addon})
	})
}

// updateAddon stands in for an operation that moto lacks.
func (d *Double) updateAddon(q *request) answer {
	return d.addon(q, func(c *cluster, addon fields) answer {
		asked, name := q.json(), q.path["addon"]

		if d.occupied(q, c, "addon/"+name) != "" {
			return inUse(q, "Addon "+name+" cannot be updated as it is currently not in Active State")
		}

		if version := text(asked["addonVersion"]); version != "" && !slices.Contains(versionsOf(name, text(c.patch["version"])), version) {
			return invalidParameter(q, "Addon version specified is not supported")
		}

		changes := pick(asked, "addonVersion", "serviceAccountRoleArn", "configurationValues")
		maps.Copy(addon, changes)
		c.linkPods(q, addon, asked["podIdentityAssociations"])
		addon["modifiedAt"] = time.Now().Unix()
		d.hold(q, Addons, q.path["cluster"]+"/"+name, "UPDATING", nil)

		params := fields{}
		for key, value := range changes {
			params[strings.ToUpper(key[:1])+key[1:]] = value
		}

		return d.begin(q, c, "addon/"+name, "AddonUpdate", params)
	})
}

// deleteAddon stands in for an operation that moto lacks.
func (d *Double) deleteAddon(q *request) answer {
	return d.addon(q, func(c *cluster, addon fields) answer {
		held := q.path["cluster"] + "/" + q.path["addon"]
		a := ofJSON(fields{"addon": inStatus(addon, "DELETING")})

		c.linkPods(q, addon, []any{})
		delete(c.addons, q.path["addon"])
		d.forget(held)
		d.hold(q, Addons, held, "DELETING", &a)

		return a
	})
}

// listAddons stands in for an operation that moto lacks.
func (d *Double) listAddons(q *request) answer {
	return d.within(q, func(c *cluster) answer { return page(q, "addons", sorted(c.addons)) })
}
