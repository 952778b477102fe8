package k3d

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	volumes "github.com/k3d-io/k3d/v5/pkg/runtimes/util"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"github.com/k3d-io/k3d/v5/pkg/types/k3s"
)

var (
	namePattern   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	filterPattern = regexp.MustCompile(`^(all|servers?|agents?)(:(\*|\d+(,\d+)*|\d*-\d*))?$`)
)

// CheckName says whether a cluster can have that name: node names begin with it, and they are names in Kubernetes and in DNS.
func CheckName(name string) error {
	if len(name) > types.DefaultClusterNameMaxLength {
		return fmt.Errorf("name %q has %d characters, at most %d are possible, since node names begin with it",
			name, len(name), types.DefaultClusterNameMaxLength)
	}

	if !namePattern.MatchString(name) {
		return fmt.Errorf("name %q is not made of lower case letters, digits and hyphens between them", name)
	}

	return nil
}

// Check says what cannot be made, without asking anybody.
func (s Spec) Check() error {
	if err := CheckName(s.Name); err != nil {
		return err
	}

	if s.Servers < 1 || s.Agents < 0 {
		return fmt.Errorf("%d servers and %d agents: at least one server is needed", s.Servers, s.Agents)
	}

	if err := s.checkPorts(); err != nil {
		return err
	}

	for _, arg := range s.K3sArgs {
		if text, _ := cutFilter(arg); !strings.HasPrefix(text, "-") {
			return fmt.Errorf("k3s argument %q does not begin with a hyphen", arg)
		}
	}

	for _, volume := range s.Volumes {
		if _, err := mount(volume); err != nil {
			return err
		}
	}

	_, err := registriesFile(s, "localhost")

	return err
}

func (s Spec) checkPorts() error {
	taken := map[string]string{}

	claim := func(number int, protocol, what string) error {
		if number < 0 || number > 65535 {
			return fmt.Errorf("%s %d is not between 0 and 65535", what, number)
		}

		key := fmt.Sprintf("%d/%s", number, protocol)
		if other, ok := taken[key]; ok && number != 0 {
			return fmt.Errorf("%s and %s are both %s on this machine", other, what, key)
		}

		taken[key] = what

		return nil
	}

	if err := claim(s.APIPort, "tcp", "the API port"); err != nil {
		return err
	}

	if s.Registry != nil {
		if err := claim(s.Registry.HostPort, "tcp", "the registry port"); err != nil {
			return err
		}
	}

	for _, port := range s.Ports {
		protocol := port.protocol()
		if protocol != "tcp" && protocol != "udp" {
			return fmt.Errorf("protocol %q of node port %d is neither tcp nor udp", port.Protocol, port.Node)
		}

		if port.Node < 1 || port.Node > 65535 {
			return fmt.Errorf("node port %d is not between 1 and 65535", port.Node)
		}

		if port.Node == apiNodePort && protocol == "tcp" {
			return fmt.Errorf("node port %d is the Kubernetes API, which has a port already", port.Node)
		}

		if err := claim(port.Host, protocol, fmt.Sprintf("the port for node port %d/%s", port.Node, protocol)); err != nil {
			return err
		}
	}

	return nil
}

func (p Port) protocol() string {
	if p.Protocol == "" {
		return "tcp"
	}

	return strings.ToLower(p.Protocol)
}

// cutFilter takes "--flag@server:0;agent:*" apart. What follows an @ and is no filter belongs to the text.
func cutFilter(text string) (string, []string) {
	before, after, found := cutLast(text, "@")
	if !found {
		return text, nil
	}

	filters := strings.Split(after, ";")
	for _, filter := range filters {
		if !filterPattern.MatchString(filter) {
			return text, nil
		}
	}

	return before, filters
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}

	return text, "", false
}

// selects says whether filters, as cutFilter returns them, mean the node of that role and number.
func selects(filters []string, role types.Role, number int) bool {
	return slices.ContainsFunc(filters, func(filter string) bool {
		group, subset, _ := strings.Cut(filter, ":")
		if group != "all" && strings.TrimSuffix(group, "s") != string(role) {
			return false
		}

		if from, to, isRange := strings.Cut(subset, "-"); isRange {
			low, _ := strconv.Atoi(from)
			high, err := strconv.Atoi(to)

			return number >= low && (err != nil || number <= high)
		}

		return subset == "" || subset == "*" || slices.Contains(strings.Split(subset, ","), strconv.Itoa(number))
	})
}

// mount returns what Docker binds for a volume, with k3d's short names for places of k3s written out.
func mount(volume string) (string, error) {
	text, _ := cutFilter(volume)

	source, target, err := volumes.ReadVolumeMount(text)
	if err != nil {
		return "", fmt.Errorf("read volume %q: %w", volume, err)
	}

	rest := strings.TrimPrefix(strings.TrimPrefix(text, source), ":"+target)
	if place, ok := k3s.K3sPathShortcuts[target]; ok {
		target = place
	}

	if source == "" || !path.IsAbs(target) {
		return "", fmt.Errorf("volume %q is not of the form <path or name>:<absolute path in the node>", volume)
	}

	return source + ":" + target + strings.TrimPrefix(rest, source), nil
}
