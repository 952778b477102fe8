package aws_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestLogs_GiveAndTakeKeysOfGroups(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx, name := cloudwatchlogs.NewFromConfig(once(d)), t.Context(), sdk.String("/mlstacks/main")
	associate := func(in *cloudwatchlogs.AssociateKmsKeyInput) error {
		_, err := client.AssociateKmsKey(ctx, in)

		return err
	}
	shows := func(want string) {
		t.Helper()

		got := must[*cloudwatchlogs.DescribeLogGroupsOutput](t)(client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name}))
		if len(got.LogGroups) != 1 || sdk.ToString(got.LogGroups[0].KmsKeyId) != want {
			t.Errorf("groups are %+v, want one with the key %q", got.LogGroups, want)
		}
	}

	wantCode(t, associate(&cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: name, KmsKeyId: sdk.String("one")}), "ResourceNotFoundException")

	made := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, KmsKeyId: sdk.String("first")}
	must[*cloudwatchlogs.CreateLogGroupOutput](t)(client.CreateLogGroup(ctx, made))
	shows("first")

	wantCode(t, associate(&cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: name, KmsKeyId: sdk.String("second")}), "")
	shows("second")

	must[*cloudwatchlogs.DisassociateKmsKeyOutput](t)(client.DisassociateKmsKey(ctx, &cloudwatchlogs.DisassociateKmsKeyInput{LogGroupName: name}))
	shows("")

	arn := sdk.String("arn:aws:logs:" + aws.Region + ":" + d.Account + ":log-group:" + *name)
	wantCode(t, associate(&cloudwatchlogs.AssociateKmsKeyInput{ResourceIdentifier: arn, KmsKeyId: sdk.String("third")}), "")
	shows("third")

	must[*cloudwatchlogs.DeleteLogGroupOutput](t)(client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name}))
	must[*cloudwatchlogs.CreateLogGroupOutput](t)(client.CreateLogGroup(ctx, made))
	shows("first")
}
