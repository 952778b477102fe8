package naming

import (
	"slices"
	"strings"
	"testing"
)

func TestRegion_TakesWhatAWSHasOrMayOpen(t *testing.T) {
	t.Parallel()

	for _, name := range append(Regions(), "eu-south-9", "us-gov-central-1", "cn-south-1", "eusc-de-west-1") {
		if problem := Region(name); problem != "" {
			t.Error(problem)
		}
	}

	for name, want := range map[string]bool{"eu-central-1": true, "us-gov-west-1": true, "cn-northwest-1": true, "eu-south-9": false, "": false, "aws-global": false} {
		if Known(name) != want {
			t.Errorf("Known(%q) is not %v", name, want)
		}
	}
}

func TestRegion_SaysWhichOneWasMeant(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]string{
		"eu-central1":   `"eu-central1" is no AWS region: did you mean "eu-central-1"?`,
		"eu-centrall-1": `"eu-centrall-1" is no AWS region: did you mean "eu-central-1"?`,
		"EU-WEST-1":     `"EU-WEST-1" is no AWS region: did you mean "eu-west-1"?`,
		"us-eas-1":      `"us-eas-1" is no AWS region: did you mean "us-east-1"?`,
		"us-gov-west1":  `"us-gov-west1" is no AWS region: did you mean "us-gov-west-1"?`,
		"eu-west-1a":    `"eu-west-1a" is an availability zone and not a region: its region is "eu-west-1".`,
		"":              `There is no region: give one such as "eu-central-1".`,
		"frankfurt":     `"frankfurt" is no AWS region: regions look like "eu-central-1" or "us-gov-west-1".`,
		"us-east-11":    `"us-east-11" is no AWS region: did you mean "us-east-1"?`,
	} {
		if got := Region(name); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestRegions_AreThoseOfAllPartitions(t *testing.T) {
	t.Parallel()

	regions := Regions()
	if len(regions) < 35 || !slices.IsSorted(regions) {
		t.Errorf("%d regions: %v", len(regions), regions)
	}

	for region, want := range map[string][2]string{
		"eu-west-1":      {"aws", "amazonaws.com"},
		"eu-south-9":     {"aws", "amazonaws.com"},
		"cn-north-1":     {"aws-cn", "amazonaws.com.cn"},
		"us-gov-west-1":  {"aws-us-gov", "amazonaws.com"},
		"us-iso-east-1":  {"aws-iso", "c2s.ic.gov"},
		"us-isob-east-1": {"aws-iso-b", "sc2s.sgov.gov"},
		"eusc-de-east-1": {"aws-eusc", "amazonaws.eu"},
		"elsewhere":      {"aws", "amazonaws.com"},
	} {
		if got := [2]string{Partition(region), DNSSuffix(region)}; got != want {
			t.Errorf("%s: got %v, want %v", region, got, want)
		}
	}
}

func TestRegistryHost_IsOfThePartition(t *testing.T) {
	t.Parallel()

	for region, want := range map[string]string{
		"eu-west-1":  "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
		"cn-north-1": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
	} {
		if got := RegistryHost("123456789012", region); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestARNs_AreOfTheRightKind(t *testing.T) {
	t.Parallel()

	key := "arn:aws:kms:eu-west-1:123456789012:key/"

	for value, one := range map[string]struct {
		judge func(string) string
		want  string
	}{
		"arn:aws:iam::123456789012:role/a":              {RoleARN, ""},
		"arn:aws-cn:iam::123456789012:role/path/to/a_b": {RoleARN, ""},
		"arn:aws-us-gov:iam::123456789012:role/a":       {RoleARN, ""},
		"my-role":                                    {RoleARN, "is not an ARN"},
		"arn:aws:iam::123456789012:user/a":           {RoleARN, "which is no role"},
		"arn:aws:iam::123456789012:role/":            {RoleARN, "which is no role"},
		"arn:aws:iam:eu-west-1:123456789012:role/a":  {RoleARN, "it has no region"},
		"arn:aws:iam::12345:role/a":                  {RoleARN, "has 12 digits"},
		"arn:amazon:iam::123456789012:role/a":        {RoleARN, "names the partition"},
		"arn:aws:sts::123456789012:role/a":           {RoleARN, `belongs to the service "sts"`},
		"arn:aws:iam::123456789012:role/a b":         {RoleARN, `contains " "`},
		key + "12345678-1234-1234-1234-123456789012": {KMSKey, ""},
		key + "mrk-12345678123412341234123456789012": {KMSKey, ""},
		key + "*":    {KMSKey, "none of a KMS key"},
		"alias/mine": {KMSKey, "is an alias"},
		"arn:aws:kms:eu-west-1:123456789012:alias/mine":          {KMSKey, "is an alias"},
		"12345678-1234-1234-1234-123456789012":                   {KMSKey, "is not an ARN"},
		"arn:aws:kms::123456789012:key/12345678-1234-1234-1234-": {KMSKey, "none of a KMS key"},
	} {
		if got := one.judge(value); !strings.Contains(got, one.want) || one.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", value, got, one.want)
		}
	}

	if got := ARN("aws-cn", "s3", "", "", "bucket"); got != "arn:aws-cn:s3:::bucket" || ARNOf(got, "s3", "") != "" {
		t.Errorf("a bucket's ARN is %q: %s", got, ARNOf(got, "s3", ""))
	}
}
