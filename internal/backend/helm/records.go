package helm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// records are the revisions of a release that Helm keeps, the oldest first; none if there is no release.
func (s *session) records(name string) ([]*release.Release, error) {
	found, err := s.config.Releases.History(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil, nil
	}

	if err != nil {
		return nil, fmt.Errorf("read release %q: %w", name, err)
	}

	records := make([]*release.Release, 0, len(found))

	for _, each := range found {
		record, ok := each.(*release.Release)
		if !ok || record.Info == nil {
			return nil, fmt.Errorf("read release %q: a record is a %T that this provider cannot read", name, each)
		}

		records = append(records, record)
	}

	slices.SortFunc(records, func(a, b *release.Release) int { return cmp.Compare(a.Version, b.Version) })

	return records, nil
}

// foreign is the error for a release that is not the owner's. The last record decides: its labels are the ones that
// every upgrade, by whomever, hands on.
func foreign(records []*release.Release, r Release, namespace string) error {
	if len(records) == 0 {
		return nil
	}

	last := records[len(records)-1]
	if kube.Belongs(last.Labels, r.Owner) {
		return nil
	}

	whose := "it was not made by mlstacks"
	if owner, _ := kube.OwnerOf(last.Labels); last.Labels[kube.LabelManagedBy] == kube.Manager {
		whose = fmt.Sprintf("it belongs to %s %q (flavor %s, incarnation %s)", owner.Kind, owner.Name, owner.Flavor, owner.Incarnation)
	}

	return fmt.Errorf("release %q of chart %s in namespace %q %w: %s", last.Name, chartOf(last), namespace, backend.ErrForeign, whose)
}

func chartOf(record *release.Release) string {
	if record.Chart == nil || record.Chart.Metadata == nil {
		return "unknown"
	}

	return record.Chart.Metadata.Name + "-" + record.Chart.Metadata.Version
}

// leaving says that a removal has begun and not ended.
func leaving(records []*release.Release) bool {
	if len(records) == 0 {
		return false
	}

	status := records[len(records)-1].Info.Status

	return status == common.StatusUninstalling || status == common.StatusUninstalled
}

// ran says that some revision was complete once: what follows is an upgrade. Otherwise it is an installation, whose
// hooks differ.
func ran(records []*release.Release) bool {
	return slices.ContainsFunc(records, func(record *release.Release) bool {
		return record.Info.Status == common.StatusDeployed || record.Info.Status == common.StatusSuperseded
	})
}

// settle ends what a killed process has left pending: the revision has failed, Helm goes on from there.
func (s *session) settle(records []*release.Release) error {
	if len(records) == 0 {
		return nil
	}

	last := records[len(records)-1]
	if !last.Info.Status.IsPending() && last.Info.Status != common.StatusUnknown {
		return nil
	}

	last.SetStatus(common.StatusFailed, "interrupted")

	if err := s.config.Releases.Update(last); err != nil {
		return fmt.Errorf("settle interrupted revision %d: %w", last.Version, err)
	}

	return nil
}

// sweep removes what failed revisions have made and nothing wants, and their records. Helm looks at one earlier revision
// only and would leave it behind. The last revision stays whatever it is, and so does what is deployed.
func (s *session) sweep(ctx context.Context, r Release) error {
	records, err := s.records(r.Name)
	if err != nil || len(records) == 0 {
		return err
	}

	last := records[len(records)-1]

	var failed, kept []*release.Release

	for _, record := range records {
		switch {
		case record == last, record.Info.Status == common.StatusDeployed:
			kept = append(kept, record)
		case record.Info.Status == common.StatusFailed, record.Info.Status.IsPending():
			failed = append(failed, record)
		}
	}

	if len(failed) == 0 {
		return nil
	}

	obsolete, err := s.everything(failed)
	if err != nil {
		return err
	}

	wanted, err := s.everything(kept)
	if err != nil {
		return err
	}

	keys := map[string]bool{}
	for _, object := range wanted {
		keys[keyOf(object)] = true
	}

	obsolete = slices.DeleteFunc(obsolete, func(object *unstructured.Unstructured) bool { return keys[keyOf(object)] })

	if err := s.remove(ctx, r, obsolete); err != nil {
		return fmt.Errorf("remove what failed revisions left: %w", err)
	}

	return s.purge(failed)
}

// purge deletes records, the oldest first, so that the last one tells of the release until the end.
func (s *session) purge(records []*release.Release) error {
	for _, record := range records {
		_, err := s.config.Releases.Delete(record.Name, record.Version)
		if err != nil && !errors.Is(err, driver.ErrReleaseNotFound) {
			return fmt.Errorf("remove record of revision %d: %w", record.Version, err)
		}
	}

	return nil
}
