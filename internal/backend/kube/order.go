package kube

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	kindCRD       = "CustomResourceDefinition"
	kindNamespace = "Namespace"
	kindClaim     = "PersistentVolumeClaim"

	rankCRD       = 0
	rankNamespace = 10
	// rankCustom is for kinds unknown here, which are custom resources: their controllers come before them.
	rankCustom = 110
)

// ranks says what must be there before what.
var ranks = map[string]int{
	kindCRD:       rankCRD,
	kindNamespace: rankNamespace,

	"PriorityClass": 20, "StorageClass": 20, "IngressClass": 20, "RuntimeClass": 20, "CSIDriver": 20,
	"ResourceQuota": 30, "LimitRange": 30, "NetworkPolicy": 30, "PodDisruptionBudget": 30,
	"ServiceAccount": 40, "Secret": 50, "ConfigMap": 50,
	"PersistentVolume": 60, kindClaim: 61,
	"ClusterRole": 70, "Role": 70, "ClusterRoleBinding": 71, "RoleBinding": 71,
	"Service": 80, "Endpoints": 81, "EndpointSlice": 81,
	"Pod": 90, "ReplicaSet": 90, "Deployment": 90, "StatefulSet": 90, "DaemonSet": 90, "Job": 91, "CronJob": 91,
	"HorizontalPodAutoscaler": 92, "Ingress": 100, "APIService": 100,

	// While its server does not run yet, a webhook refuses everything that comes after it.
	"MutatingWebhookConfiguration": 120, "ValidatingWebhookConfiguration": 120,
}

func rank(object *unstructured.Unstructured) int {
	if known, ok := ranks[object.GetKind()]; ok {
		return known
	}

	return rankCustom
}

// inOrder sorts for making; among equals the given order stays.
func inOrder(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	return slices.SortedStableFunc(slices.Values(objects), func(a, b *unstructured.Unstructured) int {
		return cmp.Compare(rank(a), rank(b))
	})
}

// inReverse returns groups for removal: one is gone before the next begins.
func inReverse(objects []*unstructured.Unstructured) [][]*unstructured.Unstructured {
	ordered := inOrder(objects)
	slices.Reverse(ordered)

	var groups [][]*unstructured.Unstructured

	for _, object := range ordered {
		if last := len(groups) - 1; last >= 0 && rank(groups[last][0]) == rank(object) {
			groups[last] = append(groups[last], object)
		} else {
			groups = append(groups, []*unstructured.Unstructured{object})
		}
	}

	return groups
}
