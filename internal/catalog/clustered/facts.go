package clustered

import (
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// maxName is the longest name of a component: Kubernetes allows 63 characters for services and 53 for Helm releases, and
// the names of Secrets and pods are longer than that of the component.
const maxName = 45

// CheckName refuses at plan a name that Kubernetes would not take.
func CheckName(s flavor.Subject) []flavor.Problem {
	name, known := s.Name.(string)

	switch {
	case !known:
		return nil
	case len(name) > maxName:
		return []flavor.Problem{{
			Beside:  "name",
			Summary: "Name too long for Kubernetes",
			Detail: fmt.Sprintf("name: %q has %d characters, and what the component is made of in its cluster bears its name, which may have %d.\n\n"+
				"Give it a shorter name.", name, len(name), maxName),
		}}
	case !dnsLabel.MatchString(name) || name[0] >= '0' && name[0] <= '9':
		return []flavor.Problem{{
			Beside:  "name",
			Summary: "Name that Kubernetes does not take",
			Detail: fmt.Sprintf("name: %q cannot name objects in a cluster: they have small letters, digits and hyphens, begin with a letter and end with a "+
				"letter or digit.\n\nRename the component.", name),
		}}
	}

	return nil
}

// CheckExpose refuses ways out that say too little.
func CheckExpose(v flavor.Values) []flavor.Problem {
	expose, ok := v["expose"].(map[string]any)
	if !ok {
		return nil
	}

	if expose["type"] == "ingress" && (expose["host"] == "" || expose["host"] == nil) {
		return []flavor.Problem{{
			Path: []string{"expose", "host"}, Summary: "Ingress without a host",
			Detail: "expose.host: an ingress answers to a host name, and none is given.\n\nSet host to a name that leads to the ingress controller.",
		}}
	}

	port, _ := expose["port"].(int64)
	if expose["type"] == "node_port" && port != 0 && (port < 30000 || port > 32767) {
		return []flavor.Problem{{
			Path: []string{"expose", "port"}, Summary: "Not a node port",
			Detail: fmt.Sprintf("expose.port: node ports lie between 30000 and 32767 unless the cluster was set up otherwise, and this is %d.\n\nChoose one "+
				"of those, or 0 to have one picked.", port),
		}}
	}

	return nil
}

// Address is the address for others: the one that was reached from here, or the one for pods where it is for pods only.
func Address(s flavor.Subject) any {
	expose, ok := s.Values["expose"].(map[string]any)
	if zenml.IsUnknown(s.Values["expose"]) || ok && zenml.IsUnknown(expose["type"]) {
		return zenml.Unknown{}
	}

	if !ok || expose["type"] == "none" || expose["type"] == nil {
		return s.Output("cluster_uri")
	}

	return s.Output("uri")
}

// Context is the context of a kubeconfig that leads to the component's cluster, as its clients call it.
func Context(s flavor.Subject) any {
	switch s.Reference("type") {
	case "k3d":
		return flavor.Map(s.Reference("name"), func(name string) any { return "k3d-" + name })
	case "eks": // what AWS's own command line writes calls it by its ARN
		return amazon.Texts(func(parts ...string) any {
			return naming.ARN(naming.Partition(parts[0]), "eks", parts[0], parts[1], "cluster/"+parts[2])
		}, s.Reference("region"), s.Reference("account"), s.Reference("name"))
	default:
		return s.Reference("context")
	}
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// Random makes a text of letters and digits that nobody can guess.
func Random(length int) func() string {
	return func() string {
		text := make([]byte, length)
		for i := range text {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
			if err != nil {
				panic(err) // the system has no randomness left: nothing made now would be safe
			}

			text[i] = letters[n.Int64()]
		}

		return string(text)
	}
}

// Constant makes the same text each time.
func Constant(text string) func() string { return func() string { return text } }
