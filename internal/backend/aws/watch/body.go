package watch

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// The namespaces of metrics. The two kinds of jobs are told apart by the dimension Host alone, which is JOB/INSTANCE.
const (
	trainingJobs   = "/aws/sagemaker/TrainingJobs"
	processingJobs = "/aws/sagemaker/ProcessingJobs"
	pipelines      = "AWS/Sagemaker/ModelBuildingPipeline"
	builds         = "AWS/CodeBuild"
)

// The grid of a dashboard is 24 wide.
const (
	columns = 24
	tall    = 6
	title   = 2
	minute  = 60
	period  = 300
)

// widget is one of a dashboard. Fields that are not set are left out, as CloudWatch does.
type widget struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

// page puts widgets below each other, two in a row.
type page struct {
	widgets []widget
	y       int
	region  string
}

func (p *page) row(all ...widget) {
	height := 0

	for i, one := range all {
		one.X, one.Y, one.Width = i*columns/len(all), p.y, columns/len(all)
		height = max(height, one.Height)
		p.widgets = append(p.widgets, one)
	}

	p.y += height
}

// chart shows metrics over time.
func (p *page) chart(name, statistic string, metrics ...any) widget {
	return widget{Type: "metric", Height: tall, Properties: map[string]any{
		"title": name, "region": p.region, "view": "timeSeries", "stat": statistic, "period": period, "metrics": metrics,
	}}
}

// body is the dashboard as CloudWatch wants it.
func (d Dashboard) body(owner backend.Owner) string {
	p := &page{region: d.Region}
	p.row(widget{Type: "text", Height: title, Properties: map[string]any{"markdown": fmt.Sprintf("## %s\n%s", owner.Name, line(owner))}})

	if d.Subjects.AllPipelines {
		p.pipeline("All SageMaker pipelines")
	}

	for _, name := range d.Subjects.Pipelines {
		p.pipeline("SageMaker pipeline "+name, "PipelineName", name)
	}

	p.row(p.jobs("Training jobs: use in percent", trainingJobs, d.Subjects.Jobs), p.jobs("Processing jobs: use in percent", processingJobs, d.Subjects.Jobs))

	for _, name := range d.Subjects.Projects {
		p.project(name)
	}

	p.row(widget{Type: "log", Height: tall, Properties: map[string]any{
		"title": "Last events of " + d.LogGroup, "region": d.Region, "view": "table",
		"query": fmt.Sprintf("SOURCE '%s' | fields @timestamp, @message | sort @timestamp desc | limit 100", d.LogGroup),
	}})

	text, _ := json.Marshal(map[string]any{"widgets": p.widgets}) //nolint:errchkjson // texts and numbers

	return string(text)
}

func (p *page) pipeline(name string, dimensions ...any) {
	metric := func(metric string) []any { return append([]any{pipelines, metric}, dimensions...) }

	p.row(
		p.chart(name+": runs", "Sum", metric("ExecutionStarted"), metric("ExecutionSucceeded"), metric("ExecutionFailed")),
		p.chart(name+": milliseconds", "Average", metric("ExecutionDuration")),
	)
}

func (p *page) project(name string) {
	metric := func(metric string) []any { return []any{builds, metric, "ProjectName", name} }

	p.row(
		p.chart("CodeBuild project "+name+": builds", "Sum", metric("Builds"), metric("SucceededBuilds"), metric("FailedBuilds")),
		p.chart("CodeBuild project "+name+": seconds", "Average", metric("Duration")),
	)
}

// jobs searches for metrics, since the names of jobs are made when they run.
func (p *page) jobs(name, namespace string, words []string) widget {
	if len(words) == 0 {
		words = []string{""}
	}

	var metrics []any

	for _, word := range words {
		if word != "" {
			word = fmt.Sprintf(" %q", word)
		}

		for _, metric := range []string{"CPUUtilization", "MemoryUtilization", "GPUUtilization"} {
			search := fmt.Sprintf(`SEARCH('{%s,Host} MetricName="%s"%s', 'Average', %d)`, namespace, metric, word, minute)
			metrics = append(metrics, []any{map[string]any{"expression": search, "id": fmt.Sprintf("e%d", len(metrics)+1)}})
		}
	}

	return p.chart(name, "Average", metrics...)
}

// line says whose a dashboard is, to people and to ownerIn.
func line(owner backend.Owner) string {
	return fmt.Sprintf("Kept by Terraform: mlstacks/%s/%s/%s", owner.Kind, owner.Flavor, owner.Name)
}

var kept = regexp.MustCompile(`mlstacks/([^/\s"\\]+)/([^/\s"\\]+)/([^/\s"\\]+)`)

// ownerIn reads whose a dashboard is.
func ownerIn(body string) (owner backend.Owner, marked bool) {
	found := kept.FindStringSubmatch(body)
	if found == nil || !strings.Contains(body, "Kept by Terraform") {
		return owner, false
	}

	return backend.Owner{Kind: found[1], Flavor: found[2], Name: found[3]}, true
}

// alike compares two bodies by what they say.
func alike(a, b string) bool {
	var one, other any

	return json.Unmarshal([]byte(a), &one) == nil && json.Unmarshal([]byte(b), &other) == nil && reflect.DeepEqual(one, other)
}
