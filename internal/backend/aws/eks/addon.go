package eks

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Addon is an add-on of EKS as it is wanted.
type Addon struct {
	Session *session.Session
	// Cluster is its cluster's name, Name its own, such as coredns.
	Cluster, Name string
	// Version is its own; empty: what EKS takes for Kubernetes as it was when the add-on was made, or the cluster upgraded.
	Version string
	// Kubernetes is the version that the cluster runs.
	Kubernetes string
	// Configuration is its configuration in JSON; empty: its default.
	Configuration string
	// Pods are the roles of its service accounts.
	Pods map[string]string
}

// tagKubernetes says for which version of Kubernetes the version of an add-on was chosen, so that an upgrade that was
// interrupted is finished.
const tagKubernetes = "mlstacks:kubernetes"

// tags are those of the add-on.
func (a Addon) tags(owner backend.Owner) map[string]string {
	tags := a.Session.Tags(owner)
	if a.Kubernetes != "" {
		tags[tagKubernetes] = a.Kubernetes
	}

	return tags
}

// AddonFound is what an add-on is like.
type AddonFound struct {
	State

	Version, Configuration string
}

var _ part.Part = Addon{}

// What names the add-on.
func (a Addon) What() string { return fmt.Sprintf("add-on %s of cluster %q", a.Name, a.Cluster) }

func (a Addon) object() part.Object[*eks.Client, AddonFound] {
	return part.Object[*eks.Client, AddonFound]{
		What: a.What(), Session: a.Session, Open: a.Session.EKS, Get: part.Tagged(a.describe, tagsOf[AddonFound]),
	}
}

func (a Addon) describe(ctx context.Context, client *eks.Client) (AddonFound, error) {
	answer, err := client.DescribeAddon(ctx, &eks.DescribeAddonInput{ClusterName: aws.String(a.Cluster), AddonName: aws.String(a.Name)})

	switch {
	case session.Is(err, gone):
		return AddonFound{}, fmt.Errorf("%s %w", a.What(), backend.ErrNotFound)
	case err != nil:
		return AddonFound{}, session.Worded(err, "read %s", a.What())
	}

	f := AddonFound{
		State:   State{ARN: aws.ToString(answer.Addon.AddonArn), Status: string(answer.Addon.Status), Tags: answer.Addon.Tags},
		Version: aws.ToString(answer.Addon.AddonVersion), Configuration: aws.ToString(answer.Addon.ConfigurationValues),
	}

	if answer.Addon.Health != nil {
		for _, one := range answer.Addon.Health.Issues {
			f.Issues = append(f.Issues, issue(string(one.Code), aws.ToString(one.Message), one.ResourceIds))
		}
	}

	return f, nil
}

// Observe looks at the add-on; the facts are an AddonFound.
func (a Addon) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, now, err := observe(ctx, claim, a.object(), running)
	if err != nil {
		return seen, err
	}

	if a.behind(now) {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s is for Kubernetes %s, and the cluster runs %s", a.What(), now.Tags[tagKubernetes], a.Kubernetes))
	}

	if a.Version != "" && now.Version != a.Version {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s has the version %s, should have %s", a.What(), now.Version, a.Version))
	}

	return seen, nil
}

// Remove deletes the add-on with what it runs, and waits until it is gone.
func (a Addon) Remove(ctx context.Context, claim part.Claim) error {
	return a.object().Remove(ctx, claim, func(ctx context.Context, client *eks.Client, _ AddonFound) error { return a.remove(ctx, client) })
}

func (a Addon) remove(ctx context.Context, client *eks.Client) error {
	return vanish(ctx, client, a.object(), func(AddonFound) error {
		_, err := client.DeleteAddon(ctx, &eks.DeleteAddonInput{ClusterName: aws.String(a.Cluster), AddonName: aws.String(a.Name)})

		return err
	})
}

// Addons are the add-ons that a cluster has.
func Addons(ctx context.Context, s *session.Session, cluster string) ([]string, error) {
	client, err := s.EKS(ctx)
	if err != nil {
		return nil, err
	}

	var all []string

	pages := eks.NewListAddonsPaginator(client, &eks.ListAddonsInput{ClusterName: aws.String(cluster)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Worded(err, "list the add-ons of cluster %q", cluster)
		}

		all = append(all, page.Addons...)
	}

	return all, nil
}
