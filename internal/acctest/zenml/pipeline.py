"""Runs a pipeline of two steps and reports what ZenML and MLflow know of it.

    python pipeline.py STACK REPORT

STACK becomes the active stack; REPORT is the file the report goes to, as JSON.
"""

import json
import sys
from typing import Annotated, Dict, List, Optional

from zenml import pipeline, step
from zenml.client import Client
from zenml.enums import StackComponentType


@step(enable_cache=False)
def prepare() -> Annotated[List[int], "numbers"]:
    return [1, 2, 3, 4]


@step(enable_cache=False)
def train(numbers: List[int], track: bool) -> Annotated[Dict[str, float], "model"]:
    mean = sum(numbers) / len(numbers)
    if track:
        import mlflow

        mlflow.log_param("count", len(numbers))
        mlflow.log_metric("mean", mean)
        mlflow.log_text(f"the mean is {mean}\n", "notes/mean.txt")
    return {"mean": mean}


@pipeline(enable_cache=False)
def mlstacks_test(tracker: Optional[str], track: bool):
    train.with_options(experiment_tracker=tracker)(prepare(), track)


def step_report(name, run_step):
    outputs = [
        {"name": output, "uri": artifact.uri, "value": artifact.load()}
        for output, versions in run_step.outputs.items()
        for artifact in versions
    ]
    return {"name": name, "status": run_step.status.value, "outputs": outputs}


def files_of(client, run_id, folder=None):
    for entry in client.list_artifacts(run_id, folder):
        if entry.is_dir:
            yield from files_of(client, run_id, entry.path)
        else:
            yield entry.path


def mlflow_report(experiment_name, run_name):
    """Looks the run up as any client of MLflow would, by names alone."""
    import mlflow

    tracker = Client().active_stack.experiment_tracker
    tracker.configure_mlflow()  # credentials as well
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name(experiment_name)
    runs = client.search_runs([experiment.experiment_id], f"attributes.run_name = '{run_name}'")
    if len(runs) != 1:
        raise RuntimeError(f"MLflow knows {len(runs)} runs named {run_name}")
    info, data = runs[0].info, runs[0].data
    uris = {path: f"{info.artifact_uri}/{path}" for path in files_of(client, info.run_id)}
    return {
        "tracking_uri": tracker.get_tracking_uri(),
        "run_id": info.run_id,
        "status": info.status,
        "params": data.params,
        "metrics": data.metrics,
        "artifact_uri": info.artifact_uri,
        "artifacts": [
            {"path": path, "uri": uri, "text": mlflow.artifacts.load_text(uri)} for path, uri in uris.items()
        ],
    }


def main(stack, report_file):
    client = Client()
    client.activate_stack(stack)
    trackers = client.active_stack_model.components.get(StackComponentType.EXPERIMENT_TRACKER) or [None]
    tracker = trackers[0]  # the first one is the default
    track = tracker is not None and tracker.flavor_name == "mlflow"

    run = mlstacks_test(tracker.name if tracker else None, track)
    run = client.get_pipeline_run(run.id)  # as it is now, not as it began
    steps = sorted(run.steps.items(), key=lambda item: item[1].start_time)
    report = {
        "run_id": str(run.id),
        "status": run.status.value,
        "steps": [step_report(name, run_step) for name, run_step in steps],
        "mlflow": mlflow_report("mlstacks_test", run.name) if track else None,
    }
    with open(report_file, "w", encoding="utf-8") as file:
        json.dump(report, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
