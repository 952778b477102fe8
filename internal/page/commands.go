package page

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// importCommands make the stack known to ZenML.
func importCommands(name string) []string {
	file := quote(name + ".yaml")

	return []string{
		"terraform output -raw zenml_yaml > " + file,
		"zenml stack import " + quote(name) + " --filename " + file,
		"zenml stack set " + quote(name),
	}
}

// createCommands ask for the values of secrets, so that none ends up in a shell's history.
func createCommands(secrets []secret) []string {
	lines := []string{}

	for _, s := range secrets {
		lines = append(lines, "zenml secret create "+quote(s.Name)+" --interactive")
	}

	return lines
}

// exportCommands set the environment of a client.
func exportCommands(environment map[string]string) []string {
	lines := []string{}

	for _, name := range slices.Sorted(maps.Keys(environment)) {
		if variable.MatchString(name) {
			lines = append(lines, "export "+name+"="+quote(blot(environment[name])))
		}
	}

	return lines
}

// groupSecrets sorts secrets by their names: "slack.token" and "slack.hook" are two keys of one.
func groupSecrets(references []string) []secret {
	keys := map[string][]string{}

	for _, reference := range references {
		name, key, one := strings.Cut(reference, ".")
		if keys[name] == nil {
			keys[name] = []string{}
		}

		if one {
			keys[name] = append(keys[name], key)
		}
	}

	all := []secret{}

	for _, name := range slices.Sorted(maps.Keys(keys)) {
		slices.Sort(keys[name])
		all = append(all, secret{Name: name, Keys: slices.Compact(keys[name])})
	}

	return all
}

var (
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	bare     = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,][A-Za-z0-9_./:@%+=,-]*$`)
)

// quote makes a text one word of a POSIX shell.
func quote(text string) string {
	if bare.MatchString(text) {
		return text
	}

	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
