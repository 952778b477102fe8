package spec

// registryHost is where the tool's Google Cloud recipe kept images.
const registryHost = "us.gcr.io/"

// custom writes a flavor of ZenML that this provider does not make, by ZenML's name.
func (w *writer) custom(c *Component, flavor, config object) *resource {
	flavor = append(object{{"component_type", text(c.Type)}, {"name", text(c.row.zenml)}}, flavor...)

	return w.add(c, field{"custom", object{{"flavor", flavor}, {"config", config}}})
}

// gcs, artifactRegistry, vertex and pipelines tell ZenML of what somebody else makes.
func (w *writer) gcs(c *Component) {
	var path value = text("gs://" + c.Configuration["bucket"])
	if c.Configuration["bucket"] == "" {
		w.need("bucket", "Bucket of the artifact store in Cloud Storage.")

		path = expression(`"gs://${var.bucket}"`)

		w.bucketMissing(c)
	}

	w.custom(c, object{{"schemes", tuple{text("gs://")}}, {"provides", tuple{text("gcs")}}}, object{{"path", path}})
	w.lost(c, "Bucket not made", "Make the bucket, or keep the one that the tool made.", "This provider has no flavor gcs: ZenML is told of the bucket, and nothing makes it.")
}

func (w *writer) artifactRegistry(c *Component) {
	w.custom(c, object{{"provides", tuple{text("artifact_registry")}}}, object{{"uri", text(registryHost + c.Configuration["project"])}})
	w.lost(c, "Registry not made", "Make a repository for gcr.io in Artifact Registry, or write the address of another one into uri.",
		"This provider has no flavor artifact_registry: ZenML is told of the address that the tool used, and nothing makes it. Google shut Container Registry down in 2025, and "+
			"Artifact Registry answers for its addresses.")
}

func (w *writer) vertex(c *Component) {
	place := "location"
	if c.Type == kindStep {
		place = "region"
	}

	var region value = text(w.stack.Region)
	if w.stack.Region == "" {
		region = w.need("region", "Region of Google Cloud that jobs run in, such as europe-west1.")
	}

	w.custom(c, nil, object{{"project", text(c.Configuration["project"])}, {place, region}})
	w.lost(c, "Service account not made", "Set workload_service_account or service_account in config to one that may run jobs and read the bucket.",
		"This provider has no flavor vertex: ZenML is told of project and region; the service account that the tool made, and its rights, are yours to look after.")
}

func (w *writer) pipelines(c *Component) {
	w.custom(c, nil, object{{"kubernetes_context", w.context()}})
	w.lost(c, "Orchestrator not installed", "Install it in the cluster, or use the orchestrator kubernetes, which needs nothing installed.",
		"This provider has no flavor %s: ZenML is told of it, and nothing installs it.", c.row.ours)

	if w.stack.Provider == k3d {
		w.lost(c, "Registry that the orchestrator does not take", "Name a registry with an address that is not on localhost.",
			"ZenML refuses a registry on localhost beside %s, and that of k3d will be found there.", c.row.ours)
	}
}

func (w *writer) seldon(c *Component) {
	r := w.custom(c, nil, object{
		{"kubernetes_context", text("<context of the cluster>")},
		{"kubernetes_namespace", text("zenml-workloads-seldon")},
		{"base_url", text("http://<address of Istio's gateway>")},
		{"kubernetes_secret_name", text("<secret with the store's credentials>")},
		{"secret", text("<ZenML secret with the store's credentials>")},
	})
	r.off = true

	w.lost(c, "Model deployer left out", "Install Seldon Core, then fill in the block and take away the hashes; or use the flavor kubernetes, which serves an image.",
		"This provider has no flavor seldon, and ZenML wants to know the address of a server that runs.")
}
