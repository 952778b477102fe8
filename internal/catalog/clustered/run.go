package clustered

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
)

// Run runs a command in a pod of the component and returns what it wrote. Clusters log commands and not what they read, so
// that secrets belong into input.
func (s Site) Run(ctx context.Context, pod, input string, command ...string) (string, error) {
	config := s.REST()
	config.Timeout = 0 // which would cut the stream; the context bounds it

	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return "", fmt.Errorf("run in pod %s: %w", pod, err)
	}

	request := clients.CoreV1().RESTClient().Post().Resource("pods").Namespace(s.Namespace).Name(pod).SubResource("exec").
		VersionedParams(&corev1.PodExecOptions{Command: command, Stdin: true, Stdout: true, Stderr: true}, scheme.ParameterCodec)

	stream, err := remotecommand.NewSPDYExecutor(config, "POST", request.URL())
	if err != nil {
		return "", fmt.Errorf("run in pod %s: %w", pod, err)
	}

	var out, failure bytes.Buffer

	err = stream.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: strings.NewReader(input), Stdout: &out, Stderr: &failure})
	if err != nil {
		return "", fmt.Errorf("run in pod %s: %w: %s", pod, err, s.scrubbed(failure.String()))
	}

	return out.String(), nil
}

// scrubbed is a short text without any of the component's credentials: servers repeat statements that they refuse.
func (s Site) scrubbed(text string) string {
	const longest = 300

	for _, secret := range s.Credentials {
		if len(secret) > 8 { //nolint:mnd // names of users and databases are shorter or harmless
			text = strings.ReplaceAll(text, secret, "…")
		}
	}

	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}

	return text
}
