# A step operator that exists already is imported by flavor and name of the component.
terraform import mlstacks_step_operator.modal modal/modal
