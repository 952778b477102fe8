# An orchestrator that exists already is imported by flavor and name of the component.
terraform import mlstacks_orchestrator.modal modal/modal
