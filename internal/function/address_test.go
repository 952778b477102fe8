package function

import (
	"slices"
	"strings"
	"testing"
)

func TestParse_TakesAddressesApart(t *testing.T) {
	t.Parallel()

	for uri, want := range map[string]address{
		"s3://bucket":                              {scheme: "s3", bucket: "bucket", cloud: "aws"},
		"s3://bucket/":                             {scheme: "s3", bucket: "bucket", cloud: "aws"},
		"s3://my.bucket/a/b/":                      {scheme: "s3", bucket: "my.bucket", prefix: "a/b", cloud: "aws"},
		"s3://bucket/a b?c#d%20":                   {scheme: "s3", bucket: "bucket", prefix: "a b?c#d%20", cloud: "aws"},
		"gs://bucket_1/runs/1":                     {scheme: "gs", bucket: "bucket_1", prefix: "runs/1", cloud: "gcp"},
		"az://container/a":                         {scheme: "az", bucket: "container", prefix: "a", cloud: "azure"},
		"az://$root":                               {scheme: "az", bucket: "$root", cloud: "azure"},
		"abfs://container":                         {scheme: "abfs", bucket: "container", cloud: "azure"},
		"/srv/artifacts":                           {cloud: "local", path: "/srv/artifacts"},
		"./artifacts":                              {cloud: "local", path: "./artifacts"},
		`C:\artifacts`:                             {cloud: "local", path: `C:\artifacts`},
		"C:/artifacts":                             {cloud: "local", path: "C:/artifacts"},
		"file:///srv/a%20b":                        {scheme: "file", cloud: "local", path: "/srv/a b"},
		"file:/srv":                                {scheme: "file", cloud: "local", path: "/srv"},
		"file://localhost/srv":                     {scheme: "file", cloud: "local", path: "/srv"},
		"abfs://c@acct.dfs.core.windows.net/a":     {scheme: "abfs", bucket: "c", prefix: "a", cloud: "azure", account: "acct"},
		"abfss://c@acct.dfs.core.windows.net":      {scheme: "abfss", bucket: "c", cloud: "azure", account: "acct"},
		"az://c@acct.blob.core.chinacloudapi.cn/a": {scheme: "az", bucket: "c", prefix: "a", cloud: "azure", account: "acct"},
	} {
		if got, err := parse(uri); err != nil || got != want {
			t.Errorf("%q: got %+v, %v; want %+v", uri, got, err, want)
		}
	}
}

func TestParse_SaysWhatWasMeant(t *testing.T) {
	t.Parallel()

	for uri, says := range map[string]string{
		"":                   "s3://bucket/prefix",
		" s3://b":            "white space",
		"s3://b\n":           "white space",
		"s3://":              "names no bucket",
		"s3:///key":          "names no bucket",
		"S3://bucket":        `Did you mean "s3://"?`,
		"s4://bucket":        `Did you mean "s3://"?`,
		"s3a://bucket":       `Did you mean "s3://"?`,
		"gcs://bucket":       `Did you mean "gs://"?`,
		"wasbs://c":          `Did you mean "abfss://"?`,
		"s3:/bucket/key":     `Did you mean "s3://bucket/key"?`,
		"gs:bucket":          `Did you mean "gs://bucket"?`,
		"hdfs://namenode/a":  "Begin with one of: s3://, gs://",
		"s3://my bucket/a":   "no name of a bucket",
		"{{store.path}}":     "refers to a secret",
		"file://server/a":    "no address of a file on this machine",
		"az://c@example.com": "container@account.dfs.core.windows.net",
		"https://bucket.s3.eu-west-1.amazonaws.com/a/b":                   `Did you mean "s3://bucket/a/b"?`,
		"https://s3.eu-west-1.amazonaws.com/bucket/a?X-Amz-Signature=abc": `Did you mean "s3://bucket/a"?`,
		"https://storage.googleapis.com/bucket/a":                         `Did you mean "gs://bucket/a"?`,
		"https://acct.blob.core.windows.net/c/a":                          `Did you mean "abfs://c@acct.dfs.core.windows.net/a"?`,
		"http://minio.local:9000/bucket":                                  "by the endpoint beside it",
	} {
		if got, err := parse(uri); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %+v, %v; want an error with %q", uri, got, err, says)
		}
	}
}

func TestParse_NeverShowsALogin(t *testing.T) {
	t.Parallel()

	for _, uri := range []string{
		"s3://key:hunter2@bucket/a", "gs://hunter2@bucket", "https://user:hunter2@minio.local/b", "ftp://user:hunter2@host/a",
		"https://s3.amazonaws.com/b/a?X-Amz-Signature=hunter2",
	} {
		if _, err := parse(uri); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v", uri, err)
		}
	}
}

func TestParse_NamesTheFlavorsOfZenMLThatTakeIt(t *testing.T) {
	t.Parallel()

	for uri, want := range map[string][]string{
		"s3://b": {"b2", "digitalocean", "s3"}, "gs://b": {"gcp"}, "az://c": {"azure"}, "abfs://c": {"azure"}, "abfss://c": {},
		"/srv": {"local"}, "file:///srv": {},
	} {
		a, err := parse(uri)
		if err != nil {
			t.Fatal(err)
		}

		if got := a.flavors(); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", uri, got, want)
		}
	}
}
