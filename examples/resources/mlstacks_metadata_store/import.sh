# A metadata store on this machine is imported by flavor and absolute path.
terraform import mlstacks_metadata_store.sqlite sqlite//srv/ml/metadata.db

# A remote of a DVC repository is imported by flavor, absolute path of the repository and name of the remote.
terraform import mlstacks_metadata_store.dvc "dvc//srv/ml/repository#metadata"
