package aws

import (
	"bytes"
	"regexp"
	"strings"
)

var issuedKey = regexp.MustCompile(`<AccessKeyId>([^<]+)</AccessKeyId>`)

// assumeRole notes in which account the key acts that is given out.
func (d *Double) assumeRole(q *request) answer {
	a := d.moto(q)

	// arn:aws:iam::<account>:role/<name>
	parts, key := strings.Split(q.form().Get("RoleArn"), ":"), issuedKey.FindSubmatch(a.body)
	if a.ok() && len(parts) > 4 && key != nil {
		d.mu.Lock()
		defer d.mu.Unlock()

		d.keys[string(key[1])] = parts[4]
	}

	return a
}

// callerIdentity stands in for the ARN of a user, which belongs to IAM; moto's is of STS.
func (d *Double) callerIdentity(q *request) answer {
	a := d.moto(q)
	a.body = bytes.ReplaceAll(a.body, []byte("arn:aws:sts::"+q.account+":user/"), []byte("arn:aws:iam::"+q.account+":user/"))

	return a
}
