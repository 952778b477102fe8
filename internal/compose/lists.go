package compose

import "slices"

// Targets lists the places that a stack can be held to.
func Targets() []string { return []string{"aws", "gcp", "k3d"} }

// Sources lists whose rules there are.
func Sources() []string { return []string{SourceZenML, SourceMLStacks, SourceOurs} }

// Concerns says whether a rule is about a flavor of a kind, named as the catalog and as ZenML name it.
func (r Rule) Concerns(kind, flavor, zenmlFlavor string) bool {
	c := &Component{Kind: kind, Flavor: flavor, ZenML: zenmlFlavor}

	return slices.ContainsFunc(r.About, func(about string) bool { return about != "*/*" && matches(about, c) })
}

// Abilities lists what components can provide to others.
func Abilities() []string {
	return []string{AbilityS3, AbilityGCS, AbilityAzureBlob, AbilityECR, AbilityArtifacts}
}
