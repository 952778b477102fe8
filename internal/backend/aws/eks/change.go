package eks

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// change brings a cluster that is there to what is wanted.
func (c Cluster) change(ctx context.Context, client *eks.Client, claim part.Claim) (part.Made, error) {
	now, _, err := c.object().Held(ctx, client, claim)
	if err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	switch {
	case slices.Contains(failed, now.Status):
		return c.afresh(ctx, client, claim)
	case now.Status != active:
		if now, err = c.active(ctx); err != nil {
			return made, err
		}
	}

	if err := retag(ctx, client, claim, c.What(), now.ARN, now.Tags, c.Session.Tags(claim.Marks())); err != nil {
		return made, err
	}

	for _, one := range c.changes(now) {
		if err := c.update(ctx, client, one); err != nil {
			return made, err
		}
	}

	return made, c.upgrade(ctx, client, now)
}

// afresh makes a cluster in the place of one that came to nothing.
func (c Cluster) afresh(ctx context.Context, client *eks.Client, claim part.Claim) (part.Made, error) {
	if err := c.remove(ctx, client); err != nil {
		return part.Made{Exists: true}, err
	}

	created, err := c.create(ctx, client, claim)
	if err == nil && !created {
		err = fmt.Errorf("create cluster %q: somebody else is making one of that name", c.Name)
	}

	if err != nil {
		return part.Made{}, err
	}

	_, err = c.active(ctx)

	return part.Made{Exists: true}, err
}

// changes are the updates that a cluster needs: EKS does one at a time.
func (c Cluster) changes(now Found) []*eks.UpdateClusterConfigInput {
	var all []*eks.UpdateClusterConfigInput

	if !same(now.PublicCIDRs, c.Settings.PublicCIDRs) {
		all = append(all, &eks.UpdateClusterConfigInput{ResourcesVpcConfig: c.endpoints()})
	}

	if !same(now.Logs, c.Settings.Logs) {
		all = append(all, &eks.UpdateClusterConfigInput{Logging: logging(now.Logs, c.Settings.Logs)})
	}

	if now.DeletionProtection != c.Settings.DeletionProtection {
		all = append(all, &eks.UpdateClusterConfigInput{DeletionProtection: aws.Bool(c.Settings.DeletionProtection)})
	}

	if now.Support != c.Settings.Support {
		all = append(all, &eks.UpdateClusterConfigInput{UpgradePolicy: &types.UpgradePolicyRequest{SupportType: types.SupportType(c.Settings.Support)}})
	}

	return all
}

func (c Cluster) update(ctx context.Context, client *eks.Client, in *eks.UpdateClusterConfigInput) error {
	in.Name = aws.String(c.Name)

	return c.updated(ctx, client, "update "+c.What(), func() (*types.Update, error) {
		answer, err := client.UpdateClusterConfig(ctx, in)
		if err != nil {
			return nil, err
		}

		return answer.Update, nil
	})
}

// upgrade goes one minor version up, which takes EKS a while.
func (c Cluster) upgrade(ctx context.Context, client *eks.Client, now Found) error {
	if c.Settings.Version == "" || now.Version == c.Settings.Version {
		return nil
	}

	return c.updated(ctx, client, fmt.Sprintf("upgrade %s from %s to %s", c.What(), now.Version, c.Settings.Version), func() (*types.Update, error) {
		answer, err := client.UpdateClusterVersion(ctx, &eks.UpdateClusterVersionInput{Name: aws.String(c.Name), Version: aws.String(c.Settings.Version)})
		if err != nil {
			return nil, err
		}

		return answer.Update, nil
	})
}

// updated makes an update, and waits until none is under way.
func (c Cluster) updated(ctx context.Context, client *eks.Client, what string, begin func() (*types.Update, error)) error {
	if err := update(ctx, client, what, eks.DescribeUpdateInput{Name: aws.String(c.Name)}, c.settle, begin); err != nil {
		return err
	}

	return c.settle(ctx)
}

// settle waits until no update is under way.
func (c Cluster) settle(ctx context.Context) error {
	_, err := c.active(ctx)

	return err
}

// logging turns on what is wanted, and off what else is on.
func logging(now, wanted []string) *types.Logging {
	var setups []types.LogSetup

	for _, on := range []bool{true, false} {
		setup := types.LogSetup{Enabled: aws.Bool(on)}

		for _, kind := range append(slices.Clone(wanted), now...) {
			if slices.Contains(wanted, kind) == on && !slices.Contains(setup.Types, types.LogType(kind)) {
				setup.Types = append(setup.Types, types.LogType(kind))
			}
		}

		if len(setup.Types) > 0 {
			setups = append(setups, setup)
		}
	}

	return &types.Logging{ClusterLogging: setups}
}

// Mark records the incarnation of a cluster in its tags, so that it can be told from another of the name without asking it.
func Mark(ctx context.Context, s *session.Session, found Found, incarnation string) error {
	client, err := s.EKS(ctx)
	if err != nil {
		return err
	}

	_, err = client.TagResource(ctx, &eks.TagResourceInput{ResourceArn: aws.String(found.ARN), Tags: map[string]string{session.TagIncarnation: incarnation}})

	return session.Worded(err, "tag cluster %q", found.ARN)
}
