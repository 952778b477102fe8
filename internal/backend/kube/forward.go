package kube

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	streamhttp "k8s.io/streaming/pkg/httpstream"
)

// Forward opens a port of this machine, on 127.0.0.1, that leads to a port of a service, through the API and one of the
// ready pods behind it. It waits for such a pod as long as the context allows. The port stays open until stop is
// called, also when the context is over, and not longer than the pod lives.
func (c *Cluster) Forward(
	ctx context.Context, namespace, service string, port int,
) (address string, stop func(), err error) {
	setup, cancel := bounded(ctx)
	defer cancel()

	pod, target, err := c.behind(setup, namespace, service, port)
	if err != nil {
		return "", nil, fmt.Errorf("forward to Service/%s in namespace %s: %w", service, namespace, err)
	}

	address, stop, err = c.forward(setup, pod, target)
	if err != nil {
		return "", nil, fmt.Errorf("forward to pod %s in namespace %s: %w", pod.Name, namespace, err)
	}

	return address, stop, nil
}

func (c *Cluster) forward(ctx context.Context, pod *corev1.Pod, target int) (string, func(), error) {
	dialer, err := c.dialer(pod)
	if err != nil {
		return "", nil, err
	}

	open, closeIt := context.WithCancel(context.WithoutCancel(ctx))
	ready, ended := make(chan struct{}), make(chan error, 1)

	forwarder, err := portforward.NewOnAddressesForStreamingWithContext(open, dialer,
		[]string{"127.0.0.1"}, []string{"0:" + strconv.Itoa(target)}, ready, io.Discard, io.Discard)
	if err != nil {
		closeIt()

		return "", nil, err
	}

	var done sync.WaitGroup

	done.Go(func() { ended <- forwarder.ForwardPorts() })

	stop := func() {
		closeIt()
		done.Wait()
	}

	select {
	case <-ready:
	case err := <-ended:
		stop()

		return "", nil, c.fault(err)
	case <-ctx.Done():
		// Not waited for: whoever does not answer may do so for long.
		closeIt()

		return "", nil, ctx.Err()
	}

	ports, err := forwarder.GetPorts()
	if err != nil {
		stop()

		return "", nil, err
	}

	return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(ports[0].Local))), stop, nil
}

// dialer speaks WebSocket, and SPDY with servers or proxies that do not.
func (c *Cluster) dialer(pod *corev1.Pod) (streamhttp.Dialer, error) {
	config := rest.CopyConfig(c.config)

	address := c.core.RESTClient().Post().Resource("pods").Namespace(pod.Namespace).Name(pod.Name).
		SubResource("portforward").URL()
	address.RawQuery = "" // the timeout of single requests

	transport, upgrader, err := spdy.RoundTripperFor(config)
	if err != nil {
		return nil, err
	}

	old := spdy.NewDialerForStreaming(upgrader, &http.Client{Transport: transport}, http.MethodPost, address)

	tunnel, err := portforward.NewSPDYOverWebsocketDialerForStreaming(address, config)
	if err != nil {
		return nil, err
	}

	return portforward.NewFallbackDialerForStreaming(tunnel, old, func(err error) bool {
		return streamhttp.IsUpgradeFailure(err) || streamhttp.IsHTTPSProxyError(err)
	}), nil
}

// behind waits for a ready pod of the service and returns it with the port there.
func (c *Cluster) behind(ctx context.Context, namespace, service string, port int) (*corev1.Pod, int, error) {
	said, began := "", time.Now()

	for {
		pod, target, why, err := c.tryBehind(ctx, namespace, service, port)

		switch {
		case err != nil && ctx.Err() == nil:
			return nil, 0, err
		case pod != nil:
			return pod, target, nil
		case why != "":
			said = why
		}

		if !pause(ctx, pollEvery) {
			if said == "" {
				return nil, 0, ctx.Err()
			}

			return nil, 0, &NotReadyError{Problems: []string{said}, After: time.Since(began), cause: ctx.Err()}
		}
	}
}

func (c *Cluster) tryBehind(
	ctx context.Context, namespace, service string, port int,
) (pod *corev1.Pod, target int, why string, err error) {
	live, err := c.core.Services(namespace).Get(ctx, service, metav1.GetOptions{})
	if err != nil {
		return nil, 0, "", c.fault(err)
	}

	if len(live.Spec.Selector) == 0 {
		return nil, 0, "", fmt.Errorf("it selects no pods")
	}

	pods, err := c.core.Pods(namespace).List(ctx, metav1.ListOptions{
		LabelSelector: labels.SelectorFromSet(live.Spec.Selector).String(),
	})
	if err != nil {
		return nil, 0, "", c.fault(err)
	}

	why = "there is no pod behind it"

	for i := range pods.Items {
		candidate := &pods.Items[i]
		if candidate.DeletionTimestamp != nil {
			continue
		}

		why = fmt.Sprintf("pod %s is not ready", candidate.Name)
		if ts := podTroubles(*candidate, nil); len(ts) > 0 {
			why = ts[0].text
		}

		if ready(*candidate) {
			target, err := targetPort(live, candidate, port)

			return candidate, target, "", err
		}
	}

	return nil, 0, why, nil
}

func targetPort(service *corev1.Service, pod *corev1.Pod, port int) (int, error) {
	for _, candidate := range service.Spec.Ports {
		if int(candidate.Port) != port {
			continue
		}

		if candidate.TargetPort.Type == intstr.Int {
			if target := candidate.TargetPort.IntValue(); target != 0 {
				return target, nil
			}

			return port, nil
		}

		for _, container := range pod.Spec.Containers {
			for _, named := range container.Ports {
				if named.Name == candidate.TargetPort.StrVal {
					return int(named.ContainerPort), nil
				}
			}
		}

		return 0, fmt.Errorf("pod %s has no port named %q", pod.Name, candidate.TargetPort.StrVal)
	}

	return 0, fmt.Errorf("it has no port %d", port)
}
