# A step operator that exists already is imported by flavor and name of the component.
terraform import mlstacks_step_operator.modal modal/modal

# A step operator in a cluster is imported by flavor, flavor and name of the cluster, namespace and name.
terraform import mlstacks_step_operator.kubernetes kubernetes/k3d/dev/mlstacks/pods

# One in AWS is imported by flavor and name of the component.
terraform import mlstacks_step_operator.sagemaker sagemaker/sagemaker
