# A k3d cluster is imported by flavor and name, whoever made it.
terraform import mlstacks_cluster.k3d k3d/dev

# A cluster of a kubeconfig is imported by flavor and context.
terraform import mlstacks_cluster.kubeconfig kubeconfig/shared

# A cluster in EKS is imported by flavor and name, from the region of the login.
terraform import mlstacks_cluster.eks eks/prod
