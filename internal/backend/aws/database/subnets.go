package database

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// subnets is the group of subnets that the instance may be in. It tells the VPC, too.
type subnets struct{ *Database }

var noSubnetGroup = []string{"DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound"}

// What names the group.
func (s subnets) What() string { return fmt.Sprintf("subnet group %q", s.beside()) }

func (s subnets) object() part.Object[*rds.Client, *types.DBSubnetGroup] {
	return part.Object[*rds.Client, *types.DBSubnetGroup]{What: s.What(), Session: s.Session, Open: s.Session.RDS, Get: s.get}
}

// Ensure makes the group, or brings it to what is wanted.
func (s subnets) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return s.object().Ensure(ctx, claim, s.create, s.change)
}

func (s subnets) create(ctx context.Context, client *rds.Client, claim part.Claim) (bool, error) {
	answer, err := client.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String(s.beside()), DBSubnetGroupDescription: aws.String("Where " + s.Database.What() + " may be"),
		SubnetIds: s.Settings.SubnetIDs, Tags: tagList(s.Session.Tags(claim.Marks())),
	})

	switch {
	case session.Is(err, "DBSubnetGroupAlreadyExists", "DBSubnetGroupAlreadyExistsFault"):
		return false, nil
	case err != nil:
		return false, s.refused(err, "create %s", s.What())
	}

	s.vpc = aws.ToString(answer.DBSubnetGroup.VpcId)

	return true, nil
}

// refused words what AWS says of subnets.
func (s subnets) refused(err error, format string, args ...any) error {
	worded := session.Worded(err, format, args...)

	switch {
	case session.Is(err, "DBSubnetGroupDoesNotCoverEnoughAZs"):
		return &RefusedError{Attribute: "subnet_ids", Err: worded, Fix: "Name subnets in two zones of the region at least: RDS asks for them even without multi_az."}
	case session.Is(err, "InvalidSubnet"):
		return &RefusedError{Attribute: "subnet_ids", Err: worded, Fix: "Name subnets of one VPC in the component's region."}
	case session.Is(err, "SubnetAlreadyInUse"):
		return &RefusedError{Attribute: "subnet_ids", Err: worded, Fix: "Keep the subnet that the instance is in."}
	case session.Says(err, "same Vpc"), session.Says(err, "same VPC"):
		return &RefusedError{
			Attribute: "subnet_ids", Err: worded,
			Fix: "A database does not move to another VPC. Make another one there and restore a snapshot, or replace this one with terraform apply -replace.",
		}
	default:
		return worded
	}
}

func (s subnets) get(ctx context.Context, client *rds.Client) (*types.DBSubnetGroup, map[string]string, error) {
	answer, err := client.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: aws.String(s.beside())})

	switch {
	case session.Is(err, noSubnetGroup...):
		return nil, nil, fmt.Errorf("%s %w: %w", s.What(), backend.ErrNotFound, session.Worded(err, "read %s", s.What()))
	case err != nil:
		return nil, nil, session.Worded(err, "read %s", s.What())
	case len(answer.DBSubnetGroups) != 1:
		return nil, nil, fmt.Errorf("read %s: AWS told of %d", s.What(), len(answer.DBSubnetGroups))
	}

	group := &answer.DBSubnetGroups[0]
	s.vpc = aws.ToString(group.VpcId)

	tags, err := client.ListTagsForResource(ctx, &rds.ListTagsForResourceInput{ResourceName: group.DBSubnetGroupArn})
	if err != nil {
		return nil, nil, session.Worded(err, "read the tags of %s", s.What())
	}

	return group, tagMap(tags.TagList), nil
}

func (s subnets) change(ctx context.Context, client *rds.Client, claim part.Claim, group *types.DBSubnetGroup, tags map[string]string) error {
	err := s.retag(ctx, client, claim, s.What(), group.DBSubnetGroupArn, tags)
	if err != nil || same(subnetIDs(group), s.Settings.SubnetIDs) {
		return err
	}

	_, err = client.ModifyDBSubnetGroup(ctx, &rds.ModifyDBSubnetGroupInput{DBSubnetGroupName: aws.String(s.beside()), SubnetIds: s.Settings.SubnetIDs})

	return s.refused(err, "change the subnets of %s", s.What())
}

// Observe looks at the group. Which subnets are in it, the instance tells.
func (s subnets) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, _, err := s.object().Observe(ctx, claim)
	seen.Drift = part.Lines(s.What(), seen.Drift)

	return seen, err
}

// Remove deletes the group.
func (s subnets) Remove(ctx context.Context, claim part.Claim) error {
	return s.object().Remove(ctx, claim, s.delete)
}

// delete waits for the instance: that is gone for some seconds before its subnets know.
func (s subnets) delete(ctx context.Context, client *rds.Client, _ *types.DBSubnetGroup) error {
	err := session.Settled(ctx, func(err error) bool { return session.Is(err, "InvalidDBSubnetGroupStateFault") }, func() error {
		_, err := client.DeleteDBSubnetGroup(ctx, &rds.DeleteDBSubnetGroupInput{DBSubnetGroupName: aws.String(s.beside())})

		return err
	})

	return session.Worded(session.Except(err, noSubnetGroup...), "delete %s", s.What())
}

func subnetIDs(group *types.DBSubnetGroup) []string {
	var ids []string
	for _, subnet := range group.Subnets {
		ids = append(ids, aws.ToString(subnet.SubnetIdentifier))
	}

	return ids
}

// kept is what was found in the order in which it is wanted, where only the order differs.
func kept(wanted, found []string) []string {
	if wanted != nil && same(wanted, found) {
		return wanted
	}

	return sorted(found)
}
