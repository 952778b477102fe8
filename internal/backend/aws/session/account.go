package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Account is whose login it is.
type Account struct {
	// ID has twelve digits.
	ID string
	// Partition is the part of AWS that the account is in, such as aws or aws-cn.
	Partition string
	// Caller is the ARN of who is logged in.
	Caller string
}

// Account asks whose login it is: one call, once.
func (s *Session) Account(ctx context.Context) (Account, error) {
	config, err := s.AWS(ctx)
	if err != nil {
		return Account{}, err
	}

	s.login.mu.Lock()
	defer s.login.mu.Unlock()

	if s.login.account.ID == "" {
		account, err := s.ask(ctx, config)
		if err != nil {
			return Account{}, err
		}

		s.login.account = account
	}

	return s.login.account, nil
}

func (s *Session) ask(ctx context.Context, config aws.Config) (Account, error) {
	caller, err := sts.NewFromConfig(config, func(o *sts.Options) { o.BaseEndpoint = s.endpoint("sts", o.BaseEndpoint) }).
		GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Account{}, Worded(err, "ask AWS whose login this is")
	}

	account := Account{ID: aws.ToString(caller.Account), Caller: aws.ToString(caller.Arn), Partition: partition(config.Region)}
	if parsed, err := arn.Parse(account.Caller); err == nil && parsed.Partition != "" {
		account.Partition = parsed.Partition
	}

	return account, nil
}

// allow refuses an account that is not on the list, before anything is done in it.
func (s *Session) allow(account Account) error {
	if slices.Contains(s.config.AllowedAccountIDs, account.ID) {
		return nil
	}

	return &LoginError{
		Err: fmt.Errorf("the credentials are those of account %s (%s), and aws.allowed_account_ids has %s", account.ID, account.Caller,
			strings.Join(s.config.AllowedAccountIDs, ", ")),
		Fix: "Log in to an account that is allowed, or put this one on the list.",
	}
}

// Region is where things are made. It contacts nobody but who hands out the credentials.
func (s *Session) Region(ctx context.Context) (string, error) {
	if s.region != "" {
		return s.region, nil
	}

	if s.config.Region != "" && !s.config.Unknown {
		return s.config.Region, s.check(s.config.Region)
	}

	config, err := s.AWS(ctx)

	return config.Region, err
}
