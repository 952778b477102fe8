package corpus

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

// stricter lists the rules with which we refuse what ZenML accepts, each with the reason. A stack may differ when it
// agrees as soon as these rules are left out.
var stricter = map[string]string{
	"port-range":                "no service listens on such a port",
	"app-runner-health-check":   "App Runner refuses the protocol",
	"sagemaker-needs-s3-store":  "SageMaker's jobs read and write s3:// addresses only",
	"sagemaker-bucket-region":   "SageMaker refuses buckets of another region",
	"app-runner-needs-ecr":      "App Runner deploys images from ECR only",
	"remote-needs-reachability": "pods and cloud jobs cannot reach an address that only this machine knows",
	"mlflow-needs-server":       "without a server the tracker keeps its records on the machine of the step, where they are lost",
}

// hidden matches fields whose text decides but may stand in a secret. The recorded verdicts took every secret for the
// word "resolved"; we cannot know what is in it and so do not refuse it.
var hidden = regexp.MustCompile(`"(?:tracking_uri|region)": ?"\{\{`)

// deliberate gives the reason for which a difference is intended, or "".
func (l line) deliberate(d Difference, problems []compose.Problem) string {
	if hidden.MatchString(l.text) && subset(d.Got, d.Wanted) {
		return "what a secret holds is not known before a pipeline runs"
	}
	var reasons []string
	theirs := slices.DeleteFunc(slices.Clone(problems), func(p compose.Problem) bool {
		reason, ours := stricter[p.ID]
		if ours && !slices.Contains(reasons, p.ID+": "+reason) {
			reasons = append(reasons, p.ID+": "+reason)
		}
		return ours
	})
	if len(reasons) == 0 || !slices.Equal(d.Wanted, errorsOf(theirs)) {
		return ""
	}
	return strings.Join(reasons, "; ")
}

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}
