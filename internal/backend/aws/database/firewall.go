package database

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// firewall is the security group that says who may connect.
type firewall struct{ *Database }

// Access is who may connect, by rules that are ours.
type Access struct{ CIDRs, Groups []string }

// What names the group.
func (f firewall) What() string { return fmt.Sprintf("security group %q", f.beside()) }

// isFresh says that a group that was just made is not visible everywhere yet.
func isFresh(err error) bool {
	return session.Is(err, "InvalidGroup.NotFound", "InvalidGroupId.NotFound")
}

// Ensure makes the group, or brings it to what is wanted.
func (f firewall) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := f.Session.EC2(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if claim.Known {
		if made, err := f.change(ctx, client, claim); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	answer, err := client.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String(f.beside()), Description: aws.String("Who may connect to database " + f.Identifier), VpcId: aws.String(f.vpc),
		TagSpecifications: []types.TagSpecification{{
			ResourceType: types.ResourceTypeSecurityGroup, Tags: networkTags(f.Session.Tags(claim.Marks())),
		}},
	})

	switch {
	case session.Is(err, "InvalidGroup.Duplicate"):
		return f.change(ctx, client, claim)
	case err != nil:
		return part.Made{}, session.Worded(err, "create %s", f.What())
	}

	f.Found.GroupID = aws.ToString(answer.GroupId)

	return part.Made{Exists: true}, f.admit(ctx, client, f.wanted(f.Found.GroupID))
}

// get finds the group by its name. That names are given once in each VPC only makes several possible; the claimant's wins.
func (f firewall) get(ctx context.Context, client *ec2.Client, claim part.Claim) (*types.SecurityGroup, error) {
	filters := []types.Filter{{Name: aws.String("group-name"), Values: []string{f.beside()}}}
	if f.vpc != "" {
		filters = append(filters, types.Filter{Name: aws.String("vpc-id"), Values: []string{f.vpc}})
	}

	answer, err := client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: filters})
	if err != nil {
		return nil, session.Worded(err, "look for %s", f.What())
	}

	if len(answer.SecurityGroups) == 0 {
		return nil, fmt.Errorf("%s %w", f.What(), backend.ErrNotFound)
	}

	chosen := &answer.SecurityGroups[0]

	for i := range answer.SecurityGroups {
		tags := networkTagMap(answer.SecurityGroups[i].Tags)
		if _, marked := session.Owner(tags); marked && claim.Owns(tags) {
			chosen = &answer.SecurityGroups[i]
		}
	}

	return chosen, claim.Check(f.What(), networkTagMap(chosen.Tags))
}

func (f firewall) change(ctx context.Context, client *ec2.Client, claim part.Claim) (part.Made, error) {
	group, err := f.get(ctx, client, claim)
	if err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}
	f.Found.GroupID = aws.ToString(group.GroupId)

	if err := f.retag(ctx, client, group, claim); err != nil {
		return made, err
	}

	missing, stale, others := compared(f.wanted(f.Found.GroupID), flat(group.IpPermissions))
	f.Found.Others = said(others)

	if err := f.admit(ctx, client, missing); err != nil || len(stale) == 0 {
		return made, err
	}

	in := &ec2.RevokeSecurityGroupIngressInput{GroupId: group.GroupId}
	for _, one := range stale {
		in.IpPermissions = append(in.IpPermissions, one.raw)
	}

	_, err = client.RevokeSecurityGroupIngress(ctx, in)

	return made, session.Worded(session.Except(err, "InvalidPermission.NotFound"), "take rules out of %s", f.What())
}

// admit adds rules.
func (f firewall) admit(ctx context.Context, client *ec2.Client, rules []rule) error {
	if len(rules) == 0 {
		return nil
	}

	in := &ec2.AuthorizeSecurityGroupIngressInput{GroupId: aws.String(f.Found.GroupID)}
	for _, one := range rules {
		in.IpPermissions = append(in.IpPermissions, one.permission())
	}

	err := session.Settled(ctx, isFresh, func() error {
		_, err := client.AuthorizeSecurityGroupIngress(ctx, in)

		return err
	})

	return session.Worded(session.Except(err, "InvalidPermission.Duplicate"), "add rules to %s", f.What()) // it is there where an answer was lost
}

func (f firewall) retag(ctx context.Context, client *ec2.Client, group *types.SecurityGroup, claim part.Claim) error {
	resources := []string{f.Found.GroupID}

	return claim.Retag(f.What(), networkTagMap(group.Tags), f.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.CreateTags(ctx, &ec2.CreateTagsInput{Resources: resources, Tags: networkTags(tags)})

		return err
	}, func(keys []string) error {
		in := &ec2.DeleteTagsInput{Resources: resources}
		for _, key := range keys {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String(key)})
		}

		_, err := client.DeleteTags(ctx, in)

		return err
	})
}

// Observe looks at the group; the facts are an Access.
func (f firewall) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := f.Session.EC2(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	group, err := f.get(ctx, client, claim)
	if err != nil {
		return part.Seen{}, err
	}

	f.Found.GroupID = aws.ToString(group.GroupId)

	tags := networkTagMap(group.Tags)
	seen := part.Seen{Tags: tags, Drift: part.Lines(f.What(), session.Differences(tags, f.Session.Tags(claim.Owner)))}
	missing, stale, others := compared(f.wanted(f.Found.GroupID), flat(group.IpPermissions))
	f.Found.Others = said(others)

	if len(f.Found.Guards) > 0 && !slices.Contains(f.Found.Guards, f.Found.GroupID) {
		seen.Drift = append(seen.Drift, f.What()+" does not guard "+f.Database.What())
	}

	access := Access{CIDRs: slices.Clone(f.Settings.CIDRs), Groups: slices.Clone(f.Settings.Groups)}

	for _, one := range missing {
		if one.group == f.Found.GroupID {
			seen.Drift = append(seen.Drift, f.What()+" does not let its own members in")
		}

		access.CIDRs = slices.DeleteFunc(access.CIDRs, func(cidr string) bool { return cidr == one.cidr })
		access.Groups = slices.DeleteFunc(access.Groups, func(id string) bool { return id == one.group })
	}

	for _, one := range stale {
		switch {
		case one.group == f.Found.GroupID:
		case one.group != "":
			access.Groups = append(access.Groups, one.group)
		default:
			access.CIDRs = append(access.CIDRs, one.cidr)
		}
	}

	access.CIDRs, access.Groups = kept(f.Settings.CIDRs, access.CIDRs), kept(f.Settings.Groups, access.Groups)
	seen.Facts = access

	return seen, nil
}

// Remove deletes the group. The network interface of the instance outlives it for a while.
func (f firewall) Remove(ctx context.Context, claim part.Claim) error {
	client, err := f.Session.EC2(ctx)
	if err != nil {
		return err
	}

	group, err := f.get(ctx, client, claim)

	switch {
	case part.Kept(err):
		return nil
	case err != nil:
		return err
	}

	err = session.Settled(ctx, func(err error) bool { return session.Is(err, "DependencyViolation") }, func() error {
		_, err := client.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: group.GroupId})

		return err
	})
	if isFresh(err) {
		return nil
	}

	return session.Worded(err, "delete %s", f.What())
}

func said(rules []found) []string {
	var all []string

	for _, one := range rules {
		line := one.said()
		if one.about != "" {
			line += " (" + one.about + ")"
		}

		all = append(all, line)
	}

	slices.Sort(all)

	return all
}

func networkTags(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func networkTagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}
