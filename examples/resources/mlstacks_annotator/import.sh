# An annotator is imported by flavor and name of the component.
terraform import mlstacks_annotator.label_studio label_studio/label-studio
