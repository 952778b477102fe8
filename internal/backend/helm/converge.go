package helm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	helmkube "helm.sh/helm/v4/pkg/kube"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// maxName is Helm's limit, which leaves room for what charts append.
const maxName = 53

// Converge makes the cluster hold the release as it is wanted, and waits until its objects are ready. It installs what is
// missing, upgrades what differs, puts back what somebody has edited, and goes on where a killed process has stopped. A
// release or an object that belongs to somebody else is backend.ErrForeign, and nothing is written then.
func (c *Client) Converge(ctx context.Context, r Release) error {
	if err := r.judge(); err != nil {
		return fmt.Errorf("install release %q: %w", r.Name, err)
	}

	ctx, cancel := limit(ctx, r.Timeout)
	defer cancel()

	s, err := c.begin(ctx)
	if err != nil {
		return err
	}

	if err := explain(ctx, s.converge(ctx, r)); err != nil {
		err = c.hookFailure(ctx, r, err)

		return fmt.Errorf("install release %q (chart %s) into namespace %q: %w", r.Name, r.Chart, c.namespace, err)
	}

	return nil
}

// judge finds what no cluster needs to be asked for.
func (r Release) judge() error {
	if r.Chart == nil {
		return errors.New("no chart")
	}

	if len(r.Name) > maxName {
		return fmt.Errorf("the name is longer than %d characters: give the component a shorter one", maxName)
	}

	if err := chartutil.ValidateReleaseName(r.Name); err != nil {
		return errors.New("a name has lower case letters, digits, dots and hyphens, and begins and ends with a letter or digit")
	}

	if r.Owner.Kind == "" || r.Owner.Name == "" {
		return errors.New("its owner has no kind or no name")
	}

	if _, unknown := known(r.Values); len(unknown) > 0 {
		return fmt.Errorf("value %s is not known", strings.Join(unknown[0], "."))
	}

	if problems := r.Chart.Check(r.Values); len(problems) > 0 {
		texts := make([]string, len(problems))
		for i, problem := range problems {
			texts[i] = problem.String()
		}

		return fmt.Errorf("chart %s refuses the values: %s", r.Chart, strings.Join(texts, "; "))
	}

	return nil
}

func (s *session) converge(ctx context.Context, r Release) error {
	var err error
	if r.Values, err = plain(r.Values); err != nil {
		return err
	}

	records, err := s.records(r.Name)
	if err != nil {
		return err
	}

	if err := foreign(records, r, s.namespace); err != nil && !r.Adopt {
		return err
	}

	if leaving(records) {
		if err := s.uninstall(ctx, r, records, removal{}); err != nil {
			return fmt.Errorf("finish its removal, which was interrupted: %w", err)
		}

		records = nil
	}

	if err := s.define(ctx, r); err != nil {
		return err
	}

	settled, err := s.settled(ctx, r, records)
	if err != nil {
		return err
	}

	if !settled {
		if err := s.apply(ctx, r, records); err != nil {
			return err
		}
	}

	return s.finish(ctx, r)
}

// settled says that there is nothing to apply.
func (s *session) settled(ctx context.Context, r Release, records []*release.Release) (bool, error) {
	if len(records) == 0 || records[len(records)-1].Info.Status != common.StatusDeployed {
		return false, nil
	}

	last := records[len(records)-1]
	if len(differences(last, r)) > 0 || !kube.Belongs(last.Labels, r.Owner) {
		return false, nil
	}

	drift, err := s.drift(ctx, r, last)

	return err == nil && len(drift) == 0, err
}

