package page

import (
	"net/url"
	"regexp"
	"strings"
)

// address is where a component is found. Link is where a browser finds it: empty where there is nothing to look at.
type address struct {
	Text, Link string
	// Where says what Link leads to where that is not the address itself.
	Where string
}

// locate turns the address of a component into one to show. Only what is known to be a page becomes a link.
func locate(c Component) address {
	a := address{Text: blot(c.URI)}

	parsed, err := url.Parse(c.URI)
	if err != nil || parsed.Host == "" || signed.MatchString(c.URI) {
		return a
	}

	// The key and prefix of an object, without the slashes around them.
	key := strings.Trim(parsed.Path, "/")

	switch strings.ToLower(parsed.Scheme) {
	case "http", "https":
		parsed.User = nil
		a.Link = parsed.String()
	case "s3":
		if c.Amazon {
			a.Link, a.Where = amazonConsole(parsed.Host, key, c.Region), "in the AWS console"
		}
	case "gs":
		object := url.URL{Path: parsed.Host + "/" + key}
		a.Link, a.Where = "https://console.cloud.google.com/storage/browser/"+strings.TrimSuffix(object.EscapedPath(), "/"), "in the Google Cloud console"
	}

	return a
}

// amazonConsole is the page of a bucket in the console of the partition that the region is in.
func amazonConsole(bucket, prefix, region string) string {
	host := "console.aws.amazon.com"

	switch {
	case strings.HasPrefix(region, "cn-"):
		host = "console.amazonaws.cn"
	case strings.HasPrefix(region, "us-gov-"):
		host = "console.amazonaws-us-gov.com"
	}

	query := url.Values{}
	if region != "" {
		query.Set("region", region)
	}

	if prefix != "" {
		query.Set("prefix", prefix+"/")
	}

	link := url.URL{Scheme: "https", Host: host, Path: "/s3/buckets/" + bucket, RawQuery: query.Encode()}

	return link.String()
}

var (
	password = regexp.MustCompile(`(://[^/\s:@]*:)[^/\s@]+@`)
	token    = regexp.MustCompile(`(https?://)[^/\s:@]+@`)
	signed   = regexp.MustCompile(`(?i)([?&][^=&#\s]*(?:token|passw|secret|signature|sig|key)[^=&#\s]*=)[^&#\s]+`)
)

// blot hides passwords, tokens and signatures in the addresses of a text: a page is made to be shown.
func blot(text string) string {
	text = password.ReplaceAllString(text, "$1•••@")
	text = token.ReplaceAllString(text, "$1•••@")

	return signed.ReplaceAllString(text, "$1•••")
}
