package aws

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var attachments = regexp.MustCompile(`<AttachmentCount>0*[1-9]\d*</AttachmentCount>`)

// deletePolicy stands in for the refusal of a policy that is attached or has other versions; moto deletes it, and leaves
// roles that cannot be deleted any more.
func (d *Double) deletePolicy(q *request) answer {
	ask := func(action string) string {
		form := url.Values{"Action": {action}, "Version": {"2010-05-08"}, "PolicyArn": {q.form().Get("PolicyArn")}}

		return string(d.ask(q, "iam", http.MethodPost, "/", "", []byte(form.Encode())).body)
	}

	switch {
	case attachments.MatchString(ask("GetPolicy")):
		return failure(q, http.StatusConflict, "DeleteConflict", "Cannot delete a policy attached to entities.")
	case strings.Count(ask("ListPolicyVersions"), "<VersionId>") > 1:
		return failure(q, http.StatusConflict, "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.")
	}

	return d.moto(q)
}
