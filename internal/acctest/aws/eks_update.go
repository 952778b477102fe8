package aws

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// begin notes an update, which lasts as long as Updates are held, and so long the cluster or its part is of the state.
func (d *Double) begin(q *request, c *cluster, of, kind string, params fields) answer {
	u := &update{of: of, said: fields{
		"id": uuid(), "status": "InProgress", "type": kind, "createdAt": time.Now().Unix(), "errors": []any{}, "params": []any{},
	}}

	list := []any{}
	for _, name := range sorted(params) {
		list = append(list, fields{"type": name, "value": params[name]})
	}

	u.said["params"] = list
	c.updates[text(u.said["id"])] = u
	d.hold(q, Updates, text(u.said["id"]), "InProgress", nil)

	return ofJSON(fields{"update": u.said})
}

// occupied tells what keeps a cluster, or a part of it, from another update; empty is nothing.
func (d *Double) occupied(q *request, c *cluster, of string) string {
	for _, id := range sorted(c.updates) {
		if c.updates[id].of == of && d.busy(q, Updates, id) != "" {
			return id
		}
	}

	kind, name := Clusters, q.path["cluster"]
	if part, rest, ok := strings.Cut(of, "/"); ok {
		kind, name = "eks:"+part, name+"/"+rest
	}

	return d.busy(q, kind, name)
}

// updateTypes are what one call of UpdateClusterConfig may change.
var updateTypes = map[string]string{
	"accessConfig":              "AccessConfigUpdate",
	"computeConfig":             "AutoModeUpdate",
	"controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
	"deletionProtection":        "DeletionProtectionUpdate",
	"logging":                   "LoggingUpdate",
	"resourcesVpcConfig":        "VpcConfigUpdate",
	"upgradePolicy":             "UpgradePolicyUpdate",
	"zonalShiftConfig":          "ZonalShiftConfigUpdate",
}

// modes are the ways in, in the order in which a cluster may go through them.
var modes = []string{"CONFIG_MAP", "API_AND_CONFIG_MAP", "API"}

// updateClusterConfig stands in for an operation that moto answers without an update, and with other fields.
func (d *Double) updateClusterConfig(q *request) answer {
	return d.within(q, func(c *cluster) answer {
		asked := q.json()
		changes := slices.DeleteFunc(sorted(asked), func(name string) bool { return updateTypes[name] == "" })

		if len(changes) != 1 {
			return invalidParameter(q, "Only one type of update can be allowed.")
		}

		if by := d.occupied(q, c, ""); by != "" {
			return inUse(q, "Cannot "+updateTypes[changes[0]]+" because cluster "+q.path["cluster"]+" currently has update "+by+" in progress")
		}

		name := changes[0]

		next := asked[name]
		if now, ok := c.patch[name].(fields); ok && name != "logging" {
			merged := maps.Clone(now)
			maps.Copy(merged, object(next))
			next = merged
		}

		if name == "logging" {
			next = logging(c.patch[name], next)
		}

		if string(encode(next)) == string(encode(c.patch[name])) {
			return invalidParameter(q, "Cluster is already at the desired configuration with "+name)
		}

		if name == "accessConfig" && modeOf(next) < modeOf(c.patch[name]) {
			return invalidParameter(q, "Unsupported authentication mode update")
		}

		c.patch[name] = next
		d.hold(q, Clusters, q.path["cluster"], "UPDATING", nil)

		return d.begin(q, c, "", updateTypes[name], fields{strings.ToUpper(name[:1]) + name[1:]: string(encode(asked[name]))})
	})
}

func modeOf(access any) int { return slices.Index(modes, text(object(access)["authenticationMode"])) }

// logTypes are all that a control plane can write.
var logTypes = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

// logging puts together which logs are on, given which were and what is asked.
func logging(was, asked any) fields {
	on := map[string]bool{}

	for _, said := range []any{was, asked} {
		rules := array(object(said)["clusterLogging"])
		for _, rule := range rules {
			types := array(object(rule)["types"])
			for _, kind := range types {
				on[text(kind)] = object(rule)["enabled"] == true
			}
		}
	}

	list := []any{}

	for _, enabled := range []bool{true, false} {
		types := []any{}

		for _, kind := range logTypes {
			if on[kind] == enabled {
				types = append(types, kind)
			}
		}

		if len(types) > 0 {
			list = append(list, fields{"types": types, "enabled": enabled})
		}
	}

	return fields{"clusterLogging": list}
}

