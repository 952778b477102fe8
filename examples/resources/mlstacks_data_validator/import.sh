# A context of Great Expectations is imported by flavor and absolute path.
terraform import mlstacks_data_validator.great_expectations great_expectations//srv/ml/gx

# Any other data validator is imported by flavor and name of the component.
terraform import mlstacks_data_validator.evidently evidently/evidently
