package network

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// podNetwork begins the descriptions of interfaces that the network plugin of EKS makes for pods.
const podNetwork = "aws-K8S-"

// leftovers are what is in a VPC that is none of the network's own.
func (w worker) leftovers(ctx context.Context, vpc string) ([]types.NetworkInterface, []types.SecurityGroup, error) {
	within := []types.Filter{filter("vpc-id", vpc)}

	var interfaces []types.NetworkInterface

	all := ec2.NewDescribeNetworkInterfacesPaginator(w.ec2, &ec2.DescribeNetworkInterfacesInput{Filters: within})
	for all.HasMorePages() {
		page, err := all.NextPage(ctx)
		if err != nil {
			return nil, nil, session.Worded(err, "look for network interfaces in VPC %q", vpc)
		}

		interfaces = append(interfaces, page.NetworkInterfaces...)
	}

	var groups []types.SecurityGroup

	pages := ec2.NewDescribeSecurityGroupsPaginator(w.ec2, &ec2.DescribeSecurityGroupsInput{Filters: within})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, session.Worded(err, "look for security groups in VPC %q", vpc)
		}

		for _, group := range page.SecurityGroups {
			if aws.ToString(group.GroupName) != "default" { // it goes with its VPC
				groups = append(groups, group)
			}
		}
	}

	return interfaces, groups, nil
}

// sweep deletes what Kubernetes has made for the cluster, and nobody uses any more: the cluster is gone when its network
// goes. What is still in use stays for the next time.
func (w worker) sweep(ctx context.Context, vpc string) error {
	interfaces, groups, err := w.leftovers(ctx, vpc)
	if err != nil {
		return err
	}

	for _, one := range interfaces {
		if one.Status != types.NetworkInterfaceStatusAvailable || !w.kubernetes(one.TagSet) && !strings.HasPrefix(aws.ToString(one.Description), podNetwork) {
			continue
		}

		_, err := w.ec2.DeleteNetworkInterface(ctx, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: one.NetworkInterfaceId})
		if err != nil && !soon(err) && !session.Is(err, "InvalidParameterValue", "OperationNotPermitted") { // somebody took it since
			return session.Worded(err, "delete network interface %q", aws.ToString(one.NetworkInterfaceId))
		}
	}

	for _, one := range groups {
		if !w.kubernetes(one.Tags) {
			continue
		}

		_, err := w.ec2.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: one.GroupId})
		if err != nil && !soon(err) && !session.Is(err, "DependencyViolation") {
			return session.Worded(err, "delete security group %q", aws.ToString(one.GroupId))
		}
	}

	return nil
}

// kubernetes says that something was made for the cluster by what runs in it, or by EKS.
func (w worker) kubernetes(tags []types.Tag) bool {
	all := tagMap(tags)

	return all["kubernetes.io/cluster/"+w.Name] == "owned" || all["cluster.k8s.amazonaws.com/name"] == w.Name || all["elbv2.k8s.aws/cluster"] == w.Name ||
		all["eks:eks-cluster-name"] == w.Name
}
