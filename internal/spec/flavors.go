package spec

import (
	"fmt"
	"strings"
)

// The ports of a k3d cluster's nodes that lead to its services, where containers have no addresses of their own.
const (
	storePort   = 30900
	trackerPort = 30500
	// platformPort leads to the ZenML server.
	platformPort = 30880
)

// ports are those of the nodes, by flavors.
func ports() map[string]int {
	return map[string]int{"minio": storePort, "mlflow": trackerPort, "zenml": platformPort}
}

// besides marks a resource that stands in no slot of the stack.
const besides = -1

// cluster writes the cluster that the tool made unasked.
func (w *writer) cluster() {
	name := fitted(w.stack.Name, 32, "c") // what k3d takes
	r := &resource{kind: kindCluster, label: "main", argument: besides}

	switch w.stack.Provider {
	case k3d:
		var open []string

		for _, c := range w.parts {
			if port, ok := ports()[c.row.ours]; ok {
				open = append(open, fmt.Sprintf("{ node = %d }", port))
			}
		}

		config := object{{"registry", object{}}}
		if len(open) > 0 {
			config = append(config, field{"ports", expression("[" + strings.Join(open, ", ") + "]")})
		}

		r.body = object{{"name", text(name)}, {"k3d", config}}
	case aws:
		r.comments = []string{"The nodes are those that mlstacks made. They cost money by the hour, also while nothing runs."}
		r.body = object{{"name", text(name)}, {"eks", object{{"node_group", object{
			{"instance_types", tuple{text("t3.xlarge")}}, {"min", number(1)}, {"max", number(4)}, {"desired", number(3)},
		}}}}}
	default:
		r.comments = []string{"mlstacks made a cluster in GKE, and this provider makes none there: it uses one that is there already."}
		r.body = object{{"name", text(name)}, {"kubeconfig", object{
			{"path", text("~/.kube/config")},
			{"context", w.need("kube_context", "Context of the cluster in the kubeconfig file, as gcloud container clusters get-credentials writes it.")},
		}}}
		w.warn(RuleCarry, w.stack.at[keyProvider], "Cluster not made", "Make one, and name its context in the variable kube_context.",
			"The tool made a cluster in GKE for the stack, and this provider has no such flavor.")
	}

	w.resources = append(w.resources, r)
}

// context is the cluster's context in a kubeconfig file.
func (w *writer) context() value {
	switch w.stack.Provider {
	case k3d:
		return expression(`"k3d-${mlstacks_cluster.main.name}"`)
	case aws:
		return expression(`mlstacks_cluster.main.outputs["arn"]`)
	default:
		return w.need("kube_context", "")
	}
}

// local writes what the tool's export named where the files had nothing.
func (w *writer) local(c *Component) {
	if c.Type == kindStore {
		w.add(c, field{"local", object{{"path", expression(`"${path.module}/artifacts"`)}}})

		return
	}

	w.add(c, field{"local", object{}})
}

// idle writes nothing for what did nothing, but says so.
func (w *writer) idle(c *Component) {
	w.add(c, field{c.row.ours, object{}}).off = true
}

func (w *writer) s3(c *Component) {
	var bucket value = text(c.Configuration["bucket"])
	if c.Configuration["bucket"] == "" {
		bucket = w.need("bucket", "Bucket of the artifact store: a name that nobody else in AWS has.")
		w.bucketMissing(c)
	}

	w.add(c, field{"s3", object{{"bucket", bucket}}})
}

func (w *writer) bucketMissing(c *Component) {
	if len(c.at) == 0 {
		return // the files have no store at all
	}

	w.lost(c, "Bucket without a name", "Write bucket_name below metadata.config, or set the variable bucket.",
		"The tool put random letters into the name of the bucket, and here it needs one.")
}

func (w *writer) minio(c *Component) {
	body := object{{"bucket", text(c.Configuration["bucket"])}, exposed(storePort)}
	w.add(c, w.inCluster(), field{"minio", body})
}

func exposed(port int) field {
	return field{"expose", object{{"type", text("node_port")}, {"port", number(port)}}}
}

