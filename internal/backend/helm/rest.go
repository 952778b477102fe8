package helm

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// discard is where Helm's log goes: it would name values.
var discard = slog.DiscardHandler

// getter hands a connection that is in memory to Helm, which would otherwise read the user's kubeconfig.
type getter struct {
	config    *rest.Config
	discovery discovery.CachedDiscoveryInterface
	mapper    *restmapper.DeferredDiscoveryRESTMapper
	loader    clientcmd.ClientConfig
}

func newGetter(ctx context.Context, config *rest.Config, namespace string) (*getter, error) {
	config = rest.CopyConfig(config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return bound{ctx: ctx, next: next} })

	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}

	cached := memory.NewMemCacheClient(client)

	return &getter{
		config:    config,
		discovery: cached,
		mapper:    restmapper.NewDeferredDiscoveryRESTMapper(cached),
		loader: clientcmd.NewDefaultClientConfig(*api.NewConfig(),
			&clientcmd.ConfigOverrides{Context: api.Context{Namespace: namespace}}),
	}, nil
}

// ToRESTConfig is for Helm.
func (g *getter) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(g.config), nil }

// ToDiscoveryClient is for Helm.
func (g *getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return g.discovery, nil
}

// ToRESTMapper is for Helm.
func (g *getter) ToRESTMapper() (meta.RESTMapper, error) { return g.mapper, nil }

// ToRawKubeConfigLoader is for Helm, which asks it for the namespace.
func (g *getter) ToRawKubeConfigLoader() clientcmd.ClientConfig { return g.loader }

// forget makes the next question about kinds go to the cluster, which has new ones.
func (g *getter) forget() {
	g.discovery.Invalidate()
	g.mapper.Reset()
}

// bound ends every request with the context of a session: most of Helm takes no context, and where it does it goes on
// in the background.
type bound struct {
	ctx  context.Context
	next http.RoundTripper
}

// RoundTrip is for net/http.
func (b bound) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := context.Cause(b.ctx); err != nil {
		return nil, err
	}

	ctx, cancel := context.WithCancelCause(request.Context())
	stop := context.AfterFunc(b.ctx, func() { cancel(context.Cause(b.ctx)) })
	release := func() {
		stop()
		cancel(nil)
	}

	response, err := b.next.RoundTrip(request.WithContext(ctx))
	if err != nil {
		release()

		return nil, err
	}

	response.Body = &body{ReadCloser: response.Body, release: release}

	return response, nil
}

// WrappedRoundTripper lets client-go look at what is below.
func (b bound) WrappedRoundTripper() http.RoundTripper { return b.next }

// body gives up its context when it is closed.
type body struct {
	io.ReadCloser
	release func()
}

// Close is for net/http.
func (b *body) Close() error {
	defer b.release()

	return b.ReadCloser.Close()
}
