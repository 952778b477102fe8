package eks

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Entry lets somebody into a cluster as its administrator.
type Entry struct {
	Session *session.Session
	Cluster string
	// Principal is the ARN of a user or a role.
	Principal string
}

var _ part.Part = Entry{}

// What names the entry.
func (e Entry) What() string {
	return fmt.Sprintf("access entry of %s to cluster %q", e.Principal, e.Cluster)
}

// administrator is the access policy of those who may do everything in a cluster.
func (e Entry) administrator() string {
	partition := "aws"
	if fields := strings.SplitN(e.Principal, ":", 3); len(fields) == 3 {
		partition = fields[1]
	}

	return naming.ARN(partition, "eks", "", "aws", "cluster-access-policy/AmazonEKSClusterAdminPolicy")
}

// Principal is the ARN that an access entry for a caller needs: a session of a role counts as the role, whose path only IAM
// knows. It is empty for a caller that there can be no entry for, such as the account's root.
func Principal(ctx context.Context, s *session.Session, caller string) (string, error) {
	fields := strings.SplitN(caller, ":", 6)
	if len(fields) < 6 {
		return "", nil
	}

	kind, rest, _ := strings.Cut(fields[5], "/")

	switch kind {
	case "user", "role":
		return caller, nil
	case "assumed-role":
	default:
		return "", nil
	}

	name, _, _ := strings.Cut(rest, "/")

	client, err := s.IAM(ctx)
	if err != nil {
		return "", err
	}

	answer, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})

	switch {
	case err == nil:
		return aws.ToString(answer.Role.Arn), nil
	case session.IsDenied(err), session.Is(err, "NoSuchEntity"): // most roles have no path
		return naming.ARN(fields[1], "iam", "", fields[4], "role/"+name), nil
	default:
		return "", session.Worded(err, "read role %q", name)
	}
}

// Ensure makes the entry, and gives it its policy.
func (e Entry) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := e.Session.EKS(ctx)
	if err != nil {
		return part.Made{}, err
	}

	err = settled(ctx, func() error {
		_, err := client.CreateAccessEntry(ctx, &eks.CreateAccessEntryInput{
			ClusterName: aws.String(e.Cluster), PrincipalArn: aws.String(e.Principal), Tags: e.Session.Tags(claim.Marks()),
		})

		return err
	})
	if err != nil && !session.Is(err, inUse) { // an entry that is there lets in all the same, whosever it is
		return part.Made{}, session.Worded(err, "make the %s", e.What())
	}

	_, err = client.AssociateAccessPolicy(ctx, &eks.AssociateAccessPolicyInput{
		ClusterName: aws.String(e.Cluster), PrincipalArn: aws.String(e.Principal), PolicyArn: aws.String(e.administrator()),
		AccessScope: &types.AccessScope{Type: types.AccessScopeTypeCluster},
	})

	return part.Made{Exists: true}, session.Worded(err, "make the %s that of an administrator", e.What())
}

// Entries are the principals that have an entry.
func Entries(ctx context.Context, s *session.Session, cluster string) ([]string, error) {
	client, err := s.EKS(ctx)
	if err != nil {
		return nil, err
	}

	var all []string

	pages := eks.NewListAccessEntriesPaginator(client, &eks.ListAccessEntriesInput{ClusterName: aws.String(cluster)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Worded(err, "list the access entries of cluster %q", cluster)
		}

		all = append(all, page.AccessEntries...)
	}

	return all, nil
}

// Observe looks whether the entry is there, in a single call where nothing is said of tags.
func (e Entry) Observe(ctx context.Context, _ part.Claim) (part.Seen, error) {
	all, err := Entries(ctx, e.Session, e.Cluster)
	if err != nil {
		return part.Seen{}, err
	}

	if !slices.Contains(all, e.Principal) {
		return part.Seen{}, fmt.Errorf("%s %w", e.What(), backend.ErrNotFound)
	}

	return part.Seen{}, nil
}

// Remove deletes the entry, if it is the claimant's.
func (e Entry) Remove(ctx context.Context, claim part.Claim) error {
	client, err := e.Session.EKS(ctx)
	if err != nil {
		return err
	}

	answer, err := client.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: aws.String(e.Cluster), PrincipalArn: aws.String(e.Principal)})

	switch {
	case session.Is(err, gone):
		return nil
	case err != nil:
		return session.Worded(err, "read the %s", e.What())
	case !claim.Owns(answer.AccessEntry.Tags):
		return nil
	}

	_, err = client.DeleteAccessEntry(ctx, &eks.DeleteAccessEntryInput{ClusterName: aws.String(e.Cluster), PrincipalArn: aws.String(e.Principal)})

	return session.Worded(session.Except(err, gone), "delete the %s", e.What())
}
