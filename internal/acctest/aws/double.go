// Package aws is a double of AWS for tests and benchmarks: moto behind a proxy of ours, which counts, injects faults, slows
// states down and serves what moto lacks or gets wrong. README.md says what is whose.
package aws

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Region is the one that Env names.
const Region = "eu-west-1"

// secretKey is everybody's: nobody checks signatures.
const secretKey = "of-no-use-anywhere-else"

// observer is the header by which calls of Config are told from those of what is tested.
const observer = "X-Double-Observer"

// Double is an AWS account of its own behind an endpoint of its own. Its methods may be called from several goroutines.
type Double struct {
	// Endpoint serves every service, like http://127.0.0.1:40123.
	Endpoint string
	// Account is the account that keys of Env act in: twelve digits that no other Double has.
	Account string
	// Other is a second account, for roles to assume and for buckets of others; no other Double has it either.
	Other string

	server *server
	http   *http.Server

	mu     sync.Mutex
	calls  []*Call
	faults []*injected
	// keys holds the account of each access key that an AssumeRole gave out.
	keys  map[string]string
	holds map[string]int
	held  map[string]*held
	roles propagation

	projects     map[string]fields
	modelGroups  map[string]bool
	scanOnPush   map[string]bool
	logKeys      map[string]string
	idempotent   map[string]replay
	certificates sync.Once
	certificate  string

	network network

	// eks guards what follows; mu may be taken while it is held.
	eks      sync.Mutex
	clusters map[string]*cluster
	served   map[string]served
}

// Start returns a Double that lasts as long as the test. moto itself is started once per process and ends with it. The
// test is skipped where Variable is not set.
func Start(tb testing.TB) *Double {
	tb.Helper()

	d, err := New()

	switch {
	case errors.Is(err, errNoMoto):
		tb.Skipf("SKIPPED: %v", err)
	case err != nil:
		tb.Fatalf("start the double of AWS: %v", err)
	}

	tb.Cleanup(d.Close)

	return d
}

// New returns a Double that lasts until Close, for programs that are no tests. It is an error if Variable is not set.
func New() (*Double, error) {
	moto, err := shared()
	if err != nil {
		return nil, err
	}

	//nolint:noctx // it lasts as long as the Double, and listening on the loopback does not wait
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}

	d := &Double{
		Endpoint:    "http://" + listener.Addr().String(),
		Account:     moto.account(),
		Other:       moto.account(),
		server:      moto,
		keys:        map[string]string{},
		holds:       map[string]int{},
		held:        map[string]*held{},
		roles:       propagation{left: map[string]map[string]int{}},
		projects:    map[string]fields{},
		modelGroups: map[string]bool{},
		scanOnPush:  map[string]bool{},
		logKeys:     map[string]string{},
		clusters:    map[string]*cluster{},
		served:      map[string]served{},
		idempotent:  map[string]replay{},
	}
	d.http = &http.Server{Handler: http.HandlerFunc(d.handle), ReadHeaderTimeout: time.Minute}

	go d.http.Serve(listener) //nolint:errcheck // it ends with Close, and says so

	return d, nil
}

// Close ends the endpoint and the calls that are under way.
func (d *Double) Close() {
	_ = d.http.Close() // nothing is left to be done about connections that do not close
}

// Env is what makes any client of AWS talk to the Double and to nothing else, in the form of os.Environ.
func (d *Double) Env() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + accessKey(d.Account),
		"AWS_SECRET_ACCESS_KEY=" + secretKey,
		"AWS_SESSION_TOKEN=",
		"AWS_PROFILE=",
		"AWS_REGION=" + Region,
		"AWS_DEFAULT_REGION=" + Region,
		"AWS_ENDPOINT_URL=" + d.Endpoint,
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// Config is for looking at and tampering with objects from a test: its calls are not counted, meet no fault and see every
// state as it is.
func (d *Double) Config(region string) sdk.Config {
	c := d.Counted(region)
	c.RetryMaxAttempts = 1 // what fails here is a mistake of the test
	c.HTTPClient = observing{}

	return c
}

// Counted is how what is tested sees the Double: counted, with faults and slow states, and the SDK's own retries.
func (d *Double) Counted(region string) sdk.Config {
	return sdk.Config{
		Region:       region,
		BaseEndpoint: sdk.String(d.Endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider(accessKey(d.Account), secretKey, ""),
	}
}

// As changes whom calls of a configuration act for: the account, which need not be one of the Double's.
func As(c sdk.Config, account string) sdk.Config {
	c.Credentials = credentials.NewStaticCredentialsProvider(accessKey(account), secretKey, "")

	return c
}

// accessKey is a key that says itself in which account it acts.
func accessKey(account string) string {
	return ownKey + account
}

const ownKey = "AKIATEST"

// observing marks the calls of Config.
type observing struct{}

// Do sends a request.
func (observing) Do(r *http.Request) (*http.Response, error) {
	r.Header.Set(observer, "true")

	return http.DefaultClient.Do(r) //nolint:gosec // to a double on the loopback, as its caller says
}
