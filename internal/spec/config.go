package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// The keys of a config that mean something here.
const (
	configBucket     = "bucket_name"
	configRepository = "repo_name"
	configRegion     = "region"
	configProject    = "project_id"
	configRuns       = "mlflow_bucket"
	configUser       = "mlflow-username"
	configExperiment = "experiment_name"
	configServerUser = "zenml-username"
)

const (
	// prefix is what the tool put before the name of a bucket in a cloud.
	prefix = "zenml-"
	// defaultBucket is what it called the bucket in a k3d cluster.
	defaultBucket = "zenml-minio-store"
)

// setting is a key that the tool's Terraform code knew.
type setting struct {
	key string
	at  []string
	// dropped is why it is not carried over; empty where it is.
	dropped string
}

// settings are the keys of the tool, by the providers whose code has them, and those of flavors here that users put into the
// same place. Secrets are not carried over: neither plan nor state nor the text may hold them.
func settings() []setting {
	const (
		login  = "it is a secret, which neither plan nor state may hold; the component makes a login of its own and keeps it in a Secret of its cluster"
		server = "it holds a password, which neither plan nor state may hold; database_secret of the flavor zenml names a Secret of the cluster with it"
		keys   = "it is a secret, which neither plan nor state may hold; a role takes the place of keys"
	)

	everywhere, clouds, local := []string{aws, gcp, k3d}, []string{aws, gcp}, []string{k3d}

	return []setting{
		{configBucket, everywhere, ""},
		{configRepository, []string{aws}, ""},
		{configRegion, clouds, ""},
		{configProject, []string{gcp}, ""},
		{configRuns, clouds, ""},
		{"mlflow_minio_bucket", local, "MLflow keeps its artifacts in the bucket of the artifact store, below the name of the tracker"},
		{configUser, everywhere, ""},
		{"mlflow-password", everywhere, login},
		{"mlflow-artifact-S3-access-key", []string{aws}, keys},
		{"mlflow-artifact-S3-secret-key", []string{aws}, keys},
		{"zenml-minio-store-access-key", local, login},
		{"zenml-minio-store-secret-key", local, login},
		{"zenml-version", everywhere, "the YAML for ZenML is that of ZenML " + zenml.Version},
		{configServerUser, clouds, ""},
		{"zenml-password", clouds, login},
		{"zenml-database-url", clouds, server},
		{"seldon-secret-name", local, "this provider has no flavor seldon"},
		{configExperiment, everywhere, ""},
	}
}

// configure translates the configs of all components.
func (r *reader) configure(s *Stack) {
	if !slices.Contains(providers(), s.Provider) {
		return
	}

	for _, c := range s.Components {
		for _, key := range slices.Sorted(maps.Keys(c.config)) {
			r.judgeKey(*s, c, key)
		}
	}

	if region, _, ok := s.value(Component{}, configRegion); ok && s.Provider != k3d {
		s.Region = region
		for i := range s.Components {
			s.Components[i].Region = region
		}
	}

	r.judgeRegion(*s)

	if _, _, ok := s.value(Component{}, configProject); !ok && s.Provider == gcp && s.whole && len(s.Components) > 0 {
		r.refuse(RuleProject, s.at[keyProvider], "Project missing", "Write project_id: <your project> below metadata.config of a component.",
			"Everything in Google Cloud is in a project, and no component names one: the tool failed half-way then.")
	}

	for i := range s.Components {
		s.Components[i].Configuration = r.configuration(*s, s.Components[i])
	}
}

// judgeKey says what becomes of a key that is not carried over.
func (r *reader) judgeKey(s Stack, c Component, key string) {
	var known []string

	for _, one := range settings() {
		if !slices.Contains(one.at, s.Provider) {
			continue
		}

		known = append(known, one.key)

		if one.key == key && one.dropped != "" {
			r.warn(RuleCarry, c.at[keyConfig+"."+key], "Not carried over", "", "%s: %s.", key, one.dropped)
		}
	}

	if slices.Contains(known, key) {
		return
	}

	fix := "Remove it."
	if near := zenml.DidYouMean(key, known); near != "" {
		fix = "Did you mean " + quoted(near) + "? " + fix
	}

	r.warn(RuleIgnored, c.at[keyConfig+"."+key], "Configuration that did nothing", fix, "The tool has no setting %q on %s.", key, s.Provider)
}