// apply makes a new revision.
func (s *session) apply(ctx context.Context, r Release, records []*release.Release) error {
	if err := s.settle(records); err != nil {
		return err
	}

	if len(records) > 0 {
		if err := s.sweep(ctx, r); err != nil {
			return err
		}
	}

	parsed, err := r.Chart.open()
	if err != nil {
		return err
	}

	mark := newStamp(r, s.namespace)
	mark.inspect = func(manifests string) error { return s.inspect(ctx, r, manifests) }

	if ran(records) {
		upgrade := action.NewUpgrade(s.config)
		upgrade.Namespace = s.namespace
		upgrade.PostRenderer = mark
		upgrade.Labels = recordLabels(r)
		upgrade.MaxHistory = maxHistory
		upgrade.ResetValues = true
		upgrade.ServerSideApply = "true"
		upgrade.ForceConflicts = true
		upgrade.TakeOwnership = true // inspect has seen whose they are
		upgrade.SkipSchemaValidation = true
		upgrade.DisableOpenAPIValidation = true // the server validates what it applies
		upgrade.WaitStrategy = helmkube.HookOnlyStrategy
		upgrade.WaitOptions = []helmkube.WaitOption{helmkube.WithWaitContext(ctx)}
		upgrade.Timeout = left(ctx)

		// With a context it would return early and go on in the background; the session's connection ends both.
		_, err = upgrade.Run(r.Name, parsed, r.Values)

		return err
	}

	install := action.NewInstall(s.config)
	install.ReleaseName = r.Name
	install.Namespace = s.namespace
	install.PostRenderer = mark
	install.Labels = recordLabels(r)
	install.Replace = len(records) > 0
	install.ServerSideApply = true
	install.ForceConflicts = true
	install.TakeOwnership = true
	install.SkipCRDs = true
	install.SkipSchemaValidation = true
	install.DisableOpenAPIValidation = true
	install.WaitStrategy = helmkube.HookOnlyStrategy
	install.WaitOptions = []helmkube.WaitOption{helmkube.WithWaitContext(ctx)}
	install.Timeout = left(ctx)

	_, err = install.Run(parsed, r.Values)

	return err
}

// finish waits for what runs, and does what may have been interrupted after it was applied.
func (s *session) finish(ctx context.Context, r Release) error {
	records, err := s.records(r.Name)
	if err != nil {
		return err
	}

	if len(records) == 0 {
		return errors.New("somebody has removed it in the meantime")
	}

	if err := s.sweep(ctx, r); err != nil {
		return err
	}

	last := records[len(records)-1]

	objects, err := s.objects(last.Manifest)
	if err != nil {
		return err
	}

	if err := s.cluster.Wait(ctx, objects); err != nil {
		return err
	}

	if err := s.markServed(last); err != nil {
		return err
	}

	return s.claim(ctx, r, objects)
}

// define makes the chart's CRDs and waits until they can be used. One that somebody else has made is left as it is, and
// all outlive the release: with a definition go all its objects, whoever made them.
func (s *session) define(ctx context.Context, r Release) error {
	parsed, err := r.Chart.open()
	if err != nil {
		return err
	}

	var missing []*unstructured.Unstructured

	for _, crd := range parsed.CRDObjects() {
		objects, err := s.objects(string(crd.File.Data))
		if err != nil {
			return fmt.Errorf("%s: %w", crd.Filename, err)
		}

		for _, object := range objects {
			live, err := s.cluster.Get(ctx, object)

			switch {
			case errors.Is(err, backend.ErrNotFound):
				missing = append(missing, object)
			case err != nil:
				return err
			case kube.Belongs(live.GetLabels(), r.Owner) && live.GetLabels()[chartLabel] != r.Chart.digest:
				missing = append(missing, object)
			}
		}
	}

	if len(missing) == 0 {
		return nil
	}

	for _, object := range missing {
		labels := object.GetLabels()
		if labels == nil {
			labels = map[string]string{}
		}

		labels[chartLabel] = r.Chart.digest
		object.SetLabels(labels)
	}

	if err := s.cluster.Apply(ctx, r.Owner, missing); err != nil {
		return fmt.Errorf("define kinds of the chart: %w", err)
	}

	s.getter.forget()

	return nil
}
