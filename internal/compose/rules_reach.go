package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// runsElsewhere says that an orchestrator's steps run on other machines.
func runsElsewhere() Condition {
	return Condition{text: "runs its steps on other machines", of: func(c *Component) Truth { return has(farRows, c) }}
}

// besideSteps are the kinds without which the steps of a pipeline work, so that an address that only this machine knows
// is worth a warning there: people label in an annotator, and look at an MLOps platform and at monitoring; the machine
// that starts a pipeline talks to the image builder, the deployer and the code repository; a secrets manager serves
// ZenML's server; a sandbox is for code that a step chooses to run there. An alerter is not among them: it is a step
// that posts the message.
var besideSteps = []string{"annotator", "code_repository", kindDeployer, kindImageBuilder, "mlops_platform", "monitoring", "sandbox", "secrets_manager"}

func isBesideSteps(kind string) bool { return slices.Contains(besideSteps, kind) }

// isForSteps leaves out the feature store, whose address has a rule of its own.
func isForSteps(kind string) bool { return !isBesideSteps(kind) && kind != kindFeatures }

func reachRows() []row {
	elsewhere := runsElsewhere()
	noServer := not(isSet("tracking_uri"))
	onDisk := startsWith("tracking_uri", "file:", "sqlite:")
	const becauseDisk = "every step would keep its records on a disk of its own, where they are lost"
	return []row{
		{
			id: "remote-needs-reachability", about: "orchestrator/*", when: elsewhere, demand: reaches("what its steps use at addresses that other machines know", onlyHereFor, isForSteps),
			because: "pods and cloud jobs cannot reach an address that only this machine knows", fix: "Give an address that other machines can reach.",
		},
		{
			id: "remote-prefers-reachability", severity: Warning, about: "orchestrator/*", when: elsewhere, demand: reaches("everything else at addresses that other machines know", onlyHereFor, isBesideSteps),
			because: "people, ZenML's server and the machine that starts a pipeline use " + nouns(besideSteps) + ", so that steps work without; one that does use it cannot reach an address that only this machine knows", fix: "Give an address that other machines can reach.",
		},
		{
			id: "one-cluster-or-reachable", severity: Warning, about: "orchestrator/*", demand: reaches("nothing at an address within another cluster", otherCluster, anyKind),
			because: "names under svc.cluster.local do not resolve outside their cluster", fix: "Give an address that is reachable from outside, or put both into one cluster.",
		},
		{
			id: "one-cluster-or-reachable", severity: Warning, about: "step_operator/*", demand: reaches("nothing at an address within another cluster", otherCluster, anyKind),
			because: "names under svc.cluster.local do not resolve outside their cluster", fix: "Give an address that is reachable from outside, or put both into one cluster.",
		},
		{
			id: "plain-http-with-remote", severity: Warning, about: "orchestrator/*", when: elsewhere, demand: reaches("registries and trackers behind https", plainHTTP, func(kind string) bool { return kind == kindRegistry || kind == kindTracker }),
			because: "most container runtimes refuse registries without TLS, and logins travel in the clear", fix: "Use https://.",
		},
		{id: "mlflow-needs-server", about: "experiment_tracker/mlflow", when: noServer, demand: here(), because: becauseDisk, fix: "Set tracking_uri to a server.", instead: true},
		{id: "mlflow-prefers-server", severity: Warning, about: "experiment_tracker/mlflow", when: onDisk, demand: here(), because: becauseDisk, fix: "Set tracking_uri to a server.", instead: true},
		{
			id: "feast-needs-reachable-store", severity: Warning, about: "feature_store/feast", when: onText("online_host", "has its online store on this machine", func(host string) bool { return onlyHere(hostOf(host)) }), demand: here(),
			because: "steps look for the online store on their own machine", fix: "Set online_host.",
		},
		{
			id: "local-model-deployer-with-remote", severity: Warning, about: "model_deployer/mlflow|bentoml|vllm", demand: here(),
			because: "it serves from this machine's disk, where a step on another machine leaves nothing",
		},
	}
}

// onOtherMachine says that an orchestrator's steps run on another machine. Over SSH it may be this one.
func onOtherMachine() Condition {
	return Condition{text: "runs its steps on another machine", of: func(c *Component) Truth {
		if !matches("orchestrator/ssh", c) {
			return has(farRows, c)
		}
		host, known := c.field("hostname").(string)
		if !known || zenml.IsSecretReference(host) {
			return zenml.Undecided
		}
		return zenml.Is(!onlyHere(hostOf(host)))
	}}
}

// sharedStore demands a store that is no directory of this machine.
func sharedStore() demand {
	return needs(kindStore, "needs an artifact_store that other machines reach", func(_ situation, c *Component) Truth {
		return zenml.Is(!matches("artifact_store/local", c))
	})
}

