package clustered

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// flavorS3 is the flavor of buckets that pods of a cluster in EKS get at without keys.
const flavorS3 = "s3"

// Identity is what the pods of one service account of a component are in AWS: a role that may work with one bucket, and the
// association by which EKS hands it to them. A nil one is that of nobody: there is nothing to be done.
type Identity struct {
	// Flavor is the component's.
	Flavor string
	// Namespace and Account are the service account's.
	Namespace, Account string
	// Own says that the account is made and removed with the identity.
	Own bool
	// Bucket is the one that the pods work with, or a part of it.
	Bucket policy.Bucket
}

// BucketOf is the bucket that a component is, below a prefix; ok is false for what is none of S3's.
func BucketOf(c *Component, prefix string) (bucket policy.Bucket, ok bool) {
	if c == nil || c.Flavor != flavorS3 {
		return policy.Bucket{}, false
	}

	return policy.Bucket{Name: c.Outputs["bucket"], Prefix: prefix, Key: c.Outputs["kms_key"]}, true
}

// CheckPods refuses at plan a bucket of S3 where pods would have no identity to use it by. What is not known yet is judged at
// apply.
func CheckPods(attribute string) func(flavor.Subject) []flavor.Problem {
	return func(s flavor.Subject) []flavor.Problem {
		given, ok := s.Values[attribute].(map[string]any)
		kind := s.Reference("type")

		if !ok || given["flavor"] != flavorS3 || kind == nil || zenml.IsUnknown(kind) || kind == cluster.TypeEKS {
			return nil
		}

		return []flavor.Problem{{
			Path: []string{attribute}, Summary: "Component that cannot serve",
			Detail: fmt.Sprintf("%s: artifact_store %q is a bucket in S3, and pods of a cluster of the type %v have no identity in AWS to use it by: those of a "+
				"cluster in EKS have.\n\nUse a cluster of the flavor eks, or an artifact_store of the flavor minio.", attribute, given["name"], kind),
		}}
	}
}

// parts are the role and the association, in the order in which they are made.
func (i *Identity) parts(ctx context.Context, in flavor.Input) ([]part.Part, part.Claim, error) {
	if in.Cluster == nil || in.Cluster.Reference["type"] != cluster.TypeEKS {
		return nil, part.Claim{}, fmt.Errorf("give pods an identity in AWS: %s/%s is in no cluster of EKS", i.Namespace, i.Account)
	}

	reference := in.Cluster.Reference

	site, err := amazon.Enter(ctx, in, i.Flavor, reference["region"])
	if err != nil {
		return nil, part.Claim{}, err
	}

	place, err := site.Place(ctx)
	if err != nil {
		return nil, part.Claim{}, err
	}

	// They are found by their names, in which the cluster is.
	claim := site.Claim
	claim.Incarnation, claim.Former = "", in.FormerLabels

	name := naming.Derived(naming.ForRole, i.Account, site.Region, reference["name"], i.Namespace)
	pods := role.Role{
		Session: site.Session, Name: name, Trust: policy.TrustPodIdentity(),
		Inline:      map[string]policy.Document{"artifacts": policy.PodStore(place, i.Bucket)},
		Description: fmt.Sprintf("Pods of %s/%s in the EKS cluster %s", i.Namespace, i.Account, reference["name"]),
	}

	return []part.Part{pods, eks.Association{
		Session: site.Session, Cluster: reference["name"], Namespace: i.Namespace, ServiceAccount: i.Account, RoleARN: place.RoleARN("", name),
	}}, claim, nil
}

// account is the service account itself.
func (i *Identity) account() []*unstructured.Unstructured {
	return Account{Name: i.Account, Tokenless: true}.Objects(i.Namespace)
}

