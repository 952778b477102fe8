# An alerter is imported by flavor and name of the component.
terraform import mlstacks_alerter.slack slack/slack
