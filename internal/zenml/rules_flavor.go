package zenml

import "slices"

// flavorRules are the checks that ZenML keeps in code, one row each.
func flavorRules() []Rule {
	return slices.Concat(storeRules(), registryRules(), trackerRules(), orchestratorRules(), serviceRules(), runaiRules())
}
