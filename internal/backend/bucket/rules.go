package bucket

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// The rules of a bucket's lifecycle that are ours, by their names; all others are somebody else's.
const (
	ruleAbort      = "mlstacks-abort-uploads"
	ruleNoncurrent = "mlstacks-expire-noncurrent"
)

// rereads is how often, after the first time, a lifecycle that is not as wanted is read before it is believed: for a while
// after a change S3 gives the old answer and the new one by turns.
var rereads = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

func putLifecycle(ctx context.Context, s *Store, name string, want Settings) error {
	rules, err := s.rules(ctx, name)
	if err != nil {
		return err
	}

	rules = slices.DeleteFunc(rules, isOurs)

	if want.AbortDays > 0 {
		rules = append(rules, types.LifecycleRule{
			ID: aws.String(ruleAbort), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
			AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(want.AbortDays)},
		})
	}

	if want.NoncurrentDays > 0 {
		rules = append(rules, types.LifecycleRule{
			ID: aws.String(ruleNoncurrent), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(want.NoncurrentDays)},
		})
	}

	if len(rules) == 0 {
		_, err := s.client.DeleteBucketLifecycle(ctx, &s3.DeleteBucketLifecycleInput{Bucket: aws.String(name)})

		return err
	}

	_, err = s.client.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String(name), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	})

	return err
}

func isOurs(rule types.LifecycleRule) bool {
	return aws.ToString(rule.ID) == ruleAbort || aws.ToString(rule.ID) == ruleNoncurrent
}

// rules are all those of a bucket. One that was just made has none, and is not asked.
func (s *Store) rules(ctx context.Context, name string) ([]types.LifecycleRule, error) {
	if s.fresh == name {
		return nil, nil
	}

	answer, err := s.client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String(name)})

	switch {
	case session.Is(err, "NoSuchLifecycleConfiguration"):
		return nil, nil
	case err != nil:
		return nil, err
	}

	return answer.Rules, nil
}

func getLifecycle(ctx context.Context, s *Store, name string, found *Observed) error {
	want := found.Settings

	for again := 0; ; again++ {
		rules, err := s.rules(ctx, name)
		if err != nil {
			return err
		}

		found.AbortDays, found.NoncurrentDays = days(rules)
		if found.AbortDays == want.AbortDays && found.NoncurrentDays == want.NoncurrentDays || again == len(rereads) || !s.amazon || s.believes {
			return nil
		}

		if !session.Sleep(ctx, rereads[again]) {
			return ctx.Err()
		}
	}
}

// days are when our rules act; 0 where they do not.
func days(rules []types.LifecycleRule) (abort, noncurrent int32) {
	for _, rule := range rules {
		if rule.Status != types.ExpirationStatusEnabled {
			continue
		}

		switch aws.ToString(rule.ID) {
		case ruleAbort:
			if rule.AbortIncompleteMultipartUpload != nil {
				abort = aws.ToInt32(rule.AbortIncompleteMultipartUpload.DaysAfterInitiation)
			}
		case ruleNoncurrent:
			if rule.NoncurrentVersionExpiration != nil {
				noncurrent = aws.ToInt32(rule.NoncurrentVersionExpiration.NoncurrentDays)
			}
		}
	}

	return abort, noncurrent
}

func putPolicy(ctx context.Context, s *Store, name string, want Settings) error {
	existing, err := s.policy(ctx, name)
	if err != nil {
		return err
	}

	if want.TLSOnly {
		existing, err = policy.WithStatement(existing, policy.TLSOnly(s.arn(name)))
	} else {
		existing, err = policy.Without(existing, policy.SidTLSOnly)
	}

	if err != nil {
		return err
	}

	if existing == "" {
		_, err = s.client.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: aws.String(name)})
	} else {
		_, err = s.client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(name), Policy: aws.String(existing)})
	}

	return err
}

func getPolicy(ctx context.Context, s *Store, name string, found *Observed) error {
	existing, err := s.policy(ctx, name)
	if err != nil {
		return err
	}

	statement, err := policy.Find(existing, policy.SidTLSOnly)
	if err != nil {
		return err
	}

	found.TLSOnly = false

	if statement != "" {
		wanted := policy.Document{Version: policy.Version, Statement: []policy.Statement{policy.TLSOnly(s.arn(name))}}
		found.TLSOnly, err = policy.Equal(`{"Version":"`+policy.Version+`","Statement":[`+statement+`]}`, wanted.JSON())
	}

	return err
}

// policy is that of a bucket as JSON; empty where it has none. A bucket that was just made is not asked.
func (s *Store) policy(ctx context.Context, name string) (string, error) {
	if s.fresh == name {
		return "", nil
	}

	answer, err := s.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String(name)})

	switch {
	case session.Is(err, "NoSuchBucketPolicy"):
		return "", nil
	case err != nil:
		return "", err
	}

	return aws.ToString(answer.Policy), nil
}

func putEncryption(ctx context.Context, s *Store, name string, want Settings) error {
	rule := types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}}
	if want.KMSKey != "" {
		rule.ApplyServerSideEncryptionByDefault = &types.ServerSideEncryptionByDefault{
			SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(want.KMSKey),
		}
		rule.BucketKeyEnabled = aws.Bool(true) // a call to KMS for each bucket and not for each object
	}

	_, err := s.client.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: aws.String(name), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{rule}},
	})

	return err
}

func getEncryption(ctx context.Context, s *Store, name string, found *Observed) error {
	answer, err := s.client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(name)})

	switch {
	case session.Is(err, "ServerSideEncryptionConfigurationNotFoundError"):
		found.KMSKey = ""

		return nil
	case err != nil:
		return err
	}

	found.KMSKey = ""

	for _, rule := range answer.ServerSideEncryptionConfiguration.Rules {
		by := rule.ApplyServerSideEncryptionByDefault
		if by != nil && by.SSEAlgorithm != types.ServerSideEncryptionAes256 {
			found.KMSKey = aws.ToString(by.KMSMasterKeyID)
		}
	}

	return nil
}

func putOwnership(ctx context.Context, s *Store, name string, _ Settings) error {
	_, err := s.client.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
		Bucket: aws.String(name), OwnershipControls: &types.OwnershipControls{
			Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}},
		},
	})

	return err
}

func getOwnership(ctx context.Context, s *Store, name string, found *Observed) error {
	answer, err := s.client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: aws.String(name)})
	if session.Is(err, "OwnershipControlsNotFoundError") {
		found.Enforced = false

		return nil
	}

	if err != nil {
		return err
	}

	found.Enforced = slices.ContainsFunc(answer.OwnershipControls.Rules, func(rule types.OwnershipControlsRule) bool {
		return rule.ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced
	})

	return nil
}
