package cluster

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// EKSPatience is how long the API of a new cluster may take to let us in: its name has to get around, and so has the entry.
var EKSPatience = 3 * time.Minute

// incarnation tells this making of the cluster from another of the name: its tags do once they were written, otherwise the
// cluster itself.
func (w *eksWork) incarnation(ctx context.Context) (string, error) {
	if known := w.found.Tags[session.TagIncarnation]; known != "" {
		return known, nil
	}

	config, err := cluster.EKS(ctx, w.site.Session, w.name, w.found)
	if err != nil {
		return "", err
	}

	opened, err := kube.New(config)
	if err != nil {
		return "", err
	}

	return opened.Incarnation(ctx)
}

// identify is incarnation for a cluster that was just made, and writes it into its tags.
func (w *eksWork) identify(ctx context.Context) (string, error) {
	var (
		deadline    = time.Now().Add(EKSPatience)
		incarnation string
		last        error
	)

	err := session.Until(ctx, time.Second, eks.Pace, func() (bool, error) {
		incarnation, last = w.incarnation(ctx)

		return last == nil || time.Now().After(deadline), nil
	})
	if err = cmp.Or(last, err); err != nil || w.found.Tags[session.TagIncarnation] != "" {
		return incarnation, err
	}

	return incarnation, eks.Mark(ctx, w.site.Session, w.found, incarnation)
}

// outputs are what others need to know.
func (w *eksWork) outputs() map[string]string {
	issuer := w.issuer()
	outputs := map[string]string{
		"region": w.site.Region, "account": w.account, "arn": w.found.ARN, "host": w.found.Endpoint, "vpc_id": w.found.VPC,
		"subnet_ids": strings.Join(w.found.Subnets, ","), "security_group_id": w.found.SecurityGroup, "cluster_role_arn": w.found.RoleARN,
		"node_role_arn": "", "oidc_issuer": issuer.URL, "oidc_provider_arn": issuer.ARN(),
	}

	if w.site.Input.Managed {
		outputs["node_role_arn"] = w.roleARN(w.roleName("eks-nodes"))
	}

	if w.found.ARN == "" { // it is gone, and what it was known by is still needed
		for _, name := range []string{"arn", "vpc_id"} {
			outputs[name] = w.site.Input.Outputs[name]
		}
	}

	return outputs
}
