# An orchestrator that exists already is imported by flavor and name of the component.
terraform import mlstacks_orchestrator.modal modal/modal

# A pipeline of a DVC repository is imported by flavor and absolute path of its dvc.yaml.
terraform import mlstacks_orchestrator.dvc dvc//srv/ml/repository/dvc.yaml

# An orchestrator in a cluster is imported by flavor, flavor and name of the cluster, namespace and name.
terraform import mlstacks_orchestrator.kubernetes kubernetes/k3d/dev/runs/pods

# One in AWS is imported by flavor and name of the component.
terraform import mlstacks_orchestrator.sagemaker sagemaker/sagemaker
terraform import mlstacks_orchestrator.skypilot_aws skypilot_aws/aws-machines
