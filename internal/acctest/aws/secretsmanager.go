package aws

import (
	"net/http"
	"strings"
)

// createSecret stands in for the refusal of a name that is scheduled for deletion; moto says that it exists.
func (d *Double) createSecret(q *request) answer {
	a := d.moto(q)
	if a.ok() || !strings.Contains(string(a.body), "ResourceExistsException") {
		return a
	}

	known := d.ask(q, "secretsmanager", http.MethodPost, "/", "secretsmanager.DescribeSecret", encode(fields{"SecretId": q.text("Name")}))
	if decode(known.body)["DeletedDate"] == nil {
		return a
	}

	return failure(q, http.StatusBadRequest, "InvalidRequestException",
		"You can't create this secret because a secret with this name is already scheduled for deletion.")
}
