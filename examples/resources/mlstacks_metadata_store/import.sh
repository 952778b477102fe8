# A metadata store on this machine is imported by flavor and absolute path.
terraform import mlstacks_metadata_store.sqlite sqlite//srv/ml/metadata.db

# A remote of a DVC repository is imported by flavor, absolute path of the repository and name of the remote.
terraform import mlstacks_metadata_store.dvc "dvc//srv/ml/repository#metadata"

# A metadata store in a cluster is imported by flavor, the way into the cluster, its namespace and its name.
terraform import mlstacks_metadata_store.postgres postgres/k3d/dev/mlstacks/runs
terraform import mlstacks_metadata_store.mysql mysql/k3d/dev/mlstacks/lineage

# A database in Amazon RDS is imported by flavor and name of the instance.
terraform import mlstacks_metadata_store.rds rds/history
