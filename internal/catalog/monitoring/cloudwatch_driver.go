package monitoring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/watch"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// projectOutput is where an image builder tells the name of its project.
const projectOutput = "project"

var cloudWatchDriver = amazon.Driver[cloudWatchConfig]{
	Flavor: "cloudwatch",
	Named:  "log_group",
	ID: func(in flavor.Input, cfg cloudWatchConfig) string {
		switch {
		case cfg.LogGroup != nil && *cfg.LogGroup != "":
			return *cfg.LogGroup
		case in.Name == "":
			return ""
		default:
			return logGroupOf(in.Name)
		}
	},
	Region: func(cfg cloudWatchConfig) string { return cfg.Region },
	Parts: func(_ context.Context, site amazon.Site, id string, cfg cloudWatchConfig) ([]part.Part, error) {
		subjects, err := cfg.subjects()
		if err != nil {
			return nil, err
		}

		group := watch.LogGroup{
			Session: site.Session, Name: id, Retention: int32(cfg.Retention), KMSKey: cfg.KMSKey, Force: cfg.ForceDestroy,
		}
		if !site.Input.Managed {
			return []part.Part{group}, nil // only ours have more
		}

		return []part.Part{
			group,
			watch.Dashboard{Session: site.Session, Name: watch.Base(id), Region: site.Region, LogGroup: id, Subjects: subjects, Absent: !cfg.Dashboard},
			watch.Alarms{Session: site.Session, Base: watch.Base(id), Subjects: subjects, Actions: cfg.Actions, Absent: !cfg.Alarms},
		}, nil
	},
	Learn: func(cfg *cloudWatchConfig, seen []part.Seen) {
		for _, one := range seen {
			switch found := one.Facts.(type) {
			case watch.Logs:
				cfg.Retention, cfg.KMSKey = int64(found.Retention), found.KMSKey
			case watch.Told:
				cfg.Actions = found.Actions
			}
		}
	},
	Adopt: func(string) cloudWatchConfig { return cloudWatchConfig{Dashboard: true, Alarms: true} },
	Outputs: func(ctx context.Context, site amazon.Site, id string, cfg cloudWatchConfig) (map[string]string, error) {
		place, err := site.Place(ctx)
		if err != nil {
			return nil, err
		}

		subjects, err := cfg.subjects()
		if err != nil {
			return nil, err
		}

		outputs := map[string]string{
			"log_group": id, "log_group_arn": naming.ARN(place.Partition, "logs", place.Region, place.Account, "log-group:"+id),
			"dashboard": "", "dashboard_url": "", "region": place.Region, "account": place.Account,
			"alarms": "",
		}
		if cfg.Alarms {
			outputs["alarms"] = alarmNames(id, subjects)
		}

		if cfg.Dashboard {
			outputs["dashboard"], outputs["dashboard_url"] = watch.Base(id), dashboardURL(place.Region, watch.Base(id))
		}

		return outputs, nil
	},
}

// logGroupOf is the log group of a component that names none.
func logGroupOf(component string) string { return "/mlstacks/" + component }

// dashboardURL leads to a dashboard in the console.
func dashboardURL(region, name string) string {
	domain := "aws.amazon.com"

	switch naming.Partition(region) {
	case "aws-cn":
		domain = "amazonaws.cn"
	case "aws-us-gov":
		domain = "amazonaws-us-gov.com"
	}

	return fmt.Sprintf("https://%s.console.%s/cloudwatch/home?region=%s#dashboards/dashboard/%s", region, domain, region, name)
}

// subjects are what is watched.
func (c cloudWatchConfig) subjects() (watch.Subjects, error) {
	subjects := watch.Subjects{AllPipelines: c.Orchestrator != nil, Pipelines: c.Pipelines, Jobs: c.JobNames, Projects: slices.Clone(c.Projects)}

	if c.Builder != nil {
		project := c.Builder.Outputs[projectOutput]
		if project == "" {
			return subjects, &flavor.AttributeError{
				Attribute: []string{"image_builder"}, Err: errors.New("the image builder tells no project in its outputs"),
				Fix: "Give an mlstacks_image_builder of the flavor codebuild.",
			}
		}

		if !slices.Contains(subjects.Projects, project) {
			subjects.Projects = append(subjects.Projects, project)
		}
	}

	return subjects, nil
}

// cloudWatchApplied tells everything at plan: nothing of it is for apply to tell.
func cloudWatchApplied(facts *flavor.Facts, s flavor.Subject) {
	id := s.Values.Text("log_group", "")
	if id == "" {
		id = flavor.Map(s.Name, func(name string) any { return logGroupOf(name) })
	}

	dashboard := when(s.Values["dashboard"], flavor.Map(id, func(id string) any { return watch.Base(id) }), "")
	address := amazon.Texts(func(texts ...string) any {
		if texts[1] == "" {
			return ""
		}

		return dashboardURL(texts[0], texts[1])
	}, amazon.Region(s), dashboard)

	facts.Outputs = map[string]any{
		"log_group": id, "log_group_arn": amazon.ARN(s, "logs", false, flavor.Map(id, func(id string) any { return "log-group:" + id })),
		"dashboard": dashboard, "dashboard_url": address, "alarms": when(s.Values["alarm_on_failed_jobs"], plannedAlarms(s, id), ""),
		"region": amazon.Region(s), "account": amazon.Account(s),
	}

	if facts.URI = address; address == "" {
		facts.URI = nil
	}
}

// when is one of two values, as far as it is known which.
func when(on, yes, no any) any {
	switch on {
	case true:
		return yes
	case false, nil:
		return no
	default:
		return zenml.Unknown{}
	}
}

// plannedAlarms are the names of alarms, as far as all of them are known.
func plannedAlarms(s flavor.Subject, id any) any {
	base, ok := id.(string)
	pipelines, some := known(s.Values["pipelines"])
	projects, more := known(s.Values["projects"])

	if !ok || !some || !more || zenml.IsUnknown(s.Values["orchestrator"]) || zenml.IsUnknown(s.Values["image_builder"]) {
		return zenml.Unknown{}
	}

	switch project := amazon.Referred(s.Values, "image_builder", projectOutput).(type) {
	case nil:
	case string:
		if !slices.Contains(projects, project) {
			projects = append(projects, project)
		}
	default:
		return zenml.Unknown{}
	}

	subjects := watch.Subjects{AllPipelines: s.Values["orchestrator"] != nil, Pipelines: pipelines, Projects: projects}

	return alarmNames(base, subjects)
}

// alarmNames are those of a component with a log group.
func alarmNames(logGroup string, subjects watch.Subjects) string {
	return strings.Join(watch.Alarms{Base: watch.Base(logGroup), Subjects: subjects}.Names(), ",")
}

// known are the texts of a list; false where not all of them are known.
func known(list any) ([]string, bool) {
	if list == nil {
		return nil, true
	}

	elements, ok := list.([]any)
	if !ok {
		return nil, false
	}

	var texts []string

	for _, element := range elements {
		text, ok := element.(string)
		if !ok {
			return nil, false
		}

		texts = append(texts, text)
	}

	return texts, true
}
