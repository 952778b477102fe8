package policy

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestForbidden_FindsWhatIsTooWide(t *testing.T) {
	t.Parallel()

	const (
		pass      = `"Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/%s"`
		condition = `,"Condition":{"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}`
	)

	for fields, want := range map[string]string{
		`"Action":"s3:GetObject","Resource":"*"`:                                                  `"s3:GetObject" is allowed on "*"`,
		`"Action":["ecr:GetAuthorizationToken","ecr:PutImage"],"Resource":["*"]`:                  `"ecr:PutImage" is allowed on "*"`,
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::*"`:                                     "is allowed on",
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::*/*"`:                                   "is allowed on",
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::*sagemaker*/*"`:                         "is allowed on",
		`"Action":"s3:GetObject","Resource":"arn:*:s3:::b/*"`:                                     "is allowed on",
		`"Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:123456789012:*"`:                   "is allowed on",
		`"Action":"ec2:RunInstances","Resource":"**"`:                                             "is allowed on",
		`"Action":"s3:*","Resource":"arn:aws:s3:::b"`:                                             `"s3:*" is a whole service`,
		`"Action":"s3:**","Resource":"arn:aws:s3:::b"`:                                            "is a whole service",
		`"Action":"*","Resource":"arn:aws:s3:::b"`:                                                `"*" is a whole service`,
		`"Action":"GetObject","Resource":"arn:aws:s3:::b"`:                                        "has not the form service:Action",
		`"NotAction":"s3:GetObject","Resource":"arn:aws:s3:::b"`:                                  "NotAction allows",
		`"Action":"s3:GetObject","NotResource":"arn:aws:s3:::b"`:                                  "NotResource allows",
		`"Action":"s3:GetObject"`:                                                                 "names no resource",
		`"Action":"cloudwatch:PutMetricData","Resource":"*"`:                                      "without a condition on cloudwatch:namespace",
		fmt.Sprintf(pass, "*") + condition:                                                        "passes any role",
		fmt.Sprintf(pass, "a"):                                                                    "to any service",
		`"Action":"iam:Pass*","Resource":"arn:aws:iam::123456789012:role/a"`:                      "to any service",
		`"Action":"s3:GetObject","Resource":["arn:aws:s3:::b","arn:aws-cn:s3:::b"]`:               "of the partitions aws, aws-cn",
		`"Action":"iam:AttachRolePolicy","Resource":"arn:aws:iam::aws:policy/AmazonS3FullAccess"`: "FullAccess",
		`"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`:                   "for anybody",
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + strings.Repeat("b", 10240) + `"`:    "IAM takes 10240",
	} {
		text := `{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow",` + fields + `}]}`

		for _, text := range []string{text, url.PathEscape(text)} {
			if problems := strings.Join(Forbidden(text), "\n"); !strings.Contains(problems, want) {
				t.Errorf("%s: got %q, want %q", fields, problems, want)
			}
		}
	}
}

func TestForbidden_TakesWhatAWSCannotLimit(t *testing.T) {
	t.Parallel()

	for _, fields := range []string{
		`"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"`,
		`"Effect":"Allow","Action":"cloudwatch:PutMetricData","Resource":"*","Condition":{"StringEquals":{"cloudwatch:namespace":"a"}}`,
		`"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"`,
		`"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"`,
		`"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`,
	} {
		if problems := Forbidden(`{"Version":"2012-10-17","Statement":{` + fields + `}}`); len(problems) > 0 {
			t.Errorf("%s: %v", fields, problems)
		}
	}
}

func TestForbidden_RefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"", "{", "%zz", `{"Version":"2012-10-17"}`, `{"Statement":["a"]}`} {
		if len(Forbidden(text)) == 0 {
			t.Errorf("%q is taken", text)
		}
	}
}