func (w *writer) ecr(c *Component) {
	w.add(c, field{"ecr", object{{"repository", text(c.Configuration["repository"])}}})
}

func (w *writer) k3dRegistry(c *Component) {
	w.add(c, w.inCluster(), field{"k3d", object{}})
}

// mlflow writes a tracking server with a login that it makes for itself.
func (w *writer) mlflow(c *Component) {
	body := object{}

	switch runs := w.runs(c); {
	case runs != nil:
		body = append(body, field{"artifact_store", runs})
	case w.stack.Provider == gcp:
		w.lost(c, "Tracker without a bucket", "", "The tool kept the artifacts of runs in Cloud Storage; here they are on a volume of the tracker's.")
	}

	if w.stack.Provider == k3d {
		body = append(body, exposed(trackerPort))
	}

	for _, name := range []string{"username", "experiment_name"} {
		if given := c.Configuration[name]; given != "" {
			body = append(body, field{name, text(given)})
		}
	}

	w.add(c, w.inCluster(), field{"mlflow", body})
	w.hidden(c)
}

// runs is the store for the artifacts of MLflow's runs: a bucket of its own, if the files name one, or the stack's.
func (w *writer) runs(c *Component) value {
	if w.stack.Provider == gcp {
		return nil
	}

	if bucket, _, ok := w.stack.value(*c, configRuns); ok && bucket != "" && w.stack.Provider == aws {
		r := &resource{
			kind: kindStore, label: w.label(kindStore, "mlflow"), argument: besides, comments: []string{"A bucket for runs that mlstacks did not make, but used."},
			body: object{{"name", text("mlflow")}, {"managed", expression("false")}, {"s3", object{{"bucket", text(bucket)}}}},
		}
		w.resources = append(w.resources, r)

		return r.address()
	}

	return w.of(kindStore).address()
}

func (w *writer) kubernetes(c *Component) {
	config := object{}

	switch w.stack.Provider {
	case k3d:
		// ZenML takes an address on localhost for one that pods cannot pull from; the nodes of k3d can.
		config = object{{"skip_local_validations", expression("true")}}
	case aws:
		config = object{{"artifact_store", w.of(kindStore).address()}}
	}

	w.add(c, w.inCluster(), field{"kubernetes", config})
}

func (w *writer) sageMaker(c *Component) {
	w.add(c, field{"sagemaker", object{
		{"artifact_store", w.of(kindStore).address()}, {"container_registry", w.of(kindRegistry).address()},
	}})
}

func (w *writer) skypilotAWS(c *Component) {
	config := object{}
	if w.stack.Region != "" {
		config = append(config, field{"region", text(w.stack.Region)})
	}

	w.add(c, field{"skypilot_aws", append(config, field{"artifact_store", w.of(kindStore).address()})})
}

func (w *writer) skypilotGCP(c *Component) {
	config := object{{"project", text(c.Configuration["project"])}}
	if w.stack.Region != "" {
		config = append(config, field{"region", text(w.stack.Region)})
	}

	w.add(c, field{"skypilot_gcp", config})
}

func (w *writer) platform(c *Component) {
	body := object{}
	if w.stack.Provider == k3d {
		body = append(body, exposed(platformPort))

		w.lost(c, "Server that was not there", "Remove the component, if nobody misses it.", "The tool took mlops platform %q on k3d and deployed nothing for it; here it is a server.",
			c.ToolFlavor)
	}

	if user := c.Configuration["username"]; user != "" {
		body = append(body, field{"username", text(user)})
	}

	w.add(c, w.inCluster(), field{"zenml", body})
	w.hidden(c)
}

// hidden says that a service of the cluster is not in the open. The tool put services behind an ingress of their own.
func (w *writer) hidden(c *Component) {
	if w.stack.Provider != k3d {
		w.lost(c, "Service that only pods reach", "Set expose, as in expose = { type = \"ingress\", host = \"…\" }.",
			"The tool put the service behind an address of nip.io that everybody reached; here only pods reach it until you say otherwise.")
	}
}
