package policy

import "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"

const (
	// SkyPilotRole is the name that SkyPilot expects of the role of its instances, and of their instance profile.
	SkyPilotRole = "skypilot-v1"
	// skyPilotTag is a tag that SkyPilot gives to every instance when it starts it, and by which it finds them.
	skyPilotTag = "aws:ResourceTag/ray-cluster-name"
)

// SkyPilot is what SkyPilot may do.
type SkyPilot struct {
	// Regions are those it may start instances in; all when empty.
	Regions []string
	// Ports lets it open ports, for which it makes security groups of its own and removes them.
	Ports bool
	// Bucket is the one that instances read and write.
	Bucket Bucket
}

// SkyPilotAWS is for whoever launches with SkyPilot, and for the role of its instances, which launch others. It is what SkyPilot
// documents as its least, and narrower: only SkyPilot's own instances can be stopped, terminated or retagged. It may not make
// the role skypilot-v1 itself, since SkyPilot would attach policies with full access to it.
func SkyPilotAWS(place Place, sky SkyPilot) Document {
	regions := sky.Regions
	if len(regions) == 0 {
		regions = []string{"*"}
	}

	in := func(kinds ...string) []string { return compute(place, regions, kinds...) }
	role := place.identity("role/" + SkyPilotRole)

	statements := []Statement{
		permit("Images", of("ec2", "RunInstances"), images(place, regions)...),
		permit("Run", of("ec2", "RunInstances"), in("instance", "network-interface", "subnet", "volume", "security-group")...),
		permit("Tags", of("ec2", "CreateTags"), in("instance")...).when("StringEquals", "ec2:CreateAction", "RunInstances"),
		permit("Instances", of("ec2", "TerminateInstances", "StartInstances", "StopInstances", "CreateTags", "DeleteTags"), in("instance")...).
			when("Null", skyPilotTag, "false"),
		permit("Look", of("ec2", "Describe*"), "*"),
		permit("SecurityGroups", of("ec2", "CreateSecurityGroup"), in("security-group", "vpc")...),
		permit("SecurityGroupRules", of("ec2", "AuthorizeSecurityGroupIngress"), in("security-group")...),
		serviceLinkedRole(place, "spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
		permit("Role", of("iam", "GetRole"), role),
		passRole("PassRole", place, role, "ec2.amazonaws.com"),
		permit("InstanceProfile", of("iam", "GetInstanceProfile"), place.identity("instance-profile/"+SkyPilotRole)),
	}

	if sky.Ports {
		statements = append(statements,
			permit("PortGroups", of("ec2", "DeleteSecurityGroup", "ModifyInstanceAttribute"), in("security-group")...),
			permit("PortInstances", of("ec2", "ModifyInstanceAttribute"), in("instance")...).when("Null", skyPilotTag, "false"))
	}

	return Join(document(statements...), ArtifactClient(place, sky.Bucket))
}

// compute are all things of some kinds in EC2, in the account and some regions.
func compute(place Place, regions []string, kinds ...string) []string {
	var arns []string

	for _, region := range regions {
		for _, kind := range kinds {
			arns = append(arns, naming.ARN(place.Partition, "ec2", region, place.Account, kind+"/*"))
		}
	}

	return arns
}

// images are machine images of anybody: those that SkyPilot starts are the distributions'.
func images(place Place, regions []string) []string {
	var arns []string
	for _, region := range regions {
		arns = append(arns, naming.ARN(place.Partition, "ec2", region, "", "image/ami-*"))
	}

	return arns
}
