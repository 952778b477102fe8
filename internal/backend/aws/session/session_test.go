package session_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func TestSession_ContactsNobodyBeforeItIsNeeded(t *testing.T) {
	t.Parallel()

	double := aws.Start(t)
	login := session.New(double.Login())

	if region, err := login.Region(t.Context()); err != nil || region != aws.Region {
		t.Errorf("region is %q: %v", region, err)
	}

	if partition, err := login.Fact(t.Context(), session.FactPartition); err != nil || partition != "aws" {
		t.Errorf("partition is %q: %v", partition, err)
	}

	if calls := double.Calls(); len(calls) > 0 {
		t.Errorf("calls were made: %v", calls)
	}

	for range 3 {
		account, err := login.In("eu-central-1").Account(t.Context())
		if err != nil || account.ID != double.Account || account.Partition != "aws" {
			t.Errorf("account is %+v: %v", account, err)
		}
	}

	if calls := double.Count("sts:GetCallerIdentity"); calls != 1 {
		t.Errorf("asked %d times whose login it is", calls)
	}
}

func TestSession_RefusesAccountThatIsNotAllowed(t *testing.T) {
	t.Parallel()

	double := aws.Start(t)
	config := double.Login()
	config.AllowedAccountIDs = []string{"111122223333"}

	client, err := session.New(config).ECR(t.Context())
	if client != nil || err == nil || !strings.Contains(err.Error(), "those of account "+double.Account) {
		t.Errorf("%v", err)
	}

	if calls := len(double.Calls()); calls != 1 {
		t.Errorf("%d calls were made, want the one that asks whose login it is", calls)
	}

	config.AllowedAccountIDs = append(config.AllowedAccountIDs, double.Account)

	if _, err := session.New(config).ECR(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSession_AssumesRole(t *testing.T) {
	t.Parallel()

	double := aws.Start(t)
	config := double.Login()
	config.AssumeRole = []session.Role{{ARN: "arn:aws:iam::" + double.Other + ":role/deployer", SessionName: "ci", ExternalID: "x", Duration: time.Hour}}

	account, err := session.New(config).Account(t.Context())
	if err != nil || account.ID != double.Other || !strings.Contains(account.Caller, "assumed-role/deployer/ci") {
		t.Errorf("account is %+v: %v", account, err)
	}
}

// A workspace in HCP Terraform hands each configuration a shared file with a role and the file of its token.
func TestSession_TakesSharedFilesOfDynamicCredentials(t *testing.T) {
	t.Parallel()

	double := aws.Start(t)
	dir := t.TempDir()
	token, file := filepath.Join(dir, "token"), filepath.Join(dir, "config")

	write(t, token, "eyJhbGciOiJub25lIn0.e30.")
	write(t, file, "[default]\nweb_identity_token_file="+token+"\nrole_arn=arn:aws:iam::"+double.Other+":role/hcp\nrole_session_name=run\nregion=eu-north-1\n")

	config := double.Login()
	config.AccessKey, config.SecretKey, config.Region = "", "", ""
	config.SharedConfigFiles = []string{file}

	login := session.New(config)

	account, err := login.Account(t.Context())
	if err != nil || !strings.Contains(account.Caller, "assumed-role/hcp/run") {
		t.Errorf("account is %+v: %v", account, err)
	}

	if region, err := login.Region(t.Context()); err != nil || region != "eu-north-1" {
		t.Errorf("region is %q: %v", region, err)
	}
}

func TestSession_SaysWhatIsWrongWithLogin(t *testing.T) {
	t.Parallel()

	for what, c := range map[string]struct {
		change func(*session.Config)
		says   string
	}{
		"no region":          {func(c *session.Config) { c.Region = ""; c.SharedConfigFiles = []string{os.DevNull} }, "no region is set"},
		"half a login":       {func(c *session.Config) { c.SecretKey = "" }, "credentials"},
		"no such profile":    {func(c *session.Config) { c.AccessKey, c.SecretKey, c.Profile = "", "", "nobody" }, "nobody"},
		"no such CA bundle":  {func(c *session.Config) { c.CustomCABundle = "/nowhere/ca.pem" }, "/nowhere/ca.pem"},
		"known only at last": {func(c *session.Config) { c.Unknown = true }, "only after apply"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			config := session.Config{Region: "eu-west-1", AccessKey: "a", SecretKey: "b", SharedCredentialsFiles: []string{os.DevNull}}
			c.change(&config)

			if _, err := session.New(config).AWS(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want something about %q", err, c.says)
			}
		})
	}
}

func TestWorded_TellsAnswersApart(t *testing.T) {
	t.Parallel()

	for what, c := range map[string]struct {
		fault       aws.Fault
		says        []string
		unreachable bool
		denied      bool
	}{
		"denial": {
			fault: aws.Fault{Status: 403, Code: "AccessDenied", Message: "User: ci is not authorized to perform: iam:GetRole on resource: role x"},
			says:  []string{`read role "x"`, "AWS said AccessDenied", "on resource: role x", "the call needs iam:GetRole"}, denied: true,
		},
		"expired":      {fault: aws.Fault{Status: 403, Code: "ExpiredToken", Message: "it has expired"}, says: []string{"AWS said ExpiredToken: it has expired"}},
		"page 404":     {fault: aws.Fault{Status: 404, HTML: true}, says: []string{"no service of AWS: HTTP 404 Not Found with a page"}, unreachable: true},
		"page 500":     {fault: aws.Fault{Status: 500, HTML: true}, says: []string{"no service of AWS: HTTP 500"}, unreachable: true},
		"page 200":     {fault: aws.Fault{Status: 200, HTML: true}, says: []string{"no service of AWS: HTTP 200"}, unreachable: true},
		"connection":   {fault: aws.Fault{Cut: true}, says: []string{"AWS cannot be reached"}, unreachable: true},
		"another code": {fault: aws.Fault{Status: 400, Code: "ValidationError", Message: "no"}, says: []string{"AWS said ValidationError: no"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			double := aws.Start(t)
			config := double.Login()
			config.MaxRetries = 1
			fault := c.fault
			fault.Operation, fault.Times = "iam:GetRole", 1

			double.Inject(fault)

			client, err := session.New(config).IAM(t.Context())
			if err != nil {
				t.Fatal(err)
			}

			_, err = client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: sdk.String("x")})

			worded := session.Worded(err, "read role %q", "x")
			for _, text := range c.says {
				if worded == nil || !strings.Contains(worded.Error(), text) {
					t.Errorf("%v, want %q in it", worded, text)
				}
			}

			if errors.Is(worded, backend.ErrUnreachable) != c.unreachable || session.IsDenied(err) != c.denied || session.Is(err, "NoSuchEntity") {
				t.Errorf("unreachable %t, denied %t: %v", errors.Is(worded, backend.ErrUnreachable), session.IsDenied(err), worded)
			}
		})
	}
}

