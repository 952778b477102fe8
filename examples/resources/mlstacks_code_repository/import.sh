# A repository is imported by flavor and name of the component.
terraform import mlstacks_code_repository.github github/github
