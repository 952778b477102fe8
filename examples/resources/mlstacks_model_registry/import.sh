# The registry of the tracking server is imported by flavor and name of the component.
terraform import mlstacks_model_registry.mlflow mlflow/mlflow

# A registry on this machine is imported by flavor and absolute path.
terraform import mlstacks_model_registry.dvc dvc//srv/ml/models
