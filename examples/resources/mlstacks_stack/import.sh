# The identifier is the name of the stack.
terraform import mlstacks_stack.main laptop
