package aws

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// served is what a cluster shall show of itself.
type served struct{ endpoint, ca string }

// Cluster makes clusters of this name, existing or to come, show an endpoint and a certificate authority (PEM) that a
// test has. Others show an address that does not exist and a certificate of nobody's.
func (d *Double) Cluster(name, endpoint, caPEM string) {
	d.eks.Lock()
	defer d.eks.Unlock()

	d.served[name] = served{endpoint: endpoint, ca: caPEM}
}

// kept are the fields of a new cluster that moto loses.
var kept = []string{
	"accessConfig", "upgradePolicy", "deletionProtection", "computeConfig", "storageConfig", "zonalShiftConfig",
	"controlPlaneScalingConfig", "remoteNetworkConfig",
}

// createCluster stands in for what moto loses or invents of a cluster.
func (d *Double) createCluster(q *request) answer {
	asked := q.json()
	name := text(asked["name"])

	return d.once(q, name, func() answer {
		if d.busy(q, Clusters, name) == "DELETING" {
			return inUse(q, "Cluster already exists with name: "+name)
		}

		version := text(asked["version"])
		if version == "" {
			version = defaultVersion
		}

		if !slices.Contains(kubernetesVersions, version) {
			return invalidParameter(q, "unsupported Kubernetes version")
		}

		a := d.moto(q)
		if !a.ok() {
			return a
		}

		c := d.newCluster(q, asked, version)

		d.eks.Lock()
		defer d.eks.Unlock()

		d.clusters[q.key(name)] = c
		d.hold(q, Clusters, name, "CREATING", nil)

		return a.json(func(answer fields) { d.dress(object(answer["cluster"]), c, "CREATING") })
	})
}

// newCluster fills in what EKS decides itself.
func (d *Double) newCluster(q *request, asked fields, version string) *cluster {
	name, id := text(asked["name"]), strings.ToUpper(identifier(32))
	c := &cluster{
		nodegroups: map[string]fields{}, entries: map[string]fields{}, policies: map[string]map[string]fields{},
		addons: map[string]fields{}, associations: map[string]fields{}, updates: map[string]*update{},
	}

	network := fields{"endpointPublicAccess": true, "endpointPrivateAccess": false, "publicAccessCidrs": []any{"0.0.0.0/0"}, "securityGroupIds": []any{}}
	maps.Copy(network, object(asked["resourcesVpcConfig"]))

	if vpc := d.vpcOf(q, network); vpc != "" {
		network["vpcId"] = vpc
		c.securityGroup = d.ec2Value(q, "groupId", url.Values{
			"Action": {"CreateSecurityGroup"}, "VpcId": {vpc}, "GroupName": {"eks-cluster-sg-" + name + "-" + identifier(8)},
			"GroupDescription": {"EKS created security group applied to ENI that is attached to EKS Control Plane master nodes"},
		})
		network["clusterSecurityGroupId"] = c.securityGroup
	}

	access := fields{"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": true}
	maps.Copy(access, object(asked["accessConfig"]))

	c.patch = fields{
		"upgradePolicy": fields{"supportType": "EXTENDED"}, "deletionProtection": false, "platformVersion": "eks.9",
		"endpoint": "https://" + id + ".gr7." + q.region + ".eks.amazonaws.com",
		"identity": fields{"oidc": fields{"issuer": "https://oidc.eks." + q.region + ".amazonaws.com/id/" + id}},
	}
	maps.Copy(c.patch, pick(asked, kept...))
	maps.Copy(c.patch, fields{"version": version, "accessConfig": access, "resourcesVpcConfig": network, "logging": logging(nil, asked["logging"])})

	if access["bootstrapClusterCreatorAdminPermissions"] == true && access["authenticationMode"] != "CONFIG_MAP" {
		creator := "arn:aws:iam::" + q.account + ":user/moto"
		c.enter(q, name, creator, fields{})
		c.associate(creator, fields{"policyArn": accessPolicies + "AmazonEKSClusterAdminPolicy", "accessScope": fields{"type": "cluster"}})
	}

	return c
}

// vpcOf is the VPC of a cluster's subnets, empty if there are none of that id.
func (d *Double) vpcOf(q *request, network fields) string {
	subnets := array(network["subnetIds"])
	if len(subnets) == 0 {
		return ""
	}

	return d.ec2Value(q, "vpcId", url.Values{"Action": {"DescribeSubnets"}, "SubnetId.1": {text(subnets[0])}})
}

// dress puts into moto's description what AWS says. A cluster that is being created has no address yet.
func (d *Double) dress(description fields, c *cluster, status string) {
	maps.Copy(description, c.patch)
	description["certificateAuthority"] = fields{"data": base64PEM(d.authority())}

	if own, ok := d.served[text(description["name"])]; ok {
		description["endpoint"] = own.endpoint
		description["certificateAuthority"] = fields{"data": base64PEM(own.ca)}
	}

	if status != "" {
		description["status"] = status
	}

	if status == "CREATING" {
		delete(description, "endpoint")
		delete(description, "identity")

		description["certificateAuthority"] = fields{}
	}
}

func (d *Double) describeCluster(q *request) answer {
	a, h := d.moto(q), d.look(q, Clusters, q.path["cluster"])
	if !a.ok() {
		if h != nil && h.last != nil {
			return *h.last
		}

		return a
	}

	return d.within(q, func(c *cluster) answer {
		return a.json(func(answer fields) {
			status := ""
			if h != nil {
				status = h.state
			}

			d.dress(object(answer["cluster"]), c, status)
		})
	})
}

// deleteCluster stands in for protection, and for what EKS deletes with a cluster.
func (d *Double) deleteCluster(q *request) answer {
	name := q.path["cluster"]

	return d.within(q, func(c *cluster) answer {
		if c.patch["deletionProtection"] == true {
			return invalidRequest(q, "Cluster "+name+" has deletion protection enabled. Disable it to delete the cluster.")
		}

		if state := d.occupied(q, c, ""); state != "" {
			return inUse(q, "Cannot delete because cluster "+name+" currently has an update in progress: "+state)
		}

		for nodegroup := range c.nodegroups {
			if d.busy(q, Nodegroups, name+"/"+nodegroup) != "" {
				return inUse(q, "Cluster has nodegroups attached")
			}
		}

		a := d.moto(q).json(func(answer fields) { d.dress(object(answer["cluster"]), c, "DELETING") })
		if !a.ok() {
			return a
		}

		if c.securityGroup != "" {
			form := url.Values{"Action": {"DeleteSecurityGroup"}, "GroupId": {c.securityGroup}, "Version": {"2016-11-15"}}
			d.ask(q, "ec2", http.MethodPost, "/", "", []byte(form.Encode())) // one in use stays, as on AWS
		}

		delete(d.clusters, q.key(name))
		d.forget(name)
		d.hold(q, Clusters, name, "DELETING", &a)

		return a
	})
}
