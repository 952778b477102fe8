package kube

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// fault says in the words of package backend what an answer, or none, means.
func (c *Cluster) fault(err error) error {
	var transport *url.Error

	switch {
	case err == nil, errors.Is(err, backend.ErrUnreachable), errors.Is(err, backend.ErrNotFound):
		return err
	case errors.Is(err, context.Canceled):
		return err
	case isNotFound(err):
		return fmt.Errorf("%w: %w", backend.ErrNotFound, err)
	case apierrors.IsUnauthorized(err):
		return fmt.Errorf("cluster at %s %w: it does not accept these credentials: %w",
			c.host(), backend.ErrUnreachable, err)
	case errors.As(err, &transport):
		// Without the request's own URL: the address above says enough, and it may have carried a password.
		return fmt.Errorf("cluster at %s %w: %w", c.host(), backend.ErrUnreachable, transport.Err)
	case isBusy(err), !isAnswer(err):
		return fmt.Errorf("cluster at %s %w: %w", c.host(), backend.ErrUnreachable, err)
	}

	return err
}

// isNotFound is true only for the answer of a Kubernetes API: another server at the same address says 404 to anything,
// and nothing is gone because of that.
func isNotFound(err error) bool {
	if meta.IsNoMatchError(err) {
		return true
	}

	return apierrors.IsNotFound(err) && !apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

func isAnswer(err error) bool {
	var answer apierrors.APIStatus

	return errors.As(err, &answer) && !apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

func isBusy(err error) bool {
	return apierrors.IsServiceUnavailable(err) || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) ||
		apierrors.IsTooManyRequests(err)
}

// refusal is the server's answer to a write. What it says about a Secret may quote its content, so only fields are kept.
func (c *Cluster) refusal(object *unstructured.Unstructured, err error) error {
	var answer apierrors.APIStatus
	if !isSecret(object) || !errors.As(err, &answer) || !isAnswer(err) {
		return c.fault(err)
	}

	status := answer.Status()
	if status.Reason != metav1.StatusReasonInvalid && status.Reason != metav1.StatusReasonBadRequest &&
		status.Reason != metav1.StatusReasonInternalError && status.Reason != metav1.StatusReasonUnknown {
		return c.fault(err)
	}

	var fields []string

	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			fields = append(fields, fmt.Sprintf("%s (%s)", cause.Field, cause.Type))
		}
	}

	if len(fields) == 0 {
		return fmt.Errorf("the server refuses it with %d; what it says may quote the Secret and is left out", status.Code)
	}

	return fmt.Errorf("the server refuses it with %d because of %s", status.Code, strings.Join(fields, ", "))
}

func isSecret(object *unstructured.Unstructured) bool {
	return object.GetKind() == "Secret" && object.GroupVersionKind().Group == ""
}

// short names an object where its namespace is clear.
func short(object *unstructured.Unstructured) string {
	return object.GetKind() + "/" + object.GetName()
}

// where names an object with its namespace.
func where(object *unstructured.Unstructured) string {
	if object.GetNamespace() == "" {
		return short(object)
	}

	return short(object) + " in namespace " + object.GetNamespace()
}

// oneLine makes somebody else's message fit into ours.
func oneLine(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}

	return text
}
