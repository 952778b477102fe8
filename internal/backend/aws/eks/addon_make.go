package eks

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// behind says that the add-on was chosen for another version of Kubernetes.
func (a Addon) behind(now AddonFound) bool {
	was := now.Tags[tagKubernetes]

	return a.Version == "" && was != "" && a.Kubernetes != "" && was != a.Kubernetes
}

// Ensure is Begin and Settle.
func (a Addon) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	made, err := a.Begin(ctx, claim)
	if err != nil {
		return made, err
	}

	return made, a.Settle(ctx)
}

// Begin makes the add-on, or brings it to what is wanted. It does not wait for one that it makes. What a new cluster has
// in its place already is taken over.
func (a Addon) Begin(ctx context.Context, claim part.Claim) (part.Made, error) {
	return begin(ctx, claim, a, []string{string(types.AddonStatusCreateFailed), deleting})
}

// create makes the add-on. false says that it is there.
func (a Addon) create(ctx context.Context, client *eks.Client, claim part.Claim) (bool, error) {
	in := &eks.CreateAddonInput{
		ClusterName: aws.String(a.Cluster), AddonName: aws.String(a.Name), ResolveConflicts: types.ResolveConflictsOverwrite,
		PodIdentityAssociations: a.pods(), Tags: a.tags(claim.Marks()),
	}

	if a.Version != "" {
		in.AddonVersion = aws.String(a.Version)
	}

	if a.Configuration != "" {
		in.ConfigurationValues = aws.String(a.Configuration)
	}

	err := settled(ctx, func() error {
		_, err := client.CreateAddon(ctx, in)

		return err
	})
	if session.Is(err, inUse) {
		return false, nil
	}

	return err == nil, session.Worded(err, "create %s", a.What())
}

func (a Addon) pods() []types.AddonPodIdentityAssociations {
	var all []types.AddonPodIdentityAssociations
	for _, account := range slices.Sorted(maps.Keys(a.Pods)) {
		all = append(all, types.AddonPodIdentityAssociations{ServiceAccount: aws.String(account), RoleArn: aws.String(a.Pods[account])})
	}

	return all
}

func (a Addon) change(ctx context.Context, client *eks.Client, claim part.Claim, now AddonFound) error {
	version, err := a.version(ctx, client, now)
	if err != nil {
		return err
	}

	broken := !slices.Contains(running, now.Status)

	if version != now.Version || a.Configuration != now.Configuration || broken {
		if err := a.update(ctx, client, version, now); err != nil {
			return err
		}
	}

	// Only now: the tags say what has been done.
	return retag(ctx, client, claim, a.What(), now.ARN, now.Tags, a.tags(claim.Marks()))
}

// running are the states of an add-on that needs no help.
var running = []string{active, creating, updating}

func (a Addon) update(ctx context.Context, client *eks.Client, version string, now AddonFound) error {
	in := &eks.UpdateAddonInput{
		ClusterName: aws.String(a.Cluster), AddonName: aws.String(a.Name), AddonVersion: aws.String(version),
		ResolveConflicts: types.ResolveConflictsPreserve, PodIdentityAssociations: a.pods(),
	}
	if a.Configuration != now.Configuration {
		in.ConfigurationValues = aws.String(a.Configuration)
	}

	return update(ctx, client, "update "+a.What(), eks.DescribeUpdateInput{Name: aws.String(a.Cluster), AddonName: aws.String(a.Name)}, a.Settle,
		func() (*types.Update, error) {
			answer, err := client.UpdateAddon(ctx, in)
			if err != nil {
				return nil, err
			}

			return answer.Update, nil
		})
}

// version is the one that an add-on is to have that has one.
func (a Addon) version(ctx context.Context, client *eks.Client, now AddonFound) (string, error) {
	if a.Version != "" {
		return a.Version, nil
	}

	if !a.behind(now) {
		return now.Version, nil
	}

	answer, err := client.DescribeAddonVersions(ctx, &eks.DescribeAddonVersionsInput{AddonName: aws.String(a.Name), KubernetesVersion: aws.String(a.Kubernetes)})
	if err != nil {
		return "", session.Worded(err, "look for versions of %s", a.What())
	}

	for _, addon := range answer.Addons {
		for _, version := range addon.AddonVersions {
			for _, fits := range version.Compatibilities {
				if fits.DefaultVersion && aws.ToString(fits.ClusterVersion) == a.Kubernetes {
					return aws.ToString(version.AddonVersion), nil
				}
			}
		}
	}

	return now.Version, nil
}

// Settle waits until the add-on runs.
func (a Addon) Settle(ctx context.Context) error {
	_, err := settle(ctx, a.object(), func(status string) bool {
		return slices.Contains(running, status) || status == string(types.AddonStatusDegraded) // it may get over it while nodes come up
	})

	return err
}
