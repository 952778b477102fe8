# The registry of the tracking server is imported by flavor and name of the component.
terraform import mlstacks_model_registry.mlflow mlflow/mlflow

# A remote of a DVC repository is imported by flavor, absolute path of the repository and name of the remote.
terraform import mlstacks_model_registry.dvc "dvc//srv/ml/repository#models"

# A model package group is imported by flavor and its name.
terraform import mlstacks_model_registry.sagemaker sagemaker/churn
