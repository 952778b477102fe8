package function

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// address is where artifacts are.
type address struct{ scheme, bucket, prefix, cloud, account, path string }

// clouds are the schemes of clouds, and whose they are.
var clouds = map[string]string{"s3": "aws", "gs": "gcp", "az": "azure", "abfs": "azure", "abfss": "azure"}

// schemes lists what is taken, for messages.
var schemes = []string{"s3://", "gs://", "az://", "abfs://", "abfss://", "file://"}

var (
	// almost finds a scheme with fewer slashes than it has, but no drive of Windows.
	almost     = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):/?[^/]`)
	bucketName = regexp.MustCompile(`^[A-Za-z0-9$][A-Za-z0-9._-]*$`)
	// account is the host of an Azure storage account: of its blobs, or of its data lake.
	account = regexp.MustCompile(`^([a-z0-9]{3,24})\.(?:[a-z0-9-]+\.)?(?:dfs|blob)(?:\.[a-z0-9-]+)+$`)
)

func parse(uri string) (address, error) {
	scheme, rest, schemed := strings.Cut(uri, "://")

	switch {
	case strings.TrimSpace(uri) == "":
		return address{}, diagnose.NoArtifactURI("the address is empty", "Give one such as s3://bucket/prefix, or a path.")
	case strings.TrimSpace(uri) != uri || strings.ContainsAny(uri, "\n\r\t"):
		return address{}, diagnose.NoArtifactURI("the address has white space around it or a line break in it", "Take it out: trimspace(…) does.")
	case zenml.IsSecretReference(uri):
		return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q refers to a secret, whose value only ZenML knows", uri), "Give the address itself.")
	case schemed && clouds[scheme] != "":
		return parseBucket(scheme, rest)
	case scheme == "file" && schemed:
		return parseFile(uri)
	case schemed:
		return address{}, unknownScheme(scheme, rest)
	}

	if match := almost.FindStringSubmatch(uri); match != nil {
		if near := nearScheme(match[1]); near == "file" && match[1] == "file" {
			return parseFile(uri)
		} else if near != "" {
			rest := strings.TrimLeft(uri[len(match[1])+1:], "/")

			return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q has no :// behind its scheme", uri), fmt.Sprintf("Did you mean %q?", near+"://"+rest))
		}
	}

	return address{cloud: "local", path: uri}, nil
}

// parseBucket reads what stands behind the scheme of a cloud.
func parseBucket(scheme, rest string) (address, error) {
	host, prefix, _ := strings.Cut(rest, "/")
	a := address{scheme: scheme, bucket: host, prefix: strings.TrimRight(prefix, "/"), cloud: clouds[scheme]}

	if container, at, ok := strings.Cut(host, "@"); ok {
		match := account.FindStringSubmatch(at)

		switch {
		case a.cloud != "azure":
			return address{}, diagnose.NoArtifactURI("the address has something before an @, as a login is written", "Give the bucket alone: "+scheme+"://bucket/prefix.")
		case match == nil:
			return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q is no host of a storage account", at),
				"Write "+scheme+"://container@account.dfs.core.windows.net/prefix.")
		}

		a.bucket, a.account = container, match[1]
	}

	switch {
	case a.bucket == "":
		return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q names no bucket", scheme+"://"+rest), "Write "+scheme+"://bucket/prefix.")
	case !bucketName.MatchString(a.bucket):
		return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q is no name of a bucket", a.bucket),
			"Write "+scheme+"://bucket/prefix; the name has letters, digits, hyphens, dots and underscores.")
	}

	return a, nil
}

// parseFile reads a URI of a file on this machine.
func parseFile(uri string) (address, error) {
	parsed, err := url.Parse(uri)
	if err != nil || (parsed.Host != "" && parsed.Host != "localhost") || !strings.HasPrefix(parsed.Path, "/") {
		return address{}, diagnose.NoArtifactURI(fmt.Sprintf("%q is no address of a file on this machine", uri), "Write file:///path, or the path alone.")
	}

	return address{scheme: "file", cloud: "local", path: parsed.Path}, nil
}

// unknownScheme says what was most likely meant. The rest may hold a login, and is shown only where it was understood.
func unknownScheme(scheme, rest string) error {
	what := fmt.Sprintf("there is no artifact store behind %q", scheme+"://")

	if scheme := strings.ToLower(scheme); scheme == "http" || scheme == "https" {
		if meant := overHTTP(rest); meant != "" {
			return diagnose.NoArtifactURI(what, fmt.Sprintf("Did you mean %q?", meant))
		}

		return diagnose.NoArtifactURI(what, "ZenML finds S3-compatible storage by s3://bucket, and its address by the endpoint beside it.")
	}

	if near := nearScheme(scheme); near != "" {
		return diagnose.NoArtifactURI(what, fmt.Sprintf("Did you mean %q?", near+"://"))
	}

	return diagnose.NoArtifactURI(what, "Begin with one of: "+strings.Join(schemes, ", ")+"; or give a plain path.")
}

// otherNames are the schemes that other tools use for the same.
var otherNames = map[string]string{
	"s3a": "s3", "s3n": "s3", "gcs": "gs", "gcp": "gs", "azure": "az", "adl": "abfs", "wasb": "abfs", "wasbs": "abfss",
}

// nearScheme finds the scheme that a misspelled one means; empty where none is near.
func nearScheme(scheme string) string {
	if means, ok := otherNames[strings.ToLower(scheme)]; ok {
		return means
	}

	near := zenml.DidYouMean(scheme, []string{"s3", "gs", "az", "abfs", "abfss", "file"})
	if near == "" || !strings.EqualFold(near[:1], scheme[:1]) { // in so short words anything else is another word
		return ""
	}

	return near
}

// httpHosts are the addresses under which clouds serve objects over HTTP, and what they are called otherwise.
var httpHosts = []struct {
	host  *regexp.Regexp
	meant string
}{
	{regexp.MustCompile(`^([a-z0-9.-]+)\.s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?/(.*)$`), "s3://$1/$2"},
	{regexp.MustCompile(`^s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?/([^/]+)/?(.*)$`), "s3://$1/$2"},
	{regexp.MustCompile(`^storage\.(?:googleapis|cloud\.google)\.com/([^/]+)/?(.*)$`), "gs://$1/$2"},
	{regexp.MustCompile(`^([a-z0-9._-]+)\.storage\.googleapis\.com/(.*)$`), "gs://$1/$2"},
	{regexp.MustCompile(`^([a-z0-9]+)\.(?:blob|dfs)\.core\.windows\.net/([^/]+)/?(.*)$`), "abfs://$2@$1.dfs.core.windows.net/$3"},
}

// overHTTP finds what an address over HTTP is called otherwise; empty where nobody knows.
func overHTTP(rest string) string {
	rest, _, _ = strings.Cut(rest, "?") // a signed address has its signature there

	for _, known := range httpHosts {
		if known.host.MatchString(rest) {
			return strings.TrimSuffix(known.host.ReplaceAllString(rest, known.meant), "/")
		}
	}

	return ""
}

// flavors lists ZenML's flavors of artifact stores that take the address.
func (a address) flavors() []string {
	written := a.scheme
	if written != "" {
		written += "://"
	}

	names := []string{}

	for _, f := range zenml.Flavors() {
		if slices.Contains(f.Schemes, written) {
			names = append(names, f.Name)
		}
	}

	return names
}
