package monitoring

import (
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// movedRelease takes over a release of the very chart that the flavor installs, where no metrics are lost by it. The flavor
// calls the server like the release, and an upgrade removes what has another name; so the volume has to have that name
// already, or be somebody else's, or there must be none.
var movedRelease = clustered.MoveRelease(func(r clustered.Released) (string, error) {
	if r.Chart != upstreamName {
		return "", &flavor.AttributeError{
			Err: fmt.Errorf("release %s/%s is made from the chart %s, and the flavor prometheus carries on releases of the chart %s only",
				r.Namespace, r.Name, r.Chart, upstreamName),
			Fix: "Nothing was changed. Keep the helm_release, and record the server: write a flavor of your own with mlstacks_flavor, and custom in " +
				"mlstacks_monitoring.",
		}
	}

	claim := serverName(r)
	enabled, said := r.Value("server", "persistentVolume", "enabled").(bool)
	foreign, _ := r.Value("server", "persistentVolume", "existingClaim").(string)
	policy, _ := r.Value("server", "persistentVolume", "annotations", "helm.sh/resource-policy").(string)
	carried := fmt.Sprintf("Its server is called %q now and becomes %q, so that its address changes.", claim, r.Name)

	switch {
	case r.Value("server", "statefulSet", "enabled") == true:
		return "", refused(r, "it keeps its metrics on volumes of a StatefulSet, which the flavor does not use", "server.statefulSet.enabled = false")
	case claim == r.Name:
		return "", nil
	case said && !enabled:
		return carried, nil
	case foreign != "":
		return carried + " " + mounting(foreign), nil
	case policy == "keep":
		return carried + " " + mounting(claim), nil
	}

	return "", refused(r, fmt.Sprintf("its volume claim %q would be removed by the upgrade, since the flavor calls it %q", claim, r.Name),
		`server.persistentVolume.annotations = { "helm.sh/resource-policy" = "keep" }`)
})

const upstreamName = "prometheus"

// serverName is what the chart calls the objects of the server: its template prometheus.server.fullname.
func serverName(r clustered.Released) string {
	text := func(fallback string, path ...string) string {
		if value, _ := r.Value(path...).(string); value != "" {
			return value
		}

		return fallback
	}

	const standard = "server"

	chart := text(upstreamName, "nameOverride")
	full := r.Name + "-" + text(standard, "server", "name")

	if !strings.Contains(r.Name, chart) {
		full = r.Name + "-" + chart + "-" + text(standard, "server", "name")
	}

	return text(full, "server", "fullnameOverride")
}

func mounting(claim string) string {
	return fmt.Sprintf("Set values = { server = { persistentVolume = { existingClaim = %q } } } to go on with its metrics; without it the server begins "+
		"with an empty volume, and that one stays where it is.", claim)
}

func refused(r clustered.Released, why, first string) error {
	return &flavor.AttributeError{
		Err: fmt.Errorf("release %s/%s cannot be carried on without a loss: %s", r.Namespace, r.Name, why),
		Fix: fmt.Sprintf("Nothing was changed. Give the helm_release the value %s, apply that with its own provider, and move it then. Or keep it, and make a "+
			"component of another name beside it.", first),
	}
}
