package zenml

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var octalMode = regexp.MustCompile(`^0[0-7]{3}$`)

var memorySize = regexp.MustCompile(`^\d+(\.\d+)?(K|M|G|T|Ki|Mi|Gi|Ti)$`)

func runaiRules() []Rule {
	on := []string{"step_operator/runai"}
	return []Rule{
		{
			ID: "zenml-runai-url", On: on, Stage: StageConfig,
			Demand:  "runai_base_url is an http:// or https:// address with a host, without query or fragment.",
			Because: "ZenML appends the paths of the API to it.", check: func(s *subject) []fault {
				address := s.get("runai_base_url")
				if !address.given {
					return nil
				}
				return objection(address.says(isBaseURL), "runai_base_url", s.show("runai_base_url")+" is no base address", "Write https://<company>.run.ai.")
			},
		},
		{
			ID: "zenml-runai-memory", On: on, Stage: StageConfig,
			Demand:  "Amounts of memory are a number and one of K, M, G, T, Ki, Mi, Gi, Ti.",
			Because: "Run:AI reads no other units.", check: checkMemory,
		},
		{
			ID: "zenml-runai-gpu-memory", On: on, Stage: StageConfig,
			Demand:  "gpu_request_type = \"memory\" needs gpu_memory_request.",
			Because: "it says that GPUs are asked for by memory.", check: func(s *subject) []fault {
				return objection(Any(Not(s.get("gpu_request_type").is("memory")), s.get("gpu_memory_request").set()), "gpu_memory_request",
					"GPUs are asked for by memory, but no amount is given", "Set gpu_memory_request, for example \"4Gi\".")
			},
		},
		{
			ID: "zenml-runai-bounds", On: on, Stage: StageConfig,
			Demand:  "gpu_portion_limit is at least gpu_portion_request, and parallelism at most completions.",
			Because: "Run:AI refuses the reverse.", check: checkRunaiBounds,
		},
		{
			ID: "zenml-runai-mount-paths", On: on, Stage: StageConfig,
			Demand:  "Every mount has a place of its own.",
			Because: "two mounts cannot share one.", check: checkMountPaths,
		},
		{
			ID: "zenml-runai-mounts", On: on, Stage: StageConfig,
			Demand:  "Paths of mounts are absolute, and default_mode is a mode such as 0644.",
			Because: "Run:AI refuses others.", check: checkMounts,
		},
	}
}

func isBaseURL(address string) bool {
	if !hasAnyPrefix(address, []string{"http://", "https://"}) {
		return false
	}
	parsed, err := url.Parse(address)
	return err == nil && parsed.Hostname() != "" && parsed.RawQuery == "" && parsed.Fragment == ""
}

func checkMemory(s *subject) []fault {
	var faults []fault
	for _, name := range []string{"cpu_memory_request", "cpu_memory_limit", "gpu_memory_request", "gpu_memory_limit"} {
		if amount := s.get(name); amount.given {
			faults = append(faults, objection(Any(amount.null(), amount.says(memorySize.MatchString)), name, s.show(name)+" is no amount of memory", "Write one such as 512M or 4Gi.")...)
		}
	}
	return faults
}

func checkRunaiBounds(s *subject) []fault {
	var faults []fault
	for _, pair := range [][2]string{{"gpu_portion_request", "gpu_portion_limit"}, {"parallelism", "completions"}} {
		low, lowOK := size(s.get(pair[0]))
		high, highOK := size(s.get(pair[1]))
		faults = append(faults, objection(Is(!lowOK || !highOK || low <= high), s.firstGiven(pair[1], pair[0]), pair[0]+" exceeds "+pair[1], "Lower the one or raise the other.")...)
	}
	return faults
}

// mountPlaces say in which field each kind of mount keeps its place in the container.
var mountPlaces = [][2]string{
	{"pvc_mounts", "path"},
	{"config_map_mounts", "mount_path"},
	{"secret_mounts", "mount_path"},
	{"nfs_mounts", "mount_path"},
	{"s3_mounts", "path"},
	{"host_path_mounts", "mount_path"},
}

// eachMount visits every mount that is known to be one.
func (s *subject) eachMount(visit func(collection, place string, index int, mount map[string]any)) {
	for _, kind := range mountPlaces {
		mounts, _ := s.get(kind[0]).v.([]any)
		for i, mount := range mounts {
			if m, ok := mount.(map[string]any); ok {
				visit(kind[0], kind[1], i, m)
			}
		}
	}
}

func checkMountPaths(s *subject) []fault {
	seen := map[string]string{}
	var faults []fault
	s.eachMount(func(collection, place string, index int, mount map[string]any) {
		path, ok := mount[place].(string)
		if !ok {
			return
		}
		if before, taken := seen[path]; taken {
			faults = append(faults, fault{
				path: []string{collection, strconv.Itoa(index), place}, message: path + " is taken by " + before + " already",
				fix: "Give every mount a place of its own.",
			})
		}
		seen[path] = collection
	})
	return faults
}

func checkMounts(s *subject) []fault {
	var faults []fault
	s.eachMount(func(collection, place string, index int, mount map[string]any) {
		at := func(name string) value {
			v, given := mount[name]
			return value{v: v, open: IsUnknown(v), given: given}
		}
		names := []string{place}
		if collection == "host_path_mounts" {
			names = append(names, "path")
		}
		for _, name := range names {
			if path := at(name); path.given {
				faults = append(faults, objection(path.startsWith("/"), fmt.Sprintf("%s.%d.%s", collection, index, name), "the path of a mount must be absolute", "Put a / before it.")...)
			}
		}
		mode := at("default_mode")
		faults = append(faults, objection(Any(mode.null(), mode.says(octalMode.MatchString)), fmt.Sprintf("%s.%d.default_mode", collection, index),
			"a mode has four octal digits, the first of them 0", "Write one such as \"0644\".")...)
	})
	return faults
}

// trimURL is how ZenML stores an address it appends paths to.
func trimURL(address string) string { return strings.TrimRight(address, "/") }