func TestSession_TriesAgainWhatAWSSaysIsNotNow(t *testing.T) {
	t.Parallel()

	for _, fault := range []aws.Fault{
		{Status: 400, Code: "Throttling", Message: "Rate exceeded"},
		{Status: 409, Code: "ConcurrentModification", Message: "somebody else"},
		{Status: 503, Code: "SlowDown", Message: "Please reduce your request rate", RetryAfter: time.Second},
		{Status: 500, Code: "InternalFailure"},
		{Cut: true},
	} {
		t.Run(fault.Code, func(t *testing.T) {
			t.Parallel()

			double := aws.Start(t)
			fault.Operation, fault.Times = "ecr:DescribeRepositories", 3
			hits := double.Inject(fault)

			client, err := session.New(double.Login()).ECR(t.Context())
			if err != nil {
				t.Fatal(err)
			}

			if _, err := client.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{}); err != nil || hits() != 3 {
				t.Errorf("after %d faults: %v", hits(), err)
			}
		})
	}
}

func TestSession_NamesTheProviderToAWS(t *testing.T) {
	t.Parallel()

	agent := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent <- r.UserAgent()

		w.WriteHeader(http.StatusBadRequest)
	}))
	t.Cleanup(server.Close)

	login := session.New(session.Config{
		Region: "eu-west-1", AccessKey: "a", SecretKey: "b", MaxRetries: 1, Version: "1.2.3", Endpoints: map[string]string{"sts": server.URL},
	})

	if _, err := login.Account(t.Context()); err == nil {
		t.Error("a server that is none of AWS told whose login it is")
	}

	if got := <-agent; !strings.Contains(got, "terraform-provider-mlstacks/1.2.3") {
		t.Errorf("user agent is %q", got)
	}
}

func TestSettled_WaitsForWhatIsNotVisibleYetAndForNothingElse(t *testing.T) {
	t.Parallel()

	var (
		errSoon  = errors.New("not visible yet")
		errNever = errors.New("denied")
		isSoon   = func(err error) bool { return errors.Is(err, errSoon) }
		calls    = 0
	)

	err := session.Settled(t.Context(), isSoon, func() error {
		if calls++; calls < 3 {
			return errSoon
		}

		return nil
	})
	if err != nil || calls != 3 {
		t.Errorf("%d calls: %v", calls, err)
	}

	calls = 0

	if err := session.Settled(t.Context(), isSoon, func() error { calls++; return errNever }); !errors.Is(err, errNever) || calls != 1 {
		t.Errorf("%d calls: %v", calls, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if err := session.Settled(ctx, isSoon, func() error { return errSoon }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()

	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
