// Package session is a login to AWS: opened when it is first needed, and then kept for as long as the process runs.
package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
	basediag "github.com/hashicorp/aws-sdk-go-base/v2/diag"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
)

// Config is what a user says of a login. Everything may be left out: then the environment, the shared files and the machine
// are asked, in the order that users of AWS know.
type Config struct {
	Region, Profile                           string
	SharedConfigFiles, SharedCredentialsFiles []string
	AccessKey, SecretKey, Token               string
	AssumeRole                                []Role
	WebIdentity                               *WebIdentity
	DefaultTags                               map[string]string
	// Endpoints are those of services by their names, such as s3.
	Endpoints         map[string]string
	S3UsePathStyle    bool
	MaxRetries        int
	AllowedAccountIDs []string
	CustomCABundle    string
	// Version is that of the provider, for the user agent.
	Version string
	// Unknown says that a part of it is known only after other resources have been applied.
	Unknown bool
}

// Role is a role to assume.
type Role struct {
	ARN, ExternalID, SessionName string
	Duration                     time.Duration
}

// WebIdentity is a role to assume with a token, given or in a file.
type WebIdentity struct {
	ARN, SessionName, Token, TokenFile string
	Duration                           time.Duration
}

// defaultRetries is how often a call is tried; a burst of throttling is over by then, and a broken service is told within
// minutes.
const defaultRetries = 10

// Session is a login. It is safe for concurrent use.
type Session struct {
	config Config
	region string // other than the login's; empty: the login's

	login *login
}

// login is what the sessions of one login share.
type login struct {
	mu      sync.Mutex
	opened  bool
	aws     aws.Config
	err     error
	account Account
}

// New returns a login that has not been used yet.
func New(c Config) *Session { return &Session{config: c, login: &login{}} }

// In returns the same login in another region; the login's own where region is empty.
func (s *Session) In(region string) *Session {
	if region == "" {
		return s
	}

	return &Session{config: s.config, region: region, login: s.login}
}

// ErrUnknown says that the login is known only after other resources have been applied.
var ErrUnknown = errors.New("the provider's login to AWS is known only after apply")

// AWS returns the SDK's configuration, opening the login when it is the first to ask. An account that is not allowed is an
// error.
func (s *Session) AWS(ctx context.Context) (aws.Config, error) {
	if s.config.Unknown {
		return aws.Config{}, ErrUnknown
	}

	s.login.mu.Lock()
	defer s.login.mu.Unlock()

	if !s.login.opened {
		s.login.aws, s.login.err = s.open(ctx)
		s.login.opened = s.login.err == nil || errors.As(s.login.err, new(*LoginError)) // anything else may pass
	}

	config := s.login.aws
	if s.region != "" {
		config.Region = s.region
	}

	return config, s.login.err
}

// open loads the configuration and finds credentials. It holds the lock of the login.
func (s *Session) open(ctx context.Context) (aws.Config, error) {
	_, config, diags := awsbase.GetAwsConfig(ctx, s.base())
	if diags.HasError() {
		return aws.Config{}, &LoginError{Err: errors.New(texts(diags.Errors())), Fix: fixLogin}
	}

	if config.Region == "" {
		return aws.Config{}, &LoginError{
			Err: errors.New("no region is set"), Fix: "Set aws.region of the provider, AWS_REGION, or a region of the profile.",
		}
	}

	if err := s.check(config.Region); err != nil {
		return aws.Config{}, err
	}

	if inner := config.Retryer; inner != nil {
		config.Retryer = func() aws.Retryer { return retry.AddWithErrorCodes(inner(), retryable...) }
	}

	config.APIOptions = append(config.APIOptions, refusePages)

	if len(s.config.AllowedAccountIDs) == 0 {
		return config, nil
	}

	account, err := s.ask(ctx, config)
	if err != nil {
		return aws.Config{}, err
	}

	s.login.account = account

	return config, s.allow(account)
}

// fixLogin is what to do where no credentials are found, or those that are found do not work.
const fixLogin = "Name a profile (aws.profile, AWS_PROFILE) and log in to it (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or " +
	"describe the login in the provider's block aws."

// check refuses a region that is spelled wrong, before the SDK makes an address of it. A server that is not Amazon's has its
// own names.
func (s *Session) check(region string) error {
	if len(s.config.Endpoints) > 0 || !strings.Contains(region, "-") || slices.ContainsFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "AWS_ENDPOINT_URL")
	}) {
		return nil
	}

	if problem := naming.Region(region); problem != "" {
		return &LoginError{Err: errors.New(problem), Fix: "Set aws.region of the provider, AWS_REGION, or the region of the profile."}
	}

	return nil
}

// retryable are codes that say "not now" and that the SDK takes for an answer.
var retryable = []string{"ConcurrentModification", "ConcurrentModificationException", "OperationAborted", "OperationAbortedException"}

// base is the configuration in the words of the library that hashicorp's own providers log in with.
func (s *Session) base() *awsbase.Config {
	c := &awsbase.Config{
		AccessKey: s.config.AccessKey, SecretKey: s.config.SecretKey, Token: s.config.Token,
		Profile: s.config.Profile, Region: s.config.Region,
		SharedConfigFiles: s.config.SharedConfigFiles, SharedCredentialsFiles: s.config.SharedCredentialsFiles,
		CustomCABundle: s.config.CustomCABundle,
		MaxRetries:     s.config.MaxRetries, MaxBackoff: 20 * time.Second,
		CallerName: "Provider mlstacks", CallerDocumentationURL: "the page of the provider",
		StsEndpoint:      s.config.Endpoints["sts"],
		IamEndpoint:      s.config.Endpoints["iam"],
		SsoEndpoint:      s.config.Endpoints["sso"],
		SuppressDebugLog: true,
		// The first real call tells whether the credentials are good; a call for that alone would come before each plan.
		SkipCredsValidation:     true,
		SkipRequestingAccountId: true,
		UserAgent:               awsbase.UserAgentProducts{{Name: "terraform-provider-mlstacks", Version: s.config.Version}},
	}

	if c.MaxRetries == 0 && os.Getenv("AWS_MAX_ATTEMPTS") == "" {
		c.MaxRetries = defaultRetries
	}

	for _, role := range s.config.AssumeRole {
		c.AssumeRole = append(c.AssumeRole, awsbase.AssumeRole{
			RoleARN: role.ARN, ExternalID: role.ExternalID, SessionName: role.SessionName, Duration: role.Duration,
		})
	}

	if web := s.config.WebIdentity; web != nil {
		c.AssumeRoleWithWebIdentity = &awsbase.AssumeRoleWithWebIdentity{
			RoleARN: web.ARN, SessionName: web.SessionName, WebIdentityToken: web.Token, WebIdentityTokenFile: web.TokenFile, Duration: web.Duration,
		}
	}

	return c
}

func texts(diags basediag.Diagnostics) string {
	var all []string

	for _, d := range diags {
		text := d.Summary()
		if detail := d.Detail(); detail != "" {
			text += ": " + detail
		}

		all = append(all, strings.Join(strings.Fields(text), " "))
	}

	return strings.Join(all, "; ")
}

// DefaultTags are put under the tags of everything that is made.
func (s *Session) DefaultTags() map[string]string { return maps.Clone(s.config.DefaultTags) }

// LoginError says that the login failed, and what to do.
type LoginError struct {
	Err error
	Fix string
}

// Error says what failed.
func (e *LoginError) Error() string { return fmt.Sprintf("log in to AWS: %s", e.Err) }

// Unwrap returns the cause.
func (e *LoginError) Unwrap() error { return e.Err }
