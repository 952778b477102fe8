// Package helm installs charts into clusters with Helm's library. It reads nothing of the user's Helm: no settings, no
// repositories, no cache, no logins; everything it knows comes with the call.
package helm

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"helm.sh/helm/v4/pkg/action"
	helmkube "helm.sh/helm/v4/pkg/kube"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

const (
	// maxHistory is enough for what runs, one attempt that failed, and the one that repairs it.
	maxHistory = 3
	// defaultTimeout is how long converging and removing may take where the caller does not say.
	defaultTimeout = 10 * time.Minute
)

// Release is a chart with values under a name, as its owner wants it.
type Release struct {
	// Name is unique in the namespace and at most 53 characters long.
	Name string
	// Chart is what is installed; Observe does without.
	Chart *Chart
	// Values go over those of the chart; null removes a default of the chart.
	Values map[string]any
	// Owner is stamped on the release and on every object.
	Owner backend.Owner
	// Timeout limits Converge, with the wait until everything is ready; 0 means ten minutes.
	Timeout time.Duration
	// Adopt takes over a release of this name that belongs to somebody else.
	Adopt bool
}

// Client installs into one namespace of one cluster. It may be used from many goroutines, for different releases.
type Client struct {
	config    *rest.Config
	namespace string
	cluster   cluster
}

// cluster is what this package needs of kube.Cluster.
type cluster interface {
	Get(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error)
	Apply(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured) error
	Wait(ctx context.Context, objects []*unstructured.Unstructured) error
	Drift(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured) ([]string, error)
	Delete(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured, options ...kube.DeleteOption) error
}

// New makes a client without contacting the cluster. The namespace has to exist when something is installed.
func New(config *rest.Config, namespace string) (*Client, error) {
	if namespace == "" {
		return nil, errors.New("make Helm client: no namespace")
	}

	c, err := kube.New(config)
	if err != nil {
		return nil, fmt.Errorf("make Helm client: %w", err)
	}

	return newClient(config, namespace, c), nil
}

func newClient(config *rest.Config, namespace string, c cluster) *Client {
	nameManager()

	config = rest.CopyConfig(config)
	// The library's limit of five requests per second is for controllers that run forever.
	config.QPS, config.Burst = -1, -1
	config.WarningHandler = rest.NoWarnings{}
	config.WarningHandlerWithContext = rest.NoWarnings{}

	return &Client{config: config, namespace: namespace, cluster: c}
}

// nameManager sets the one setting that Helm keeps in a variable of the package.
var nameManager = sync.OnceFunc(func() { helmkube.ManagedFieldsManager = kube.Manager })

// session is one call: Helm's library knows no contexts, so the connection of a session ends with the call's.
type session struct {
	*Client
	config *action.Configuration
	getter *getter
}

func (c *Client) begin(ctx context.Context) (*session, error) {
	g, err := newGetter(ctx, c.config, c.namespace)
	if err != nil {
		return nil, fmt.Errorf("connect to cluster: %w", err)
	}

	config := action.NewConfiguration(action.ConfigurationSetLogger(discard))
	if err := config.Init(g, c.namespace, "secret"); err != nil {
		return nil, fmt.Errorf("connect to cluster: %w", err)
	}

	client, ok := config.KubeClient.(*helmkube.Client)
	if !ok {
		return nil, fmt.Errorf("connect to cluster: Helm brings a %T", config.KubeClient)
	}

	config.KubeClient = marking{client}
	config.Releases.MaxHistory = maxHistory
	config.Releases.SetLogger(discard)

	return &session{Client: c, config: config, getter: g}, nil
}

// limit gives a context the timeout, unless it ends before; without one, only a context that would never end gets one.
func limit(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		if _, ok := ctx.Deadline(); ok {
			return context.WithCancel(ctx)
		}

		timeout = defaultTimeout
	}

	return context.WithTimeout(ctx, timeout)
}

// left is the time a context still has, for those parts of Helm that want to know.
func left(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(time.Until(deadline), time.Second)
	}

	return defaultTimeout
}

// explain says why a call ended where Helm does not, and whether it was the cluster that did not answer.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}

	if cause := context.Cause(ctx); cause != nil {
		if errors.Is(err, cause) {
			return err
		}

		return fmt.Errorf("%w: %w", cause, err)
	}

	var transport *url.Error
	if errors.As(err, &transport) && !errors.Is(err, backend.ErrUnreachable) {
		return fmt.Errorf("cluster %w: %w", backend.ErrUnreachable, err)
	}

	return err
}
