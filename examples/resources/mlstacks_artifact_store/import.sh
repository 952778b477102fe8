# A store on this machine is imported by flavor and absolute path.
terraform import mlstacks_artifact_store.local local//srv/ml/artifacts

# Any other store is imported by flavor and name of the component.
terraform import mlstacks_artifact_store.azure_blob azure_blob/azure

# A store in a cluster is imported by flavor, flavor and name of the cluster, namespace and name.
terraform import mlstacks_artifact_store.minio minio/k3d/dev/mlstacks/artifacts

# A bucket in S3 is imported by flavor and its name.
terraform import mlstacks_artifact_store.s3 s3/acme-ml-artifacts
