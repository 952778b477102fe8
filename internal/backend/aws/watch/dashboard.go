package watch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Dashboard is a dashboard as a component wants it. Dashboards have no tags: a line in the body says whose one is.
type Dashboard struct {
	Session *session.Session
	Name    string
	// Region is that of the metrics; LogGroup is the one whose last events are shown.
	Region, LogGroup string
	Subjects         Subjects
	// Absent says that there is to be none.
	Absent bool
}

var _ part.Part = Dashboard{}

// noDashboard are the codes for a dashboard that is not there, of the two protocols that CloudWatch speaks.
var noDashboard = []string{"ResourceNotFound", "DashboardNotFoundError"}

// What names the dashboard.
func (d Dashboard) What() string { return fmt.Sprintf("dashboard %q", d.Name) }

// get returns the body, after a look at whose it is.
func (d Dashboard) get(ctx context.Context, client *cloudwatch.Client, claim part.Claim) (string, error) {
	answer, err := client.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: aws.String(d.Name)})

	switch {
	case session.Is(err, noDashboard...):
		return "", fmt.Errorf("%s %w: %w", d.What(), backend.ErrNotFound, session.Worded(err, "read %s", d.What()))
	case err != nil:
		return "", session.Worded(err, "read %s", d.What())
	}

	body := aws.ToString(answer.DashboardBody)
	tags := map[string]string{}

	if owner, marked := ownerIn(body); marked {
		tags = map[string]string{session.TagKind: owner.Kind, session.TagFlavor: owner.Flavor, session.TagName: owner.Name}
	}

	return body, claim.Check(d.What(), tags)
}

// Ensure makes the dashboard, or brings it to what is wanted. Writing one that is there is no error, so that it is looked at
// first.
func (d Dashboard) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	if d.Absent {
		if !claim.Known { // there was none before
			return part.Made{}, nil
		}

		return part.Made{}, d.Remove(ctx, claim)
	}

	client, err := d.Session.CloudWatch(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := d.body(claim.Owner)

	found, err := d.get(ctx, client, claim)
	if err != nil && !errors.Is(err, backend.ErrNotFound) {
		return part.Made{}, err
	}

	if err == nil && alike(found, wanted) {
		return part.Made{Exists: true}, nil
	}

	answer, err := client.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: aws.String(d.Name), DashboardBody: aws.String(wanted)})
	if err != nil {
		return part.Made{}, session.Worded(err, "write %s", d.What())
	}

	made := part.Made{Exists: true}
	for _, message := range answer.DashboardValidationMessages {
		made.Notices = append(made.Notices, fmt.Sprintf("CloudWatch says of %s: %s", d.What(), strings.TrimSpace(aws.ToString(message.Message))))
	}

	return made, nil
}

// Observe looks at the dashboard.
func (d Dashboard) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	if d.Absent {
		return part.Seen{Absent: true}, nil
	}

	client, err := d.Session.CloudWatch(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	found, err := d.get(ctx, client, claim)
	if err != nil {
		return part.Seen{}, err
	}

	if !alike(found, d.body(claim.Owner)) {
		return part.Seen{Drift: []string{d.What() + " does not show what it should"}}, nil
	}

	return part.Seen{}, nil
}

// Remove deletes the dashboard.
func (d Dashboard) Remove(ctx context.Context, claim part.Claim) error {
	client, err := d.Session.CloudWatch(ctx)
	if err != nil {
		return err
	}

	_, err = d.get(ctx, client, claim)

	switch {
	case part.Kept(err):
		return nil
	case err != nil:
		return err
	}

	_, err = client.DeleteDashboards(ctx, &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{d.Name}})

	return session.Worded(session.Except(err, noDashboard...), "delete %s", d.What())
}
