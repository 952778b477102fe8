package aws_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestHold_ShowsStatesOfDatabases(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Hold(aws.DBInstances, 1)

	client, name, ctx := rds.NewFromConfig(once(d)), sdk.String("db"), t.Context()
	states := func() (all []string) {
		for range 2 {
			out, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: name})
			if err != nil {
				all = append(all, codeOf(err))

				continue
			}

			all = append(all, *out.DBInstances[0].DBInstanceStatus)

			if address := out.DBInstances[0].Endpoint; (address == nil) != (all[len(all)-1] == "creating") {
				t.Errorf("address is %v while %s", address, all[len(all)-1])
			}
		}

		return all
	}

	made := must[*rds.CreateDBInstanceOutput](t)(client.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: name, DBInstanceClass: sdk.String("db.t4g.micro"), Engine: sdk.String("mysql"), AllocatedStorage: sdk.Int32(20),
		MasterUsername: sdk.String("admin"), MasterUserPassword: sdk.String("not-secret-1"),
	}))
	if *made.DBInstance.DBInstanceStatus != "creating" {
		t.Errorf("made one that is %s", *made.DBInstance.DBInstanceStatus)
	}

	if got := states(); !slices.Equal(got, []string{"creating", "available"}) {
		t.Errorf("states are %v", got)
	}

	must[*rds.ModifyDBInstanceOutput](t)(client.ModifyDBInstance(ctx, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: name, AllocatedStorage: sdk.Int32(30)}))

	if got := states(); !slices.Equal(got, []string{"modifying", "available"}) {
		t.Errorf("states are %v", got)
	}

	deletion := &rds.DeleteDBInstanceInput{DBInstanceIdentifier: name, SkipFinalSnapshot: sdk.Bool(true)}
	must[*rds.DeleteDBInstanceOutput](t)(client.DeleteDBInstance(ctx, deletion))
	_, err := client.DeleteDBInstance(ctx, deletion)
	wantCode(t, err, "InvalidDBInstanceState")

	if got := states(); !slices.Equal(got, []string{"deleting", "DBInstanceNotFound"}) {
		t.Errorf("states are %v", got)
	}
}

func TestHold_ShowsStatesOfNATGateways(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Hold(aws.NATGateways, 1)

	client, ctx := ec2.NewFromConfig(once(d)), t.Context()
	ids := subnets(t, d.Config(aws.Region))
	address := must[*ec2.AllocateAddressOutput](t)(client.AllocateAddress(ctx, &ec2.AllocateAddressInput{}))
	made := must[*ec2.CreateNatGatewayOutput](t)(client.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: &ids[0], AllocationId: address.AllocationId}))

	states := []string{string(made.NatGateway.State)}
	look := func() {
		out := must[*ec2.DescribeNatGatewaysOutput](t)(client.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*made.NatGateway.NatGatewayId}}))
		states = append(states, string(out.NatGateways[0].State))
	}

	look()
	look()
	must[*ec2.DeleteNatGatewayOutput](t)(client.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: made.NatGateway.NatGatewayId}))
	look()
	look()

	if want := []string{"pending", "pending", "available", "deleting", "deleted"}; !slices.Equal(states, want) {
		t.Errorf("states are %v, want %v", states, want)
	}
}
