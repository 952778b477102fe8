package page_test

import (
	"html"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/page"
)

func TestRender_IsTheSameForTheSameStack(t *testing.T) {
	t.Parallel()

	for name, stack := range stacks() {
		first := render(t, stack)

		for range 20 {
			if render(t, stack) != first {
				t.Fatalf("%s: another page", name)
			}
		}
	}
}

// A full stack takes less than 60 KB, and a small one little more than the style sheet.
func TestRender_IsSmall(t *testing.T) {
	t.Parallel()

	for name, most := range map[string]int{"large": 60_000, "laptop": 20_000} {
		size := len(render(t, stacks()[name]))
		t.Logf("report: the page of %s takes %d bytes", name, size)

		if size > most {
			t.Errorf("%s: %d bytes, want %d at most", name, size, most)
		}
	}
}

var (
	tag       = regexp.MustCompile(`<(/?[a-zA-Z][a-zA-Z0-9]*)`)
	attribute = regexp.MustCompile(`\s(on[a-z]+|style|src|srcset|action|formaction|background|xlink:href)\s*=`)
	reference = regexp.MustCompile(`\shref="([^"]*)"`)
)

// Whatever the texts of a stack try, the page is made of the template's own elements and leads only where it may.
func TestRender_TakesTextsForTexts(t *testing.T) {
	t.Parallel()

	expected := map[string]bool{}
	for _, name := range []string{"laptop", "large", "lonely"} {
		for _, found := range tag.FindAllStringSubmatch(render(t, stacks()[name]), -1) {
			expected[found[1]] = true
		}
	}

	if expected["script"] || expected["img"] || expected["link"] != true {
		t.Fatalf("unexpected elements: %v", slices.Sorted(maps.Keys(expected)))
	}

	text := render(t, hostile())

	for _, found := range tag.FindAllStringSubmatch(text, -1) {
		if !expected[found[1]] {
			t.Errorf("the page has an element %s", found[1])
		}
	}

	if found := attribute.FindAllString(regexp.MustCompile(`>[^<]*<`).ReplaceAllString(text, "><"), -1); found != nil {
		t.Errorf("the page has the attributes %q", found)
	}

	allowed := regexp.MustCompile(`^(#[a-z0-9-]+|https?://[^"<> ]+|data:image/svg\+xml,[^"]+)$`)
	for _, found := range reference.FindAllStringSubmatch(text, -1) {
		if !allowed.MatchString(html.UnescapeString(found[1])) {
			t.Errorf("the page leads to %q", found[1])
		}
	}

	if strings.Contains(text, "lovelace@") || strings.ContainsAny(text, "\u202e") {
		t.Error("the page shows a password, or turns texts around")
	}
}

func TestRender_LinksOnlyWhatABrowserOpens(t *testing.T) {
	t.Parallel()

	for uri, want := range map[string]string{
		"https://mlflow.example.com/a?b=1#c":              "https://mlflow.example.com/a?b=1#c",
		"http://192.0.2.7:30500":                          "http://192.0.2.7:30500",
		"HTTPS://EXAMPLE.COM":                             "https://EXAMPLE.COM",
		"https://ada:lovelace@example.com/x":              "https://example.com/x",
		"https://ghp_token@example.com/x":                 "https://example.com/x",
		"https://example.com/x?X-Amz-Signature=abc&y=1":   "",
		"s3://acme/team/a b":                              "https://console.aws.amazon.com/s3/buckets/acme?prefix=team%2Fa+b%2F&region=eu-central-1",
		"s3://acme":                                       "https://console.aws.amazon.com/s3/buckets/acme?region=eu-central-1",
		"gs://acme/team/x":                                "https://console.cloud.google.com/storage/browser/acme/team/x",
		"gs://acme":                                       "https://console.cloud.google.com/storage/browser/acme",
		"az://container/x":                                "",
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com": "",
		"localhost:5000":                                  "",
		"/srv/artifacts":                                  "",
		"file:///srv/artifacts":                           "",
		"javascript:alert(1)":                             "",
		"JAVASCRIPT://example.com/%0aalert(1)":            "",
		"data:text/html,x":                                "",
		"//example.com":                                   "",
		"https:///x":                                      "",
	} {
		text := render(t, page.Stack{Name: "s", Components: []page.Component{{Kind: "alerter", Name: "a", URI: uri, Amazon: true, Region: "eu-central-1"}}})
		got := ""

		for _, found := range reference.FindAllStringSubmatch(text, -1) {
			if link := html.UnescapeString(found[1]); !strings.HasPrefix(link, "#") && !strings.HasPrefix(link, "data:image/svg+xml") {
				got = link
			}
		}

		if got != want {
			t.Errorf("%s leads to %q, want %q", uri, got, want)
		}
	}
}