// inLocalStores demands that the directory of a local store is below the one where ZenML keeps such directories, as far
// as its name tells. Without a path it is.
func inLocalStores() demand {
	outside := onText("path", "", func(path string) bool {
		return path != "" && !slices.Contains(strings.Split(strings.ReplaceAll(path, `\`, "/"), "/"), "local_stores")
	})
	return needs(kindStore, "needs a local artifact_store to be below ZenML's local stores directory", func(_ situation, c *Component) Truth {
		if !matches("artifact_store/local", c) {
			return zenml.True
		}
		return zenml.Not(outside.of(c))
	})
}

func localStoreRows() []row {
	const because = "ZenML shares only that directory with its containers, and refuses a pipeline or deployment with another one"
	const path = "a path below ZenML's local stores directory, which `zenml status` shows."
	const id = "local-docker-needs-local-stores"
	return []row{
		{id: id, severity: Warning, about: "orchestrator/local_docker", demand: inLocalStores(), because: because, fix: "Use the orchestrator local, or " + path, settled: true},
		{id: id, severity: Warning, about: "deployer/docker", demand: inLocalStores(), because: because, fix: "Give the store " + path, settled: true},
		{id: id, severity: Warning, about: "orchestrator/airflow", when: isTrue("local"), demand: inLocalStores(), because: because, fix: "Use the orchestrator local, or " + path, settled: true},
		{
			id: "remote-prefers-remote-store", severity: Warning, about: "orchestrator/lightning|hyperai|ssh|modal", when: onOtherMachine(), demand: sharedStore(),
			because: "steps on another machine see nothing of a directory of this one, and leave nothing in it",
		},
	}
}

func anyKind(string) bool { return true }

// here demands that pipelines run on this machine. Who tells ZenML to skip its local validations has made it work.
func here() demand {
	return needs(kindOrchestrator, "needs an orchestrator that runs on this machine", func(_ situation, o *Component) Truth {
		return zenml.Any(zenml.Not(has(farRows, o)), isTrue("skip_local_validations").of(o))
	})
}

// reaches demands that no other component of certain kinds has an address that is bad for the subject.
func reaches(what string, bad func(subject, c *Component, a address) Truth, of func(kind string) bool) demand {
	return demand{text: "finds " + what, judge: func(s situation) finding {
		f := finding{holds: zenml.True}
		var facts []string
		for i := range s.stack.Components {
			c := &s.stack.Components[i]
			if c == s.subject || c.Kind == s.subject.Kind || !of(c.Kind) {
				continue
			}
			addresses, open := addressesOf(c)
			worst := zenml.False
			if open {
				worst = zenml.Undecided
			}
			for _, a := range addresses {
				verdict := bad(s.subject, c, a)
				worst = zenml.Any(worst, verdict)
				if verdict == zenml.True {
					facts = append(facts, fmt.Sprintf("%s is at %s", c.label(), a.host))
				}
			}
			if worst == zenml.True {
				f.objects = append(f.objects, c)
			}
			f.holds = zenml.All(f.holds, zenml.Not(worst))
		}
		f.message = fmt.Sprintf("%s cannot reach everything in the stack: %s.", s.subject.label(), strings.Join(facts, "; "))
		return f
	}}
}

// onlyHereFor tells whether an address means this machine for a subject that runs elsewhere. Clusters on a laptop
// mirror registries under names of this machine and can see the host of their containers.
func onlyHereFor(subject, c *Component, a address) Truth {
	switch {
	case !onlyHere(a.host):
		return zenml.False
	case c.Kind == kindRegistry && !pullsImages(subject):
		return zenml.False
	case matches("orchestrator/ssh|hyperai", subject):
		// The other machine may be this one, whatever it is called from here.
		host, known := subject.field("hostname").(string)
		if !known || onlyHere(hostOf(host)) {
			return zenml.Undecided
		}
	}
	lenient := zenml.Any(isTrue("skip_local_validations").of(subject), onLaptop().of(subject), sameCluster(subject, c))
	if c.Kind == kindRegistry || a.host == "host.docker.internal" {
		return zenml.Not(lenient)
	}
	return zenml.True
}

// pullsImages tells whether an orchestrator runs its steps in images from the stack's registry.
func pullsImages(orchestrator *Component) bool {
	return !matches("orchestrator/lightning|databricks", orchestrator)
}

// sameCluster tells whether two components live in one cluster.
func sameCluster(a, b *Component) Truth {
	if zenml.IsUnknown(a.Cluster) || zenml.IsUnknown(b.Cluster) {
		return zenml.Undecided
	}
	return zenml.Is(text(a.Cluster) != "" && text(a.Cluster) == text(b.Cluster))
}

// otherCluster tells whether an address resolves in a cluster only that is not the subject's. A cluster known to
// ZenML by its context alone may be the same one.
func otherCluster(subject, c *Component, a address) Truth {
	if !inCluster(a.host) {
		return zenml.False
	}
	if text(subject.Cluster) == "" || text(c.Cluster) == "" {
		outside := matches("orchestrator/sagemaker|vertex|azureml|databricks|lightning|modal|hyperai", subject) || matches("step_operator/sagemaker|vertex|azureml|databricks|modal|baseten", subject)
		if outside && !zenml.IsUnknown(subject.Cluster) {
			return zenml.True
		}
		return zenml.Undecided
	}
	return zenml.Not(sameCluster(subject, c))
}

// plainHTTP tells whether an address goes without TLS over a network.
func plainHTTP(_, _ *Component, a address) Truth {
	return zenml.Is(strings.HasPrefix(a.text, "http://") && !inCluster(a.host) && !onlyHere(a.host))
}

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
