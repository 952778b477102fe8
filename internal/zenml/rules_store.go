package zenml

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	lowerScheme  = regexp.MustCompile(`^[a-z0-9]+://`)
	spacesRegion = regexp.MustCompile(`^[a-z]{2,6}[0-9]{1,2}$`)
	foreignPaths = []string{"gs://", "hdfs://", "s3://", "az://", "abfs://"}
)

const spacesRegistry = "registry.digitalocean.com/"

func storeRules() []Rule {
	return []Rule{
		{
			ID: "zenml-store-scheme", On: []string{"artifact_store/*"}, Stage: StageConfig,
			Demand:  "The path of an artifact store begins with a scheme the flavor supports.",
			Because: "the flavor opens the path with its own file system.", check: checkStoreScheme,
		},
		{
			ID: "zenml-local-store-remote-path", On: []string{"artifact_store/local"}, Stage: StageConfig,
			Demand:  "The path of a local artifact store does not begin with the scheme of a remote one.",
			Because: "it would become a directory of that name.", check: checkLocalPath,
		},
		{
			ID: "zenml-local-store-unknown-scheme", On: []string{"artifact_store/local"}, Stage: StageInstantiate,
			Demand:  "The path of a local artifact store has no scheme at all.",
			Because: "ZenML has no file system for it and fails when the store is first used.", check: checkLocalScheme,
		},
		{
			ID: "zenml-s3-endpoint", On: []string{"artifact_store/s3", "artifact_store/b2", "artifact_store/digitalocean"}, Stage: StageConfig,
			Demand:  "client_kwargs.endpoint_url begins with http:// or https://.",
			Because: "ZenML refuses other endpoints.", check: checkEndpoint,
		},
		{
			ID: "zenml-spaces-region", On: []string{"artifact_store/digitalocean"}, Stage: StageConfig,
			Demand:  "A Spaces store has a region such as fra1, or an endpoint of its own.",
			Because: "the endpoint is made from the region.", check: checkSpacesRegion,
		},
	}
}

func registryRules() []Rule {
	return []Rule{
		{
			ID: "zenml-ecr-uri", On: []string{"container_registry/aws"}, Stage: StageConfig,
			Demand:  "The URI of an ECR registry is the host alone.",
			Because: "ZenML appends the repository itself.", check: func(s *subject) []fault {
				uri := s.get("uri")
				return objection(Not(uri.says(func(u string) bool { return strings.Contains(strings.TrimRight(u, "/"), "/") })), "uri",
					s.show("uri")+" has a path after the host", "Give the host alone: <account>.dkr.ecr.<region>.amazonaws.com.")
			},
		},
		{
			ID: "zenml-spaces-registry-uri", On: []string{"container_registry/digitalocean"}, Stage: StageConfig,
			Demand:  "The URI of a DigitalOcean registry is " + spacesRegistry + "<registry>.",
			Because: "the service has one host and addresses registries by path.", check: func(s *subject) []fault {
				uri := s.get("uri")
				if !uri.given {
					return nil
				}
				return objection(uri.says(func(u string) bool {
					rest, ok := strings.CutPrefix(strings.TrimRight(u, "/"), spacesRegistry)
					return ok && rest != ""
				}), "uri", s.show("uri")+" does not name a registry at "+strings.TrimRight(spacesRegistry, "/"), "Write "+spacesRegistry+"<registry>.")
			},
		},
	}
}

// show gives the value of a field for a message.
func (s *subject) show(name string) string {
	field, _ := s.flavor.Field(name)
	return field.show(s.get(name).v)
}

// storePath is the path as ZenML sees it: without quotes that a shell left around it.
func (s *subject) storePath() value {
	path := s.before("path")
	if text, ok := path.v.(string); ok {
		path.v = strings.Trim(text, "'\"`")
		path.hidden = false // ZenML looks at the text of a reference here
	}
	return path
}

func checkStoreScheme(s *subject) []fault {
	path := s.storePath()
	if _, ok := path.v.(string); !ok || slices.Contains(s.flavor.Schemes, "") {
		return nil
	}
	return objection(path.startsWith(s.flavor.Schemes...), "path", fmt.Sprintf("%s does not begin with a scheme of the %s flavor", s.show("path"), s.flavor.Name),
		"Begin it with one of: "+strings.Join(s.flavor.Schemes, ", ")+".")
}

func checkLocalPath(s *subject) []fault {
	return objection(Not(s.storePath().startsWith(foreignPaths...)), "path", s.show("path")+" is no directory of this machine", "Give a directory, or use the flavor that the scheme belongs to.")
}

func checkLocalScheme(s *subject) []fault {
	path := s.storePath()
	return objection(Not(path.says(func(p string) bool { return lowerScheme.MatchString(p) && !hasAnyPrefix(p, foreignPaths) })), "path",
		s.show("path")+" has a scheme that no file system of ZenML answers to", "Give a plain directory.")
}

// endpoint is client_kwargs.endpoint_url.
func (s *subject) endpoint() value {
	kwargs := s.get("client_kwargs")
	m, ok := kwargs.v.(map[string]any)
	if !ok {
		return value{open: kwargs.open}
	}
	v := m["endpoint_url"]
	return value{v: v, open: IsUnknown(v)}
}

func checkEndpoint(s *subject) []fault {
	endpoint := s.endpoint()
	if endpoint.set() != True {
		return nil
	}
	return objection(endpoint.says(func(url string) bool {
		return hasAnyPrefix(strings.TrimRight(url, "/"), []string{"http://", "https://"})
	}),
		"client_kwargs.endpoint_url", "the endpoint is no http:// or https:// address", "Write https://host[:port].")
}

func checkSpacesRegion(s *subject) []fault {
	region, endpoint := s.get("region"), s.endpoint()
	if region.set() == True {
		return objection(region.says(spacesRegion.MatchString), "region", s.show("region")+" is no datacenter of DigitalOcean", "Write one such as fra1, ams3 or nyc3.")
	}
	return objection(Any(region.set(), endpoint.set()), "region", "neither a region nor client_kwargs.endpoint_url says where the Space is", "Set region, for example fra1.")
}
