package eks

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Issuer makes IAM trust the tokens of a cluster's service accounts (IRSA).
type Issuer struct {
	Session *session.Session
	Place   policy.Place
	// URL is that of the cluster's issuer.
	URL string
}

var _ part.Part = Issuer{}

// What names the provider.
func (i Issuer) What() string { return fmt.Sprintf("OIDC provider for %s", i.URL) }

// ARN is that of the provider; empty where the issuer is not known.
func (i Issuer) ARN() string {
	if i.URL == "" {
		return ""
	}

	return naming.ARN(i.Place.Partition, "iam", "", i.Place.Account, "oidc-provider/"+strings.TrimPrefix(i.URL, "https://"))
}

const (
	// audience is whom tokens are for.
	audience = "sts.amazonaws.com"

	noSuchEntity = "NoSuchEntity"
)

// Ensure makes the provider, or brings its tags to what is wanted.
func (i Issuer) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := i.Session.IAM(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := i.Session.Tags(claim.Marks())

	_, err = client.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String(i.URL), ClientIDList: []string{audience}, Tags: iamTags(wanted),
	})
	if err == nil {
		return part.Made{Exists: true}, nil
	}

	if !session.Is(err, "EntityAlreadyExists") {
		return part.Made{}, session.Worded(err, "create the %s", i.What())
	}

	found, err := i.tags(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(i.What(), found); err != nil {
		return part.Made{}, err
	}

	return part.Made{Exists: true}, claim.Retag("the "+i.What(), found, wanted, func(tags map[string]string) error {
		_, err := client.TagOpenIDConnectProvider(ctx, &iam.TagOpenIDConnectProviderInput{OpenIDConnectProviderArn: aws.String(i.ARN()), Tags: iamTags(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagOpenIDConnectProvider(ctx, &iam.UntagOpenIDConnectProviderInput{OpenIDConnectProviderArn: aws.String(i.ARN()), TagKeys: keys})

		return err
	})
}

func (i Issuer) tags(ctx context.Context, client *iam.Client) (map[string]string, error) {
	answer, err := client.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: aws.String(i.ARN())})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, fmt.Errorf("%s %w", i.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read the %s", i.What())
	}

	return session.TagMap(answer.Tags, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value }), nil
}

// Observe looks at the provider; it has no facts.
func (i Issuer) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := i.Session.IAM(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	tags, err := i.tags(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	drift := part.Lines(i.What(), session.Differences(tags, i.Session.Tags(claim.Owner)))

	return part.Seen{Tags: tags, Drift: drift}, claim.Check(i.What(), tags)
}

// Remove deletes the provider.
func (i Issuer) Remove(ctx context.Context, claim part.Claim) error {
	client, err := i.Session.IAM(ctx)
	if err != nil || i.URL == "" {
		return err
	}

	tags, err := i.tags(ctx, client)
	if ours, err := claim.Mine(tags, err); !ours {
		return err
	}

	_, err = client.DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: aws.String(i.ARN())})

	return session.Worded(session.Except(err, noSuchEntity), "delete the %s", i.What())
}

func iamTags(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}
