package compose

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// The abilities of components.
const (
	AbilityS3        = "s3"
	AbilityGCS       = "gcs"
	AbilityAzureBlob = "azure_blob"
	AbilityECR       = "ecr"
	AbilityArtifacts = "artifact_registry"
)

// Adapt turns a component as ZenML describes it (its type, flavor and configuration) into what the rules judge. It is
// the one way from ZenML's names: stacks read from a file, stacks of other tools and our own components all take it.
func Adapt(componentType, zenmlFlavor string, config map[string]any, connector *zenml.Connector) Component {
	c := Component{
		Slot: componentType, Kind: componentType, Flavor: ourFlavor(componentType, zenmlFlavor), ZenML: zenmlFlavor,
		Given: config, Config: config, Connector: connector, Facts: map[string]any{},
	}
	if flavor, ok := zenml.Lookup(componentType, zenmlFlavor); ok {
		c.Config = flavor.Normalize(config)
	}
	c.URI = addressOf(&c)
	c.Provides = abilitiesOf(&c)
	locate(&c)
	return c
}

// ourNames are the flavors that we call differently, by kind and ZenML's name.
var ourNames = map[string]string{
	"artifact_store/gcp": "gcs", "artifact_store/azure": "azure_blob",
	"container_registry/default": "generic", "container_registry/github": "ghcr", "container_registry/aws": "ecr",
	"container_registry/gcp": "artifact_registry", "container_registry/azure": "acr",
	"orchestrator/vm_aws": "skypilot_aws", "orchestrator/vm_gcp": "skypilot_gcp", "orchestrator/vm_azure": "skypilot_azure",
	"orchestrator/vm_lambda": "skypilot_lambda", "orchestrator/vm_kubernetes": "skypilot_kubernetes",
	"model_deployer/mlflow": "mlflow_local", "deployer/aws": "app_runner", "deployer/gcp": "cloud_run",
	"step_operator/spark-kubernetes": "spark_kubernetes", "image_builder/aws": "codebuild", "image_builder/gcp": "cloud_build",
}

func ourFlavor(kind, zenmlFlavor string) string {
	if name, ok := ourNames[kind+"/"+zenmlFlavor]; ok {
		return name
	}
	return zenmlFlavor
}

// addressFields say where a component's address stands.
var addressFields = map[string]string{
	kindStore: "path", kindRegistry: "uri", kindTracker: "tracking_uri", kindFeatures: "online_host", "annotator": "instance_url", "log_store": "endpoint",
}

func addressOf(c *Component) any {
	switch v := c.Config[addressFields[c.Kind]].(type) {
	case zenml.Unknown:
		return v
	case string:
		if zenml.IsSecretReference(v) {
			return zenml.Unknown{}
		}
		return v
	default:
		return nil
	}
}

func abilitiesOf(c *Component) []string {
	switch c.Kind + "/" + c.ZenML {
	case "artifact_store/s3", "artifact_store/b2", "artifact_store/digitalocean":
		return []string{AbilityS3}
	case "artifact_store/gcp":
		return []string{AbilityGCS}
	case "artifact_store/azure":
		return []string{AbilityAzureBlob}
	case "container_registry/aws":
		return []string{AbilityECR}
	case "container_registry/gcp":
		return []string{AbilityArtifacts}
	}
	if uri, ok := c.URI.(string); ok && c.Kind == kindRegistry {
		return registryAbilities(uri)
	}
	return nil
}

var (
	ecrHost       = regexp.MustCompile(`^([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$`)
	artifactsHost = regexp.MustCompile(`^([a-z0-9-]+)-docker\.pkg\.dev$`)
	roleARN       = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):role/`)
)

// registryAbilities tells from an address which registry it is, whatever flavor it was registered as.
func registryAbilities(uri string) []string {
	host, _, _ := strings.Cut(trimScheme(uri), "/")
	switch {
	case ecrHost.MatchString(host), host == "public.ecr.aws":
		return []string{AbilityECR}
	case artifactsHost.MatchString(host), host == "gcr.io", strings.HasSuffix(host, ".gcr.io"):
		return []string{AbilityArtifacts}
	default:
		return nil
	}
}

// roleFields say as which role the jobs of a flavor run: its account is theirs.
var roleFields = map[string]string{"orchestrator/sagemaker": "execution_role", "step_operator/sagemaker": "role"}

// locate derives region, project and account where the configuration tells them.
func locate(c *Component) {
	set := func(fact, field string) {
		switch v := c.Config[field].(type) {
		case zenml.Unknown:
			c.Facts[fact] = v
		case string:
			if v != "" && !zenml.IsSecretReference(v) {
				c.Facts[fact] = v
			}
		}
	}
	switch c.Kind {
	case kindStore:
		locateBucket(c)
	case kindRegistry:
		host, rest, _ := strings.Cut(trimScheme(text(c.URI)), "/")
		if match := ecrHost.FindStringSubmatch(host); match != nil {
			c.Facts[FactAccount], c.Facts[FactRegion] = match[1], match[2]
		}
		if match := artifactsHost.FindStringSubmatch(host); match != nil {
			c.Facts[FactRegion] = match[1]
			if project, _, _ := strings.Cut(rest, "/"); project != "" {
				c.Facts[FactProject] = project
			}
		}
		if zenml.IsUnknown(c.URI) {
			c.Facts[FactRegion], c.Facts[FactProject], c.Facts[FactAccount] = zenml.Unknown{}, zenml.Unknown{}, zenml.Unknown{}
		}
	default:
		set(FactRegion, "region")
		locateRole(c)
		if slices.Contains([]string{"vertex", "gcp"}, c.ZenML) {
			set(FactRegion, "location")
			set(FactProject, "project")
		}
	}
}

// locateRole reads the account of a job's role. A role that is only named is in whatever account the caller is in.
func locateRole(c *Component) {
	switch role := c.Config[roleFields[c.Kind+"/"+c.ZenML]].(type) {
	case zenml.Unknown:
		c.Facts[FactAccount] = role
	case string:
		if match := roleARN.FindStringSubmatch(role); match != nil {
			c.Facts[FactAccount] = match[1]
		}
	}
}

// ownEndpoint tells whether an S3 store is behind an endpoint of its own: it is not Amazon's then.
func ownEndpoint(c *Component) Truth {
	switch kwargs := c.Config["client_kwargs"].(type) {
	case zenml.Unknown:
		return zenml.Undecided
	case map[string]any:
		endpoint := kwargs["endpoint_url"]
		if zenml.IsUnknown(endpoint) {
			return zenml.Undecided
		}
		return zenml.Is(endpoint != nil && endpoint != "")
	default:
		return zenml.False
	}
}

// locateBucket reads the region of an S3 bucket. The region of one that is not Amazon's says nothing about AWS.
func locateBucket(c *Component) {
	if c.ZenML != "s3" {
		return
	}
	switch ownEndpoint(c) {
	case zenml.True:
		return
	case zenml.Undecided:
		c.Facts[FactRegion] = zenml.Unknown{}
		return
	case zenml.False:
	}
	m, _ := c.Config["client_kwargs"].(map[string]any)
	switch region := m["region_name"].(type) {
	case string:
		c.Facts[FactRegion] = region
	case zenml.Unknown:
		c.Facts[FactRegion] = region
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func trimScheme(uri string) string {
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		return rest
	}
	return uri
}
