# A tracker on this machine is imported by flavor and absolute path.
terraform import mlstacks_experiment_tracker.mlflow_local mlflow_local//srv/ml/mlruns
terraform import mlstacks_experiment_tracker.sacred sacred//srv/ml/sacred

# Any other tracker is imported by flavor and name of the component.
terraform import mlstacks_experiment_tracker.wandb wandb/wandb

# A tracker in a cluster is imported by flavor, the way into the cluster, its namespace and its name.
terraform import mlstacks_experiment_tracker.mlflow mlflow/k3d/dev/mlstacks/runs
