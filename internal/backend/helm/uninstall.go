package helm

import (
	"context"
	"fmt"
	"io"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	helmkube "helm.sh/helm/v4/pkg/kube"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Removal is an option of Uninstall.
type Removal func(*removal)

type removal struct{ claims bool }

// DeleteClaims removes the claims on storage, and with them the data, that outlive a release otherwise: those of its
// StatefulSets, and those that the chart wants kept.
func DeleteClaims() Removal { return func(r *removal) { r.claims = true } }

// Uninstall removes a release and waits until its objects are gone. One that is gone already is no error, one that
// belongs to somebody else is backend.ErrForeign. A release whose removal was interrupted is removed to the end.
func (c *Client) Uninstall(ctx context.Context, name string, owner backend.Owner, options ...Removal) error {
	var how removal
	for _, option := range options {
		option(&how)
	}

	ctx, cancel := limit(ctx, 0)
	defer cancel()

	s, err := c.begin(ctx)
	if err != nil {
		return err
	}

	if err := explain(ctx, s.leave(ctx, Release{Name: name, Owner: owner}, how)); err != nil {
		return fmt.Errorf("uninstall release %q from namespace %q: %w", name, c.namespace, err)
	}

	return nil
}

func (s *session) leave(ctx context.Context, r Release, how removal) error {
	records, err := s.records(r.Name)
	if err != nil {
		return err
	}

	if err := foreign(records, r, s.namespace); err != nil {
		return err
	}

	return s.uninstall(ctx, r, records, how)
}

// uninstall keeps the records until everything else is gone: they are all that a later call has to go by.
func (s *session) uninstall(ctx context.Context, r Release, records []*release.Release, how removal) error {
	objects, err := s.everything(records)
	if err != nil {
		return err
	}

	claims, err := s.claims(ctx, r, records)
	if err != nil {
		return err
	}

	if len(records) > 0 {
		if err := s.hooked(ctx, records[len(records)-1], func() error { return s.remove(ctx, r, objects) }); err != nil {
			return err
		}
	}

	if how.claims {
		if err := s.unclaim(ctx, r, claims); err != nil {
			return err
		}
	}

	return s.purge(records)
}

// hooked calls remove between the chart's hooks. Helm's own way to remove forgets objects that it cannot look at for a
// moment, and the release whether its objects are gone or not.
func (s *session) hooked(ctx context.Context, last *release.Release, remove func() error) error {
	if last.Info.Status == common.StatusUninstalled {
		return remove()
	}

	client, ok := s.config.KubeClient.(marking)
	if !ok {
		return fmt.Errorf("remove objects: the client is a %T", s.config.KubeClient)
	}

	between := &removing{marking: client, remove: remove}

	s.config.KubeClient = between
	defer func() { s.config.KubeClient = client }()

	uninstall := action.NewUninstall(s.config)
	uninstall.KeepHistory = true
	uninstall.WaitStrategy = helmkube.HookOnlyStrategy
	uninstall.WaitOptions = []helmkube.WaitOption{helmkube.WithWaitContext(ctx)}
	uninstall.Timeout = left(ctx)

	_, err := uninstall.Run(last.Name)

	switch {
	case between.failure != nil:
		return between.failure
	case err != nil:
		return err
	case !between.called:
		return remove()
	}

	return nil
}

// removing takes Helm's place when it removes the objects of a manifest.
type removing struct {
	marking

	remove  func() error
	called  bool
	failure error
}

// Build is for Helm. It builds the manifest to remove what is in it, and hooks for their own sake; only the former
// begins as it does.
func (r *removing) Build(reader io.Reader, validate bool) (helmkube.ResourceList, error) {
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}

	if len(text) > 0 && !strings.HasPrefix(string(text), "\n---\n") {
		return r.marking.Build(strings.NewReader(string(text)), validate)
	}

	r.called = true
	r.failure = r.remove()

	return nil, r.failure
}
