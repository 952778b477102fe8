# A model deployer that exists already is imported by flavor and name of the component.
terraform import mlstacks_model_deployer.huggingface huggingface/endpoints
