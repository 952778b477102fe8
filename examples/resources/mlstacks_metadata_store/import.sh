# A metadata store on this machine is imported by flavor and absolute path.
terraform import mlstacks_metadata_store.sqlite sqlite//srv/ml/metadata.db
