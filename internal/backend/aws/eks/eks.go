// Package eks is Amazon's Elastic Kubernetes Service: a cluster, its nodes and add-ons, who may get in, and as whom pods act
// in AWS.
package eks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Pace is how often something is looked at that takes minutes.
var Pace = 15 * time.Second

// The codes of EKS.
const (
	gone    = "ResourceNotFoundException"
	inUse   = "ResourceInUseException"
	invalid = "InvalidParameterException"
	refused = "InvalidRequestException"
)

// unseen are what EKS says of a role that it does not see yet, or whose policies it does not see yet.
var unseen = []string{
	"does not exist", "Error in role params", "could not be assumed", "Role could not be assumed", "trusted entity is not correct",
	"doesn't have the Amazon EKS Managed Policies", "IAM role's policy must include", "invalid principal",
}

// soon says that EKS does not see yet what IAM has just made.
func soon(err error) bool {
	return session.Is(err, invalid, refused) && slices.ContainsFunc(unseen, func(text string) bool { return session.Says(err, text) })
}

// settled repeats a call that names a new role.
func settled(ctx context.Context, call func() error) error { return session.Settled(ctx, soon, call) }

// done says that something is as it was asked to be: EKS refuses to change nothing.
func done(err error) bool {
	return session.Is(err, invalid, refused) && (session.Says(err, "already at the desired") || session.Says(err, "No changes needed"))
}

// issue is what EKS says of the health of something.
func issue(code, message string, resources []string) string {
	text := strings.TrimSuffix(fmt.Sprintf("%s: %s", code, strings.TrimSpace(message)), ": ")
	if len(resources) > 0 {
		text += " (" + strings.Join(resources, ", ") + ")"
	}

	return text
}

// said puts what EKS says of the health of something behind its state.
func said(status string, issues []string) string {
	if len(issues) == 0 {
		return "is " + status + ", and EKS does not say why"
	}

	return "is " + status + ": " + strings.Join(issues, "; ")
}

// retag brings the tags of something to what is wanted. Those that others have put there stay.
func retag(ctx context.Context, client *eks.Client, claim part.Claim, what, arn string, found, wanted map[string]string) error {
	return claim.Retag(what, found, wanted, func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &eks.TagResourceInput{ResourceArn: aws.String(arn), Tags: tags})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &eks.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: keys})

		return err
	})
}

// update begins an update and waits for its end. Where another one is under way, settle waits for that.
func update(
	ctx context.Context, client *eks.Client, what string, of eks.DescribeUpdateInput, settle func(context.Context) error, begin func() (*types.Update, error),
) error {
	var begun *types.Update

	err := session.Until(ctx, Pace, Pace, func() (bool, error) {
		var err error

		begun, err = begin()

		switch {
		case session.Is(err, inUse): // somebody's update is under way
			return false, settle(ctx)
		case done(err):
			return true, nil
		case err != nil:
			return false, session.Worded(err, "%s", what)
		default:
			return true, nil
		}
	})
	if err != nil || begun == nil {
		return err
	}

	of.UpdateId = begun.Id

	return session.Until(ctx, Pace, Pace, func() (bool, error) {
		answer, err := client.DescribeUpdate(ctx, &of)
		if err != nil {
			return false, session.Worded(err, "wait to %s", what)
		}

		switch answer.Update.Status {
		case types.UpdateStatusSuccessful:
			return true, nil
		case types.UpdateStatusFailed, types.UpdateStatusCancelled:
			var lines []string
			for _, one := range answer.Update.Errors {
				lines = append(lines, issue(string(one.ErrorCode), aws.ToString(one.ErrorMessage), one.ResourceIds))
			}

			return false, fmt.Errorf("%s: the update %s", what, said(string(answer.Update.Status), lines))
		default:
			return false, nil
		}
	})
}

// same compares lists whose order does not matter.
func same(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
