// Package kube makes, watches and removes objects in a Kubernetes cluster, and says in words what keeps them from working.
package kube

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/klog/v2"
)

const (
	// Manager is the field manager of everything this package writes.
	Manager = "mlstacks"

	// requestTimeout ends a single request; how long a whole operation may take is the caller's context's business.
	requestTimeout = 30 * time.Second
	// patience is how long an operation takes at most whose context has no deadline.
	patience = 10 * time.Minute
)

// Cluster is one Kubernetes cluster. It is safe for use by several goroutines.
type Cluster struct {
	config    *rest.Config
	dynamic   dynamic.Interface
	metadata  metadata.Interface
	core      corev1client.CoreV1Interface
	discovery *discovery.DiscoveryClient
	mapper    *restmapper.DeferredDiscoveryRESTMapper
}

// New returns the cluster that the configuration names, without any contact to it.
func New(config *rest.Config) (*Cluster, error) {
	Silence()

	config = rest.CopyConfig(config)
	config.QPS, config.Burst = 100, 200
	config.UserAgent = "terraform-provider-mlstacks"
	config.WarningHandler = rest.NoWarnings{}
	config.WarningHandlerWithContext = nil
	config.Timeout = 0

	c := &Cluster{config: config}
	if err := c.connect(); err != nil {
		return nil, fmt.Errorf("use cluster at %s: %w", c.host(), err)
	}

	return c, nil
}

func (c *Cluster) connect() error {
	config := rest.CopyConfig(c.config)
	config.Timeout = requestTimeout

	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}

	if c.dynamic, err = dynamic.NewForConfigAndClient(config, client); err != nil {
		return err
	}

	if c.metadata, err = metadata.NewForConfigAndClient(config, client); err != nil {
		return err
	}

	if c.core, err = corev1client.NewForConfigAndClient(config, client); err != nil {
		return err
	}

	if c.discovery, err = discovery.NewDiscoveryClientForConfigAndClient(config, client); err != nil {
		return err
	}

	c.mapper = restmapper.NewDeferredDiscoveryRESTMapperWithContext(memory.NewMemCacheClientWithContext(c.discovery))

	return nil
}

// REST returns a copy of the configuration, for other libraries: silent, with a raised limit of requests, and without a
// time limit for the single one, which would end watches.
func (c *Cluster) REST() *rest.Config { return rest.CopyConfig(c.config) }

// Identity returns what tells this making of the cluster from another of the same name, and the version of Kubernetes.
func (c *Cluster) Identity(ctx context.Context) (incarnation, version string, err error) {
	if incarnation, err = c.Incarnation(ctx); err != nil {
		return "", "", err
	}

	info, err := c.discovery.ServerVersionWithContext(ctx)
	if err != nil {
		return "", "", fmt.Errorf("read version of cluster: %w", c.fault(err))
	}

	return incarnation, info.GitVersion, nil
}

// Incarnation returns what tells this making of the cluster from another of the same name.
func (c *Cluster) Incarnation(ctx context.Context) (string, error) {
	namespace, err := c.core.Namespaces().Get(ctx, metav1.NamespaceSystem, metav1.GetOptions{})
	if err != nil {
		return "", fmt.Errorf("read identity of cluster: %w", c.fault(err))
	}

	return string(namespace.UID), nil
}

// Get returns the live version of the object that has the same kind, namespace and name.
func (c *Cluster) Get(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	live, err := c.get(ctx, object)
	if err != nil {
		return nil, fmt.Errorf("read %w", err)
	}

	return live, nil
}

// get is Get with errors that begin with the object.
func (c *Cluster) get(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	live, err := c.tryGet(ctx, object)
	if apierrors.IsNotFound(err) && !isNotFound(err) {
		// The address itself is unknown: its CRD is gone since the kinds were asked for, or this is another server.
		c.mapper.ResetWithContext(ctx)

		live, err = c.tryGet(ctx, object)
	}

	if err != nil {
		return nil, fmt.Errorf("%s: %w", where(object), c.fault(err))
	}

	return live, nil
}

func (c *Cluster) tryGet(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	resource, err := c.resource(ctx, object)
	if err != nil {
		return nil, err
	}

	return resource.Get(ctx, object.GetName(), metav1.GetOptions{})
}

// resource is the part of the API where the object lives. Its errors are classified already.
func (c *Cluster) resource(ctx context.Context, object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	mapping, err := c.mapping(ctx, object.GroupVersionKind())
	if err != nil {
		return nil, err
	}

	resource := c.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		return resource, nil
	}

	if object.GetNamespace() == "" {
		return nil, fmt.Errorf("%s needs a namespace", short(object))
	}

	return resource.Namespace(object.GetNamespace()), nil
}

// mapping asks the server anew before it believes that a kind is not there: CRDs come and go.
func (c *Cluster) mapping(ctx context.Context, kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	mapping, err := c.mapper.RESTMappingWithContext(ctx, kind.GroupKind(), kind.Version)
	if err == nil {
		return mapping, nil
	}

	if !meta.IsNoMatchError(err) {
		return nil, c.fault(err)
	}

	c.mapper.ResetWithContext(ctx)

	mapping, err = c.mapper.RESTMappingWithContext(ctx, kind.GroupKind(), kind.Version)
	if err == nil {
		return mapping, nil
	}

	// A group whose own server is down is missing from the list, too; that does not make its objects gone.
	if meta.IsNoMatchError(err) {
		_, down := c.discovery.ServerResourcesForGroupVersionWithContext(ctx, kind.GroupVersion().String())
		if down != nil && !apierrors.IsNotFound(down) {
			return nil, c.fault(down)
		}
	}

	return nil, c.fault(err)
}

// Address is that of the API, without whatever may be secret in it.
func (c *Cluster) Address() string { return c.host() }

// host is the address of the API without whatever may be secret in it.
func (c *Cluster) host() string {
	address, err := url.Parse(c.config.Host)
	if err != nil || address.Host == "" {
		return c.config.Host
	}

	return (&url.URL{Scheme: address.Scheme, Host: address.Host, Path: address.Path}).String()
}

var silence sync.Once

// Silence keeps Kubernetes' libraries from writing to the standard error of this process, which is Terraform's log.
func Silence() {
	silence.Do(func() {
		klog.SetLogger(logr.Discard())
		rest.SetDefaultWarningHandler(rest.NoWarnings{})
	})
}

// bounded gives a context without a deadline one.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return context.WithCancel(ctx)
	}

	return context.WithTimeout(ctx, patience)
}

// afterwards is for reports that are written when the time of an operation is up.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
}

// pause waits, and says whether there is time left.
func pause(ctx context.Context, length time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(length):
		return true
	}
}
