package eks

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Association says as whom the pods of a service account act in AWS. The cluster needs the add-on eks-pod-identity-agent.
type Association struct {
	Session                            *session.Session
	Cluster, Namespace, ServiceAccount string
	// RoleARN is the role that they act as.
	RoleARN string
}

var _ part.Part = Association{}

// What names the association.
func (a Association) What() string {
	return fmt.Sprintf("pod identity association of service account %s/%s in cluster %q", a.Namespace, a.ServiceAccount, a.Cluster)
}

func (a Association) object() part.Object[*eks.Client, *types.PodIdentityAssociation] {
	return part.Object[*eks.Client, *types.PodIdentityAssociation]{
		What: a.What(), Session: a.Session, Open: a.Session.EKS,
		Get: part.Tagged(a.find, func(now *types.PodIdentityAssociation) map[string]string { return now.Tags }),
	}
}

func (a Association) find(ctx context.Context, client *eks.Client) (*types.PodIdentityAssociation, error) {
	list, err := client.ListPodIdentityAssociations(ctx, &eks.ListPodIdentityAssociationsInput{
		ClusterName: aws.String(a.Cluster), Namespace: aws.String(a.Namespace), ServiceAccount: aws.String(a.ServiceAccount),
	})

	switch {
	case session.Is(err, gone) || err == nil && len(list.Associations) == 0: // the cluster itself may be gone
		return nil, fmt.Errorf("%s %w", a.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "look for the %s", a.What())
	}

	answer, err := client.DescribePodIdentityAssociation(ctx, &eks.DescribePodIdentityAssociationInput{
		ClusterName: aws.String(a.Cluster), AssociationId: list.Associations[0].AssociationId,
	})

	switch {
	case session.Is(err, gone):
		return nil, fmt.Errorf("%s %w", a.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read the %s", a.What())
	default:
		return answer.Association, nil
	}
}

// Ensure makes the association, or brings it to what is wanted.
func (a Association) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := a.Session.EKS(ctx)
	if err != nil {
		return part.Made{}, err
	}

	err = settled(ctx, func() error {
		_, err := client.CreatePodIdentityAssociation(ctx, &eks.CreatePodIdentityAssociationInput{
			ClusterName: aws.String(a.Cluster), Namespace: aws.String(a.Namespace), ServiceAccount: aws.String(a.ServiceAccount),
			RoleArn: aws.String(a.RoleARN), Tags: a.Session.Tags(claim.Marks()),
		})

		return err
	})
	if err == nil {
		return part.Made{Exists: true}, nil
	}

	if !session.Is(err, inUse) {
		return part.Made{}, session.Worded(err, "make the %s", a.What())
	}

	now, _, err := a.object().Held(ctx, client, claim)
	if err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	if err := retag(ctx, client, claim, a.What(), aws.ToString(now.AssociationArn), now.Tags, a.Session.Tags(claim.Marks())); err != nil {
		return made, err
	}

	if aws.ToString(now.RoleArn) == a.RoleARN {
		return made, nil
	}

	err = settled(ctx, func() error {
		_, err := client.UpdatePodIdentityAssociation(ctx, &eks.UpdatePodIdentityAssociationInput{
			ClusterName: aws.String(a.Cluster), AssociationId: now.AssociationId, RoleArn: aws.String(a.RoleARN),
		})

		return err
	})

	return made, session.Worded(err, "change the %s", a.What())
}

// Observe looks at the association; it has no facts.
func (a Association) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, now, err := a.object().Observe(ctx, claim)
	if err == nil && aws.ToString(now.RoleArn) != a.RoleARN {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s is with %s, should be with %s", a.What(), aws.ToString(now.RoleArn), a.RoleARN))
	}

	return seen, err
}

// Remove deletes the association.
func (a Association) Remove(ctx context.Context, claim part.Claim) error {
	return a.object().Remove(ctx, claim, a.delete)
}

func (a Association) delete(ctx context.Context, client *eks.Client, now *types.PodIdentityAssociation) error {
	_, err := client.DeletePodIdentityAssociation(ctx, &eks.DeletePodIdentityAssociationInput{
		ClusterName: aws.String(a.Cluster), AssociationId: now.AssociationId,
	})

	return session.Worded(session.Except(err, gone), "delete the %s", a.What())
}
