# A feature store is imported by flavor and name of the component.
terraform import mlstacks_feature_store.feast feast/feast
terraform import mlstacks_feature_store.sagemaker sagemaker/features
