package naming

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	secretChar = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]$`)
	// secretLikeARN is what Secrets Manager itself puts behind a name to make an ARN.
	secretLikeARN = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)
	capitals      = regexp.MustCompile(`[A-Z]`)
)

const (
	secretAllowed = "letters, digits and /_+=.@-"
	// uuidLength is how much ZenML puts behind the prefix of a secret's name.
	uuidLength = 36
)

var (
	secret       = rule{what: "Secret name", min: 1, max: 512, char: secretChar, allowed: secretAllowed}
	secretPrefix = rule{what: "Secret prefix", min: 1, max: secret.max - uuidLength, char: secretChar, allowed: secretAllowed}
	logGroup     = rule{what: "Log group name", min: 1, max: 512, char: regexp.MustCompile(`^[A-Za-z0-9._/#-]$`), allowed: "letters, digits and ._/#-"}
	database     = rule{
		what: "Database identifier", min: 1, max: 63,
		char:    regexp.MustCompile(`^[A-Za-z0-9-]$`),
		shape:   regexp.MustCompile(`^[a-z](-?[a-z0-9])*$`),
		allowed: "lower-case letters, digits and hyphens, begins with a letter, ends with no hyphen and has no two hyphens in a row",
	}
	databaseName = rule{
		what: "Database name", min: 1, max: 63,
		char:    regexp.MustCompile(`^[A-Za-z0-9_]$`),
		shape:   regexp.MustCompile(`^[A-Za-z]`),
		allowed: "letters, digits and underscores, and begins with a letter",
	}
)

// SecretName judges the name of a secret in Secrets Manager. A name that ends as an ARN does is refused: Secrets Manager then
// takes a name for an ARN and does not find it.
func SecretName(name string) string {
	if problem := secret.judge(name); problem != "" {
		return problem
	}

	if ending := secretLikeARN.FindString(name); ending != "" {
		return fmt.Sprintf("Secret name %q ends with %q, a hyphen and six characters, by which Secrets Manager takes it for part of an ARN: "+
			"choose another ending.", name, ending)
	}

	return ""
}

// SecretPrefix judges what the names of secrets begin with; it leaves room for a UUID behind it.
func SecretPrefix(prefix string) string { return secretPrefix.judge(prefix) }

// LogGroup judges the name of a CloudWatch log group.
func LogGroup(name string) string {
	if strings.HasPrefix(name, "aws/") {
		return fmt.Sprintf("Log group name %q begins with %q, which AWS reserves for itself: use \"/aws/\" or another beginning.", name, "aws/")
	}

	return logGroup.judge(name)
}

// DBIdentifier judges the identifier of an RDS instance. Capitals, which RDS takes and stores in lower case, are refused: each
// plan would differ from what it finds.
func DBIdentifier(name string) string {
	if capital := capitals.FindString(name); capital != "" && len(name) <= database.max {
		return fmt.Sprintf("Database identifier %q contains %q, which RDS would store in lower case: it has %s.", name, capital, database.allowed)
	}

	return database.judge(name)
}

// DBName judges the name of a database in an RDS instance, by what MySQL and PostgreSQL both take.
func DBName(name string) string { return databaseName.judge(name) }
