package policy

import "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"

// Managed is a policy of AWS's own, with why it is attached.
type Managed struct{ ARN, Reason string }

// EKSCluster are the policies of a cluster's role.
func EKSCluster(partition string) []Managed {
	return []Managed{{managed(partition, "AmazonEKSClusterPolicy"), "EKS refuses a cluster whose role lacks it: it manages load balancers and network interfaces of the cluster."}}
}

// EKSNode are the policies of the role of a node group.
func EKSNode(partition string) []Managed {
	return []Managed{
		{managed(partition, "AmazonEKSWorkerNodePolicy"), "The kubelet looks up its instance and its network, and pods get their identities."},
		{managed(partition, "AmazonEKS_CNI_Policy"), "The network plugin gives addresses of the VPC to pods."},
		{managed(partition, "AmazonEC2ContainerRegistryPullOnly"), "The kubelet pulls images, those of EKS's own add-ons included."},
	}
}

// EKSVolumes are the policies of the role of the EBS CSI driver; where AWS does not have the first one yet, the second one, which is
// older and wider, stands in for it.
func EKSVolumes(partition string) (first, second Managed) {
	return Managed{managed(partition, "AmazonEBSCSIDriverPolicyV2"), "The driver makes, attaches and deletes volumes that carry its own tags."},
		Managed{managed(partition, "service-role/AmazonEBSCSIDriverPolicy"), "The driver's former policy, where AWS does not have the newer one."}
}

func managed(partition, name string) string {
	return naming.ARN(partition, "iam", "", "aws", "policy/"+name)
}

// TrustEKSCluster lets EKS take on a cluster's role.
func TrustEKSCluster() Document { return Trust("eks.amazonaws.com", "") }

// TrustEKSNode lets instances take on the role of a node group.
func TrustEKSNode() Document { return Trust("ec2.amazonaws.com", "") }
