package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// unlimited are the actions that AWS itself allows on "*" only, each with the reason for which one is granted.
var unlimited = map[string]string{
	"ecr:GetAuthorizationToken":     "the token is for the account and not for a repository",
	"sagemaker:ListDomains":         "lists have no resource; the link to Studio in a run's page needs the domain",
	"cloudwatch:PutMetricData":      "metrics have no ARN; a condition on the namespace is asked for",
	"ec2:Describe*":                 "descriptions in EC2 have no resource; SkyPilot uses many of them",
	"ec2:DescribeNetworkInterfaces": "descriptions in EC2 have no resource; jobs in a VPC wait for their interfaces",
	"ec2:DescribeVpcs":              "descriptions in EC2 have no resource; jobs in a VPC look it up",
	"ec2:DescribeDhcpOptions":       "descriptions in EC2 have no resource; jobs in a VPC look up its names",
	"ec2:DescribeSubnets":           "descriptions in EC2 have no resource; jobs in a VPC look up theirs",
	"ec2:DescribeSecurityGroups":    "descriptions in EC2 have no resource; jobs in a VPC look up theirs",
}

// demanded are the keys of conditions without which an action is not granted on "*".
var demanded = map[string]string{"cloudwatch:PutMetricData": "cloudwatch:namespace"}

var (
	actionForm   = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9*?]+$`)
	wholeService = regexp.MustCompile(`^([a-z0-9-]+:)?[*?]+$`)
	allOfAll     = regexp.MustCompile(`^[*?/:]*$`)
	arnForm      = regexp.MustCompile(`^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$`)
	anyARN       = regexp.MustCompile(`"arn:([^:"]*):`)
	broadPolicy  = regexp.MustCompile(`FullAccess|AdministratorAccess|PowerUser`)
)

// Forbidden says, one sentence each, what in a policy is wider than this provider may grant: "*" where AWS can be told more, whole
// services, policies with full access, roles passed to anybody, other partitions, more than IAM takes. It is nil for a policy
// that is fine. The policy may be URL-encoded.
func Forbidden(document string) []string {
	text, err := Decode(document)
	if err != nil {
		return []string{err.Error()}
	}

	var parsed map[string]any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return []string{"the policy is no JSON: " + err.Error()}
	}

	problems := wholeDocument(text)

	statements := listOf(parsed["Statement"])
	if len(statements) == 0 {
		problems = append(problems, "the policy has no statement")
	}

	for i, element := range statements {
		fields, _ := element.(map[string]any)

		name := fmt.Sprintf("statement %d", i+1)
		if sid, ok := fields["Sid"].(string); ok && sid != "" {
			name = sid
		}

		for _, problem := range judged(plain(fields), fields) {
			problems = append(problems, name+": "+problem)
		}
	}

	return problems
}

// ForbiddenManaged says why a managed policy must not be attached, or "".
func ForbiddenManaged(arn string) string {
	if broad := broadPolicy.FindString(arn); broad != "" {
		return fmt.Sprintf("%s is for anything: %s", arn, broad)
	}

	return ""
}

// wholeDocument judges what no single statement shows.
func wholeDocument(text string) []string {
	var problems []string

	if n := size(text); n > InlineLimit {
		problems = append(problems, fmt.Sprintf("the policy has %d characters, and IAM takes %d", n, InlineLimit))
	}

	if broad := broadPolicy.FindString(text); broad != "" {
		problems = append(problems, "the policy names something of "+broad)
	}

	var partitions []string
	for _, match := range anyARN.FindAllStringSubmatch(text, -1) {
		partitions = append(partitions, match[1])
	}

	slices.Sort(partitions)

	if partitions = slices.Compact(partitions); len(partitions) > 1 || len(partitions) == 1 && !strings.HasPrefix(partitions[0], "aws") {
		problems = append(problems, "the ARNs are of the partitions "+strings.Join(partitions, ", "))
	}

	return problems
}

// judged judges a statement; raw is the same one before its actions were put into lower case.
func judged(statement, raw map[string]any) []string {
	var problems []string

	actions := texts(raw["Action"], nil)
	for _, action := range actions {
		if !actionForm.MatchString(action) && action != "*" {
			problems = append(problems, fmt.Sprintf("%q has not the form service:Action", action))
		}
	}

	if raw["Effect"] == deny {
		return problems
	}

	for _, name := range []string{"NotAction", "NotResource", "NotPrincipal"} {
		if raw[name] != nil {
			problems = append(problems, name+" allows everything but a few")
		}
	}

	for _, action := range actions {
		if wholeService.MatchString(action) {
			problems = append(problems, fmt.Sprintf("%q is a whole service", action))
		}
	}

	problems = append(problems, resources(statement, raw, actions)...)

	return append(problems, anybody(statement)...)
}

// resources judges on what the actions are allowed.
func resources(statement, raw map[string]any, actions []string) []string {
	var problems []string

	if raw["Resource"] == nil && raw["Principal"] == nil {
		problems = append(problems, "it names no resource")
	}

	for _, resource := range texts(raw["Resource"], nil) {
		if amountsToAll(resource) {
			problems = append(problems, everywhere(resource, statement, actions)...)
		}

		if passes(actions) && strings.ContainsAny(resource, "*?") {
			problems = append(problems, fmt.Sprintf("it passes any role of %q", resource))
		}
	}

	if passes(actions) && !conditioned(statement, "iam:passedtoservice") {
		problems = append(problems, "it passes a role to any service: a condition on iam:PassedToService is missing")
	}

	return problems
}

// passes says whether one of the actions is iam:PassRole, however it is written.
func passes(actions []string) bool {
	return slices.ContainsFunc(actions, func(action string) bool {
		matched, err := path.Match(strings.ToLower(action), "iam:passrole")

		return err == nil && matched
	})
}

// amountsToAll is true for "*", for ARNs that name neither a kind nor a name, and for buckets with any part of their name open.
func amountsToAll(resource string) bool {
	if parts := arnForm.FindStringSubmatch(resource); parts != nil {
		bucket, _, _ := strings.Cut(parts[5], "/")

		return strings.ContainsAny(parts[1]+parts[2], "*?") || allOfAll.MatchString(parts[5]) || parts[2] == "s3" && strings.ContainsAny(bucket, "*?")
	}

	return strings.HasPrefix(resource, "*") || allOfAll.MatchString(resource)
}

// everywhere names the actions that could be limited, or that lack the condition which stands for a limit.
func everywhere(resource string, statement map[string]any, actions []string) []string {
	var problems []string

	for _, action := range actions {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(unlimited)), func(known string) bool { return strings.EqualFold(known, action) }) {
			problems = append(problems, fmt.Sprintf("%q is allowed on %q", action, resource))
		}

		for known, key := range demanded {
			if strings.EqualFold(known, action) && !conditioned(statement, key) {
				problems = append(problems, fmt.Sprintf("%q is allowed without a condition on %s", action, key))
			}
		}
	}

	return problems
}

// anybody judges whom a statement is about.
func anybody(statement map[string]any) []string {
	names, _ := statement["Principal"].(map[string][]string)

	for _, list := range names {
		if slices.Contains(list, "*") && statement["Condition"] == nil {
			return []string{"it is for anybody"}
		}
	}

	return nil
}

// conditioned says whether a normalized statement has a condition on a key.
func conditioned(statement map[string]any, key string) bool {
	operators, _ := statement["Condition"].(map[string]map[string][]string)
	for _, keys := range operators {
		if _, ok := keys[key]; ok {
			return true
		}
	}

	return false
}
