package clustered

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Account is a service account, and what it may do in its namespace.
type Account struct {
	// Name is that of the account, of its role and of the role's binding.
	Name string
	// Output is what the name is told as.
	Output string
	// Rules are what the account may do. None: it has no role.
	Rules []Rule
	// Others are further service accounts with the same rights, as name or namespace/name.
	Others []string
	// Stored accounts are those whose pods work with the artifact store, where the component names one.
	Stored bool
	// Tokenless accounts give their pods no token.
	Tokenless bool
}

// Rule is a line of a role.
type Rule struct {
	// Group is that of the resource; empty for the core one.
	Group string
	// Resource is one resource, such as pods or pods/log.
	Resource string
	// Names are the only objects that the rule is about. None: all of them.
	Names []string
	// Verbs are what may be done with it.
	Verbs []string
}

const rbacGroup = "rbac.authorization.k8s.io"

// Objects are the service account and, where it may do something, its role and the binding of the two. The account comes
// first: it is there in any case.
func (a Account) Objects(namespace string) []*unstructured.Unstructured {
	account := map[string]any{}
	if a.Tokenless {
		account["automountServiceAccountToken"] = false
	}

	objects := []*unstructured.Unstructured{Object("v1", "ServiceAccount", namespace, a.Name, account)}
	if len(a.Rules) == 0 {
		return objects
	}

	return append(objects,
		Object(rbacGroup+"/v1", "Role", namespace, a.Name, map[string]any{"rules": ruleList(a.Rules)}),
		Object(rbacGroup+"/v1", "RoleBinding", namespace, a.Name, a.binding("Role", a.Name, namespace)),
	)
}

// wide are a role for what belongs to no namespace, and its binding. Names of such roles are those of the whole cluster.
func (a Account) wide(namespace string, rules ...Rule) []*unstructured.Unstructured {
	name := namespace + "." + a.Name // a dot occurs in neither, so that no two can be the same

	return []*unstructured.Unstructured{
		Object(rbacGroup+"/v1", "ClusterRole", "", name, map[string]any{"rules": ruleList(rules)}),
		Object(rbacGroup+"/v1", "ClusterRoleBinding", "", name, a.binding("ClusterRole", name, namespace)),
	}
}

// binding gives a role to the account and to the others, which are as good as the account.
func (a Account) binding(kind, role, namespace string) map[string]any {
	subjects := []any{}

	for _, name := range append([]string{a.Name}, a.Others...) {
		in, own := namespace, name
		if before, after, ok := strings.Cut(name, "/"); ok {
			in, own = before, after
		}

		subjects = append(subjects, map[string]any{"kind": "ServiceAccount", "name": own, "namespace": in})
	}

	return map[string]any{
		"roleRef":  map[string]any{"apiGroup": rbacGroup, "kind": kind, "name": role},
		"subjects": subjects,
	}
}

func ruleList(rules []Rule) []any {
	list := make([]any, 0, len(rules))

	for _, rule := range rules {
		one := map[string]any{"apiGroups": []any{rule.Group}, "resources": []any{rule.Resource}, "verbs": Texts(rule.Verbs)}
		if len(rule.Names) > 0 {
			one["resourceNames"] = Texts(rule.Names)
		}

		list = append(list, one)
	}

	return list
}

// Texts is a list of texts as values of charts and parts of objects hold it.
func Texts(texts []string) []any {
	list := make([]any, 0, len(texts))
	for _, text := range texts {
		list = append(list, text)
	}

	return list
}