// Ensure makes the identity, or brings it to what is wanted. Pods that start from then on have it.
func (i *Identity) Ensure(ctx context.Context, site Site) error {
	if i == nil {
		return nil
	}

	if i.Own {
		if err := site.Repair(ctx, site.Owner, i.account()); err != nil {
			return err
		}
	}

	all, claim, err := i.parts(ctx, site.Input)
	if err != nil {
		return err
	}

	for _, one := range all {
		if _, err := one.Ensure(ctx, claim); err != nil {
			return amazon.Worded(OfAnother(err))
		}
	}

	return nil
}

// Drift says, a line each, what of the identity is missing or otherwise than it should be.
func (i *Identity) Drift(ctx context.Context, site Site) ([]string, error) {
	if i == nil {
		return nil, nil
	}

	var lines []string

	if i.Own {
		var err error
		if lines, err = site.Drift(ctx, site.Owner, i.account()); err != nil {
			return nil, err
		}
	}

	all, claim, err := i.parts(ctx, site.Input)
	if err != nil {
		return nil, err
	}

	for _, one := range all {
		seen, err := one.Observe(ctx, claim)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			lines = append(lines, one.What()+" does not exist")
		case errors.Is(err, backend.ErrForeign):
			lines = append(lines, err.Error())
		case err != nil:
			return nil, err
		default:
			lines = append(lines, seen.Drift...)
		}
	}

	return lines, nil
}

// Remove removes the identity. gone says that the cluster is, and what was in it; the role is not.
func (i *Identity) Remove(ctx context.Context, site Site, gone bool) error {
	if i == nil {
		return nil
	}

	all, claim, err := i.parts(ctx, site.Input)
	if err != nil {
		return err
	}

	for _, one := range slices.Backward(all) {
		if err := one.Remove(ctx, claim); err != nil {
			return amazon.Worded(OfAnother(err))
		}
	}

	if gone || !i.Own {
		return nil
	}

	return site.Delete(ctx, site.Owner, i.account())
}

// identities are what the component's pods are in AWS.
func (d Objects[C]) identities(site Site, cfg C) []*Identity {
	if d.Identities == nil {
		return nil
	}

	return d.Identities(site, cfg)
}

// identify gives pods what they are to be in AWS, and takes from them what they are to be no longer. old is nil for a new
// component.
func (d Objects[C]) identify(ctx context.Context, site Site, old *C, cfg C) error {
	wanted := d.identities(site, cfg)

	if old != nil {
		for _, former := range d.identities(site, *old) {
			if slices.ContainsFunc(wanted, func(i *Identity) bool { return i.Account == former.Account && i.Namespace == former.Namespace }) {
				continue
			}

			if err := former.Remove(ctx, site, false); err != nil {
				return err
			}
		}
	}

	for _, identity := range wanted {
		if err := identity.Ensure(ctx, site); err != nil {
			return err
		}
	}

	return nil
}

// StoreAttribute refers to the bucket that pods started by a component work with.
func StoreAttribute() schema.SingleNestedAttribute {
	return ComponentAttribute("Bucket that the pods of steps work with, in a cluster of the flavor `eks`: an `mlstacks_artifact_store` of the flavor `s3`, whole. They get a " +
		"role of their own in AWS, and need no keys. Changed in place. Null: they get at it in a way of ZenML's.")
}

// StoreServes is a check of what StoreAttribute refers to.
var StoreServes = Wanted{
	Attribute: "artifact_store", Kind: "artifact_store", Flavors: []string{flavorS3},
	Reasons: map[string]string{"": "steps get its credentials from ZenML, and need no role in AWS"},
}

// identities are those of the accounts whose pods work with the store.
func (l Launch) identities(site Site) []*Identity {
	bucket, ok := BucketOf(l.Store, "")
	if !ok {
		return nil
	}

	var all []*Identity

	for _, account := range l.Accounts {
		if account.Stored {
			all = append(all, &Identity{Flavor: site.Owner.Flavor, Namespace: site.Namespace, Account: account.Name, Bucket: bucket})
		}
	}

	return all
}