func (r *reader) judgeRegion(s Stack) {
	if s.Provider != aws || s.Region == "" {
		return
	}

	if problem := naming.Region(s.Region); problem != "" {
		at := s.at[keyRegion]
		if _, own, ok := s.value(Component{}, configRegion); ok {
			at = own
		}

		r.refuse(RuleValue, at, "Unknown region", "", "%s", problem)
	}
}

// configuration is what a component configures, by the attributes of its flavor here.
func (r *reader) configuration(s Stack, c Component) map[string]string {
	values := map[string]string{}

	carry := func(attribute, key string) {
		if value, _, ok := s.value(c, key); ok {
			values[attribute] = value
		}
	}

	switch c.Type + "/" + c.Flavor {
	case kindStore + "/s3":
		r.bucket(s, c, values)
		r.judged(s, c, values, "bucket", configBucket, naming.Bucket)
	case kindStore + "/gcs":
		r.bucket(s, c, values)
		carry("project", configProject)
	case kindStore + "/minio":
		r.minioBucket(s, c, values)
	case kindRegistry + "/ecr":
		values["repository"] = naming.Derived(naming.ForRepository, c.Name)
		carry("repository", configRepository)
		r.judged(s, c, values, "repository", configRepository, naming.Repository)
	case kindRegistry + "/artifact_registry", kindOrchestrator + "/vertex", kindStep + "/vertex", kindOrchestrator + "/skypilot_gcp":
		carry("project", configProject)
	case kindTracker + "/mlflow":
		carry("username", configUser)
		carry("experiment_name", configExperiment)
	case kindPlatform + "/zenml":
		carry("username", configServerUser)
	}

	return values
}

// bucket is the bucket in a cloud, by the name that the tool gave it.
func (r *reader) bucket(s Stack, c Component, values map[string]string) {
	if name, _, ok := s.value(c, configBucket); ok && name != "" {
		values["bucket"] = prefix + name
	}
}

func (r *reader) judged(s Stack, c Component, values map[string]string, attribute, key string, judge func(string) string) {
	value, ok := values[attribute]
	if !ok {
		return
	}

	_, at, ok := s.value(c, key)
	if !ok {
		at = c.at[keyName]
	}

	if problem := judge(value); problem != "" {
		r.refuse(RuleValue, at, "Value that "+strings.ToUpper(s.Provider)+" does not take", "", "%s", problem)
	}
}

var notBucket = regexp.MustCompile(`[^a-z0-9-]+`)

// minioBucket is the bucket in a cluster. The tool did not read its name, which its documentation shows nevertheless.
func (r *reader) minioBucket(s Stack, c Component, values map[string]string) {
	values["bucket"] = defaultBucket

	name, at, ok := s.value(c, configBucket)
	if !ok || name == "" {
		return
	}

	values["bucket"] = fitted(name, 63, "b")
	if values["bucket"] != name {
		r.warn(RuleCarry, at, "Bucket renamed", "", "%q is no name of a bucket: it has small letters, digits and hyphens. It is called %q here.", name, values["bucket"])
	}
}

// fitted makes a name of small letters, digits and hyphens that begins with a letter and is at most that long.
func fitted(name string, longest int, letter string) string {
	fit := strings.Trim(notBucket.ReplaceAllString(strings.ToLower(name), "-"), "-")

	if fit == "" || fit[0] < 'a' {
		fit = strings.TrimSuffix(letter+"-"+fit, "-")
	}

	if len(fit) > longest {
		sum := sha256.Sum256([]byte(name))
		fit = strings.TrimRight(fit[:longest-9], "-") + "-" + hex.EncodeToString(sum[:4])
	}

	for len(fit) < 3 { // the least that a bucket has
		fit += "0"
	}

	return fit
}
