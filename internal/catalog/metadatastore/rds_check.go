package metadatastore

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var (
	rdsClass      = regexp.MustCompile(`^db\.[a-z0-9-]+\.[a-z0-9-]+$`)
	rdsVersion    = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*(-[A-Za-z0-9.]+)?$`)
	rdsUser       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	rdsSubnetID   = regexp.MustCompile(`^subnet-[0-9a-f]+$`)
	rdsSecurityID = regexp.MustCompile(`^sg-[0-9a-f]+$`)
)

// What belongs to the servers themselves, or to AWS, and how long a user's name may be.
var rdsReserved = map[string]struct {
	longest          int
	users, databases []string
}{
	"mysql": {
		16,
		[]string{"rdsadmin", "rdsrepladmin", "mysql", "mysql.sys", "mysql.session", "mysql.infoschema"},
		[]string{"mysql", "sys", "information_schema", "performance_schema", "innodb", "tmp"},
	},
	"postgres": {
		63,
		[]string{"rdsadmin", "admin", "user", "public", "all", "table", "select", "authorization", "default", "current_user", "session_user"},
		[]string{"rdsadmin", "template0", "template1", "user", "table", "select", "default"},
	},
}

func judgeClass(value string) string {
	if rdsClass.MatchString(value) {
		return ""
	}

	return fmt.Sprintf("%q is no class of instances: it looks like db.t4g.micro.", value)
}

func judgeVersion(value string) string {
	if rdsVersion.MatchString(value) {
		return ""
	}

	return fmt.Sprintf("%q is no version: it has numbers with dots between them, such as 17 or 8.4.5.", value)
}

// checkRDS judges what stands in more than one attribute, and lists.
func checkRDS(v flavor.Values) []flavor.Problem {
	problems := slices.Concat(checkRDSNames(v), checkEach(v, "allowed_cidrs", judgeNetwork),
		checkEach(v, "subnet_ids", judgeID(rdsSubnetID, "subnet", "subnet-0123456789abcdef0")),
		checkEach(v, "allowed_security_group_ids", judgeID(rdsSecurityID, "security group", "sg-0123456789abcdef0")))

	least, first := v["storage_gb"].(int64)
	most, second := v["max_storage_gb"].(int64)

	if first && second && most > 0 && most*10 < least*11 {
		problems = append(problems, amazon.Refused("max_storage_gb",
			fmt.Sprintf("%d is too little above storage_gb = %d: RDS wants a tenth more at least, which is %d, or 0 for none.", most, least, (least*11+9)/10)))
	}

	if v["publicly_accessible"] == true && isOpen(v["allowed_cidrs"]) {
		problems = append(problems, flavor.Problem{
			Path: []string{"allowed_cidrs"}, Warning: true, Summary: "Database open to the internet",
			Detail: "allowed_cidrs: with publicly_accessible = true everybody can try passwords.\n\nName the networks that need it.",
		})
	}

	if last, ok := v["final_snapshot_identifier"].(string); ok && last != "" && v["skip_final_snapshot"] == true {
		problems = append(problems, amazon.Refused("final_snapshot_identifier", "with skip_final_snapshot = true there is no last snapshot to be named."))
	}

	return problems
}

func checkRDSNames(v flavor.Values) []flavor.Problem {
	engine, _ := v["engine"].(string)

	rules, ok := rdsReserved[engine]
	if !ok {
		return nil
	}

	var problems []flavor.Problem

	if user, known := v["username"].(string); known && user != "" {
		switch {
		case slices.Contains(rules.users, strings.ToLower(user)):
			problems = append(problems, amazon.Refused("username", fmt.Sprintf("%q belongs to the server: choose another name.", user)))
		case len(user) > rules.longest || !rdsUser.MatchString(user):
			problems = append(problems, amazon.Refused("username",
				fmt.Sprintf("%q is no name of a user: it has 1 to %d letters, digits and underscores, and begins with a letter.", user, rules.longest)))
		}
	}

	if name, known := v["database"].(string); known && slices.Contains(rules.databases, strings.ToLower(name)) {
		problems = append(problems, amazon.Refused("database", fmt.Sprintf("%q belongs to the server: choose another name.", name)))
	}

	return problems
}

// checkEach judges the known elements of a list.
func checkEach(v flavor.Values, attribute string, judge func(string) string) []flavor.Problem {
	var problems []flavor.Problem

	list, _ := v[attribute].([]any)
	for _, element := range list {
		if text, ok := element.(string); ok {
			if problem := judge(text); problem != "" {
				problems = append(problems, amazon.Refused(attribute, problem))
			}
		}
	}

	return problems
}

func judgeID(form *regexp.Regexp, what, example string) func(string) string {
	return func(id string) string {
		if form.MatchString(id) {
			return ""
		}

		return fmt.Sprintf("%q is no ID of a %s: it looks like %s.", id, what, example)
	}
}

// judgeNetwork wants networks as AWS tells them, or each plan would differ from what it finds.
func judgeNetwork(cidr string) string {
	prefix, err := netip.ParsePrefix(cidr)

	switch {
	case err != nil:
		return fmt.Sprintf("%q is no network: it looks like 10.0.0.0/16.", cidr)
	case prefix.Masked().String() != cidr:
		return fmt.Sprintf("%q names a network in another way than AWS does: write %s.", cidr, prefix.Masked())
	default:
		return ""
	}
}

func isOpen(cidrs any) bool {
	list, _ := cidrs.([]any)

	return slices.ContainsFunc(list, func(cidr any) bool { return cidr == "0.0.0.0/0" || cidr == "::/0" })
}

// rdsReplaced says what of a change makes another server.
func rdsReplaced(before, after flavor.Values) []flavor.Problem {
	var problems []flavor.Problem

	for attribute, why := range map[string]string{
		"identifier": "RDS would rename the server, and its address with it; a new one is made under the new name.",
		"kms_key":    "RDS does not change the key of storage that is there, so that a new server is made.",
	} {
		was, is := before[attribute], after[attribute]
		if _, known := is.(string); known && was != is {
			problems = append(problems, rdsAnew(attribute, why))
		}
	}

	was, known := texts(before["subnet_ids"])
	is, all := texts(after["subnet_ids"])

	if known && all && len(was) > 0 && !slices.ContainsFunc(is, func(id string) bool { return slices.Contains(was, id) }) {
		problems = append(problems, rdsAnew("subnet_ids", "none of the subnets stays, and a server does not move to others."))
	}

	return problems
}

func rdsAnew(attribute, why string) flavor.Problem {
	return flavor.Problem{
		Path: []string{attribute}, Summary: "Server is made anew",
		Detail: attribute + ": " + why + " What is in the old one is not copied: a last snapshot of it stays unless skip_final_snapshot = true, and with " +
			"deletion_protection = true it is not deleted at all.",
	}
}

// texts are those of a list; known says that all of them are known.
func texts(list any) (all []string, known bool) {
	elements, ok := list.([]any)
	if !ok {
		return nil, false
	}

	for _, element := range elements {
		text, ok := element.(string)
		if !ok {
			return nil, false
		}

		all = append(all, text)
	}

	return all, true
}
