package secret

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Of lists the names of the secrets that bear an incarnation, without those that are scheduled for deletion: what a run that
// was killed has made is found by it, too.
func Of(ctx context.Context, s *session.Session, incarnation string) ([]string, error) {
	client, err := s.SecretsManager(ctx)
	if err != nil {
		return nil, err
	}

	pages := secretsmanager.NewListSecretsPaginator(client, &secretsmanager.ListSecretsInput{Filters: []types.Filter{
		{Key: types.FilterNameStringTypeTagKey, Values: []string{session.TagIncarnation}},
		{Key: types.FilterNameStringTypeTagValue, Values: []string{incarnation}},
	}})

	var names []string

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Worded(err, "list the secrets that bear the tag %s", session.TagIncarnation)
		}

		for _, one := range page.SecretList {
			for _, tag := range one.Tags { // the filters match beginnings
				if aws.ToString(tag.Key) == session.TagIncarnation && aws.ToString(tag.Value) == incarnation {
					names = append(names, aws.ToString(one.Name))
				}
			}
		}
	}

	return names, nil
}
