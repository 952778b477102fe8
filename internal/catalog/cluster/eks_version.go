package cluster

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// reachable refuses a version that EKS cannot bring a cluster to that runs another one. EKS upgrades clusters by itself when
// the support of a version ends, and then an older one may be wanted that nobody has touched.
func reachable(running, wanted string) error {
	because := cannotGo(running, wanted)
	if because == "" {
		return nil
	}

	return &flavor.AttributeError{
		Attribute: []string{"version"}, Err: fmt.Errorf("version %q: %s", wanted, because),
		Fix: fmt.Sprintf("Nothing was changed. Set version = %q first.", reachableFrom(running, wanted)),
	}
}

// cannotGo says why a cluster cannot go from one version to another; empty where it can.
func cannotGo(from, to string) string {
	if from == "" || to == "" || from == to { // whichever it has, it keeps, or the cluster says
		return ""
	}

	was, is := minorOf(from), minorOf(to)

	switch {
	case was < 0 || is < 0 || is == was+1: // EKS knows
		return ""
	case is < was:
		return fmt.Sprintf("the cluster runs Kubernetes %s, and EKS does not go back", from)
	default:
		return fmt.Sprintf("the cluster runs Kubernetes %s, and EKS goes up one minor version at a time", from)
	}
}

// reachableFrom is the version on the way to a wanted one that EKS can go to at once.
func reachableFrom(running, wanted string) string {
	if minorOf(wanted) > minorOf(running) {
		return nextMinor(running)
	}

	return running
}

// nextMinor is the minor version that follows.
func nextMinor(version string) string {
	major, _, _ := strings.Cut(version, ".")

	return fmt.Sprintf("%s.%d", major, minorOf(version)+1)
}

func minorOf(version string) int {
	_, digits, _ := strings.Cut(version, ".")

	minor, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}

	return minor
}
