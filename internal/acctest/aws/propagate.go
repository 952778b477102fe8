package aws

import (
	"net/http"
	"regexp"
	"strings"
)

// propagation is how long new roles are unknown to other services.
type propagation struct {
	calls int
	// left holds, for each new role's ARN, how many calls of an operation are still refused.
	left map[string]map[string]int
}

// refusal is how a service says that it does not know a role yet. %s in the message is the role's ARN.
type refusal struct{ code, message string }

const (
	noSageMakerRole = "Could not assume role %s. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role."
	noBuildRole     = "CodeBuild is not authorized to perform: sts:AssumeRole on %s"
	noPrincipal     = `Invalid principal in policy: "AWS":"%s"`
)

// refusals are the operations that roles are passed to, or named in.
var refusals = map[string]refusal{
	"codebuild:CreateProject":          {"InvalidInputException", noBuildRole},
	"codebuild:UpdateProject":          {"InvalidInputException", noBuildRole},
	"ecr:SetRepositoryPolicy":          {"InvalidParameterException", "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided', Invalid principal"},
	"eks:CreateAccessEntry":            {"InvalidParameterException", "The specified principalArn is invalid: invalid principal."},
	"eks:CreateCluster":                {"InvalidParameterException", "Role with arn: %s, could not be assumed because it does not exist or the trusted entity is not correct"},
	"eks:CreatePodIdentityAssociation": {"InvalidParameterException", "Role provided in the request does not exist."},
	"iam:CreateRole":                   {"MalformedPolicyDocument", noPrincipal},
	"iam:UpdateAssumeRolePolicy":       {"MalformedPolicyDocument", noPrincipal},
	"s3:PutBucketPolicy":               {"MalformedPolicy", "Invalid principal in policy"},
	"sagemaker:CreateDomain":           {"ValidationException", noSageMakerRole},
	"sagemaker:CreateModel":            {"ValidationException", noSageMakerRole},
	"sagemaker:CreatePipeline":         {"ValidationException", noSageMakerRole},
	"sagemaker:CreateProcessingJob":    {"ValidationException", noSageMakerRole},
	"sagemaker:CreateTrainingJob":      {"ValidationException", noSageMakerRole},
	"sagemaker:UpdatePipeline":         {"ValidationException", noSageMakerRole},
	"secretsmanager:PutResourcePolicy": {"MalformedPolicyDocumentException", "This resource policy contains an unsupported principal."},
}

// Propagate makes roles that are created from now on unknown to other services for a while: of each operation that is
// passed one, or names one in a policy, the first n calls are refused in the service's own words.
func (d *Double) Propagate(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.roles.calls = n
}

var roleARN = regexp.MustCompile(`<Arn>(arn:[^<]+)</Arn>`)

// createRole notes new roles.
func (d *Double) createRole(q *request) answer {
	a := d.moto(q)
	if m := roleARN.FindSubmatch(a.body); a.ok() && m != nil {
		d.mu.Lock()
		defer d.mu.Unlock()

		if d.roles.calls > 0 && !q.observed {
			d.roles.left[string(m[1])] = map[string]int{}
		}
	}

	return a
}

// refuse answers a call that is passed a role too soon.
func (p *propagation) refuse(d *Double, q *request) (answer, bool) {
	says, ok := refusals[q.operation]
	if !ok {
		return answer{}, false
	}

	d.mu.Lock()
	defer d.mu.Unlock()

	// JSON may escape slashes, and a form escapes nearly all; a policy in JSON has its quotes escaped, which does not matter.
	body := strings.ReplaceAll(string(q.body), `\/`, "/")
	if form := q.form(); form.Has("Action") {
		body = form.Get("AssumeRolePolicyDocument") + form.Get("PolicyDocument")
	}

	for arn, refused := range p.left {
		if !names(body, arn) || refused[q.operation] >= p.calls {
			continue
		}

		refused[q.operation]++

		return failure(q, http.StatusBadRequest, says.code, strings.ReplaceAll(says.message, "%s", arn)), true
	}

	return answer{}, false
}

// names says whether a text has an ARN, and not only one that begins alike.
func names(text, arn string) bool {
	for {
		_, rest, found := strings.Cut(text, arn)
		if !found {
			return false
		}

		if rest == "" || !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-/", rune(rest[0])) {
			return true
		}

		text = rest
	}
}
