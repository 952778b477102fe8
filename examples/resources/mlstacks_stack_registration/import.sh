# The identifier is the name of the stack in ZenML, or its id. The server is the one of the provider block, or of the
# variables ZENML_STORE_URL and ZENML_STORE_API_KEY.
terraform import mlstacks_stack_registration.main churn
