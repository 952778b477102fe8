package aws

import (
	"net/url"
	"strings"
)

// eksRoute is how the service model spells an operation.
type eksRoute struct{ method, path, action string }

var eksRoutes = []eksRoute{
	{"POST", "clusters", "CreateCluster"},
	{"GET", "clusters", "ListClusters"},
	{"GET", "clusters/{cluster}", "DescribeCluster"},
	{"DELETE", "clusters/{cluster}", "DeleteCluster"},
	{"POST", "clusters/{cluster}/update-config", "UpdateClusterConfig"},
	{"POST", "clusters/{cluster}/updates", "UpdateClusterVersion"},
	{"GET", "clusters/{cluster}/updates", "ListUpdates"},
	{"GET", "clusters/{cluster}/updates/{update}", "DescribeUpdate"},
	{"POST", "clusters/{cluster}/node-groups", "CreateNodegroup"},
	{"GET", "clusters/{cluster}/node-groups", "ListNodegroups"},
	{"GET", "clusters/{cluster}/node-groups/{nodegroup}", "DescribeNodegroup"},
	{"DELETE", "clusters/{cluster}/node-groups/{nodegroup}", "DeleteNodegroup"},
	{"POST", "clusters/{cluster}/node-groups/{nodegroup}/update-config", "UpdateNodegroupConfig"},
	{"POST", "clusters/{cluster}/node-groups/{nodegroup}/update-version", "UpdateNodegroupVersion"},
	{"POST", "clusters/{cluster}/fargate-profiles", "CreateFargateProfile"},
	{"GET", "clusters/{cluster}/fargate-profiles", "ListFargateProfiles"},
	{"GET", "clusters/{cluster}/fargate-profiles/{profile}", "DescribeFargateProfile"},
	{"DELETE", "clusters/{cluster}/fargate-profiles/{profile}", "DeleteFargateProfile"},
	{"POST", "clusters/{cluster}/access-entries", "CreateAccessEntry"},
	{"GET", "clusters/{cluster}/access-entries", "ListAccessEntries"},
	{"GET", "clusters/{cluster}/access-entries/{principal}", "DescribeAccessEntry"},
	{"POST", "clusters/{cluster}/access-entries/{principal}", "UpdateAccessEntry"},
	{"DELETE", "clusters/{cluster}/access-entries/{principal}", "DeleteAccessEntry"},
	{"POST", "clusters/{cluster}/access-entries/{principal}/access-policies", "AssociateAccessPolicy"},
	{"GET", "clusters/{cluster}/access-entries/{principal}/access-policies", "ListAssociatedAccessPolicies"},
	{"DELETE", "clusters/{cluster}/access-entries/{principal}/access-policies/{policy}", "DisassociateAccessPolicy"},
	{"GET", "access-policies", "ListAccessPolicies"},
	{"POST", "clusters/{cluster}/addons", "CreateAddon"},
	{"GET", "clusters/{cluster}/addons", "ListAddons"},
	{"GET", "clusters/{cluster}/addons/{addon}", "DescribeAddon"},
	{"DELETE", "clusters/{cluster}/addons/{addon}", "DeleteAddon"},
	{"POST", "clusters/{cluster}/addons/{addon}/update", "UpdateAddon"},
	{"GET", "addons/supported-versions", "DescribeAddonVersions"},
	{"GET", "addons/configuration-schemas", "DescribeAddonConfiguration"},
	{"POST", "clusters/{cluster}/pod-identity-associations", "CreatePodIdentityAssociation"},
	{"GET", "clusters/{cluster}/pod-identity-associations", "ListPodIdentityAssociations"},
	{"GET", "clusters/{cluster}/pod-identity-associations/{association}", "DescribePodIdentityAssociation"},
	{"POST", "clusters/{cluster}/pod-identity-associations/{association}", "UpdatePodIdentityAssociation"},
	{"DELETE", "clusters/{cluster}/pod-identity-associations/{association}", "DeletePodIdentityAssociation"},
	{"GET", "cluster-versions", "DescribeClusterVersions"},
	{"POST", "tags/{arn}", "TagResource"},
	{"DELETE", "tags/{arn}", "UntagResource"},
	{"GET", "tags/{arn}", "ListTagsForResource"},
}

// eksAction names an operation of EKS and what its path names.
func (q *request) eksAction() string {
	path := strings.Split(strings.Trim(q.http.URL.EscapedPath(), "/"), "/")

	for _, route := range eksRoutes {
		if route.method != q.http.Method {
			continue
		}

		if names, ok := fit(strings.Split(route.path, "/"), path); ok {
			q.path = names

			return route.action
		}
	}

	return q.http.Method + q.http.URL.EscapedPath()
}

// fit matches a path with a pattern and returns what the parts in braces are.
func fit(pattern, path []string) (map[string]string, bool) {
	if len(pattern) != len(path) {
		return nil, false
	}

	names := map[string]string{}

	for i, part := range pattern {
		value, err := url.PathUnescape(path[i])
		if err != nil {
			return nil, false
		}

		if name, ok := strings.CutPrefix(part, "{"); ok {
			names[strings.TrimSuffix(name, "}")] = value
		} else if part != value {
			return nil, false
		}
	}

	return names, true
}
