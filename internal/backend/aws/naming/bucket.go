package naming

import (
	"fmt"
	"regexp"
	"strings"
)

var bucket = rule{
	what: "Bucket name", min: 3, max: 63,
	char:    regexp.MustCompile(`^[a-z0-9-]$`),
	shape:   regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`),
	allowed: "lower-case letters, digits and hyphens, and begins and ends with a letter or digit",
}

var (
	reservedBucketPrefixes = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	reservedBucketSuffixes = []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"}
	ipv4                   = regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`)
)

// Bucket judges the name of an S3 bucket. Dots, which AWS takes, are refused: no certificate covers such a name under the
// endpoint's own, and Transfer Acceleration does not work with it.
func Bucket(name string) string {
	for _, prefix := range reservedBucketPrefixes {
		if strings.HasPrefix(name, prefix) {
			return fmt.Sprintf("Bucket name %q begins with %q, which AWS reserves for itself: choose another beginning.", name, prefix)
		}
	}

	for _, suffix := range reservedBucketSuffixes {
		if strings.HasSuffix(name, suffix) {
			return fmt.Sprintf("Bucket name %q ends with %q, which AWS reserves for itself: choose another ending.", name, suffix)
		}
	}

	if ipv4.MatchString(name) {
		return fmt.Sprintf("Bucket name %q looks like an IP address, which AWS refuses: use letters and hyphens, too.", name)
	}

	if strings.Contains(name, ".") {
		return fmt.Sprintf("Bucket name %q contains a dot: the certificate of https://BUCKET.s3.REGION.amazonaws.com does not cover it and "+
			"Transfer Acceleration refuses it, so use hyphens instead.", name)
	}

	return bucket.judge(name)
}