// updateClusterVersion stands in for an operation that moto lacks.
func (d *Double) updateClusterVersion(q *request) answer {
	return d.within(q, func(c *cluster) answer {
		now, next := text(c.patch["version"]), q.text("version")

		if by := d.occupied(q, c, ""); by != "" {
			return inUse(q, "Cannot VersionUpdate because cluster "+q.path["cluster"]+" currently has update "+by+" in progress")
		}

		from, to := slices.Index(kubernetesVersions, now), slices.Index(kubernetesVersions, next)

		switch {
		case to < 0:
			return invalidParameter(q, "unsupported Kubernetes version")
		case from == to:
			return invalidParameter(q, "Cluster is already at the desired configuration with version "+next)
		case from-to != 1: // the newest is the first
			return invalidParameter(q, "Unsupported Kubernetes minor version update from "+now+" to "+next)
		}

		c.patch["version"] = next
		d.hold(q, Clusters, q.path["cluster"], "UPDATING", nil)

		return d.begin(q, c, "", "VersionUpdate", fields{"Version": next, "PlatformVersion": c.patch["platformVersion"]})
	})
}

// describeUpdate stands in for an operation that moto lacks.
func (d *Double) describeUpdate(q *request) answer {
	return d.within(q, func(c *cluster) answer {
		u := c.updates[q.path["update"]]
		if u == nil {
			return notFound(q, "No update found for ID: "+q.path["update"])
		}

		said := maps.Clone(u.said)
		said["status"] = "Successful"

		if h := d.look(q, Updates, q.path["update"]); h != nil {
			said["status"] = h.state
		}

		return ofJSON(fields{"update": said})
	})
}

// listUpdates stands in for an operation that moto lacks.
func (d *Double) listUpdates(q *request) answer {
	of, query := "", q.http.URL.Query()

	switch {
	case query.Has("nodegroupName"):
		of = "nodegroup/" + query.Get("nodegroupName")
	case query.Has("addonName"):
		of = "addon/" + query.Get("addonName")
	}

	return d.within(q, func(c *cluster) answer {
		ids := slices.DeleteFunc(sorted(c.updates), func(id string) bool { return c.updates[id].of != of })

		return page(q, "updateIds", ids)
	})
}

// describeClusterVersions stands in for an operation that moto lacks.
func (d *Double) describeClusterVersions(q *request) answer {
	query := q.http.URL.Query()
	list := []fields{}

	for i, version := range kubernetesVersions {
		status := "STANDARD_SUPPORT"
		if i >= standardVersions {
			status = "EXTENDED_SUPPORT"
		}

		switch {
		case query.Has("clusterVersions") && !slices.Contains(query["clusterVersions"], version),
			query.Get("defaultOnly") == "true" && version != defaultVersion,
			query.Has("versionStatus") && query.Get("versionStatus") != status:
			continue
		}

		released := time.Date(2026, time.Month(1-4*i), 1, 0, 0, 0, 0, time.UTC)
		list = append(list, fields{
			"clusterVersion": version, "clusterType": "eks", "defaultVersion": version == defaultVersion, "versionStatus": status,
			"status": strings.ReplaceAll(strings.ToLower(status), "_", "-"), "defaultPlatformVersion": "eks.9",
			"kubernetesPatchVersion": version + ".2", "releaseDate": released.Unix(),
			"endOfStandardSupportDate": released.AddDate(0, 14, 0).Unix(), "endOfExtendedSupportDate": released.AddDate(0, 26, 0).Unix(),
		})
	}

	return page(q, "clusterVersions", list)
}

// kubernetesVersions are those that the Double knows, newest first; the first few are in standard support.
var kubernetesVersions = []string{"1.36", "1.35", "1.34", "1.33", "1.32", "1.31", "1.30"}

const (
	standardVersions = 4
	defaultVersion   = "1.35"
)