func TestRender_KnowsThePartitionsOfAWS(t *testing.T) {
	t.Parallel()

	for region, want := range map[string]string{
		"cn-north-1": "https://console.amazonaws.cn/s3/buckets/b?region=cn-north-1", "us-gov-east-1": "https://console.amazonaws-us-gov.com/s3/buckets/b?region=us-gov-east-1",
		"": "https://console.aws.amazon.com/s3/buckets/b",
	} {
		c := page.Component{Kind: "artifact_store", Name: "a", URI: "s3://b", Amazon: true, Region: region}
		if text := render(t, page.Stack{Name: "s", Components: []page.Component{c}}); !strings.Contains(html.UnescapeString(text), `href="`+want+`"`) {
			t.Errorf("%s: no link to %s", region, want)
		}

		c.Amazon = false
		if text := render(t, page.Stack{Name: "s", Components: []page.Component{c}}); strings.Contains(text, "console.") {
			t.Errorf("%s: another server's bucket is not in AWS", region)
		}
	}
}

var command = regexp.MustCompile(`(?s)<pre><code>(.*?)</code></pre>`)

// commands are those of a page.
func commands(t *testing.T, s page.Stack) []string {
	t.Helper()

	all := []string{}
	for _, found := range command.FindAllStringSubmatch(render(t, s), -1) {
		all = append(all, html.UnescapeString(found[1]))
	}

	return all
}

func TestRender_TellsHowToUseTheStack(t *testing.T) {
	t.Parallel()

	want := []string{
		"zenml secret create discord --interactive", "zenml secret create slack --interactive", "zenml secret create tracker --interactive",
		"zenml secret create whole --interactive", "terraform output -raw zenml_yaml > prod.yaml", "zenml stack import prod --filename prod.yaml",
		"zenml stack set prod", "export AWS_REGION=eu-central-1", `export FEAST_GRUSS='Grüße an '\''alle'\'''`,
		"export MLFLOW_TRACKING_URI=http://192.0.2.7:30500",
	}
	if got := commands(t, large()); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// A shell makes one word of each value, whatever it is made of.
func TestRender_QuotesForTheShell(t *testing.T) {
	t.Parallel()

	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("SKIPPED: there is no sh on PATH")
	}

	for _, value := range []string{"plain", "a b", "it's", `"$HOME" $(id) ` + "`id`", "; exit 3 #", "-n", "", "~", "*", "a\nb", "ü"} {
		lines := commands(t, page.Stack{Name: "s", Environment: map[string]string{"VALUE": value}})
		script := lines[len(lines)-1] + "\nprintf %s \"$VALUE\""

		got, err := exec.CommandContext(t.Context(), shell, "-c", script).CombinedOutput()
		if err != nil || string(got) != value {
			t.Errorf("%q became %q: %v", value, got, err)
		}
	}
}

func TestRender_SaysWhatTheFindingsComeTo(t *testing.T) {
	t.Parallel()

	failing, warning, waived := page.Finding{Error: true}, page.Finding{}, page.Finding{Waived: true}

	for want, findings := range map[string][]page.Finding{
		"Fits together":                              nil,
		"Fits together: 2 warnings":                  {warning, warning},
		"Fits together: 1 waived":                    {waived},
		"Cannot work: 1 error":                       {failing},
		"Cannot work: 2 errors, 1 warning, 3 waived": {failing, failing, warning, waived, waived, waived},
	} {
		if text := render(t, page.Stack{Name: "s", Findings: findings}); !strings.Contains(text, ">"+want+"</span>") {
			t.Errorf("%v: the page does not say %q", findings, want)
		}
	}
}
