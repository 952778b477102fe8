# A secrets manager on this machine is imported by flavor and absolute path.
terraform import mlstacks_secrets_manager.local_file local_file//srv/ml/secrets.json

# One in AWS is imported by flavor and name of the component.
terraform import mlstacks_secrets_manager.aws aws/server-secrets

# Any other secrets manager is imported by flavor and name of the component.
terraform import mlstacks_secrets_manager.vault vault/vault

# One in a cluster is imported by flavor, type and name of the cluster, namespace and name of the component.
terraform import mlstacks_secrets_manager.kubernetes kubernetes/k3d/dev/ml-secrets/cluster-secrets
