package diagnose_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var (
	stores = flavor.Kind{Name: "artifact_store"}
	minio  = flavor.Flavor{Meta: flavor.Meta{Name: "minio"}}
)

func TestFailure_SaysWhatToDo(t *testing.T) {
	t.Parallel()

	const (
		again   = "Mend the cause, then apply again; what was made is kept."
		reach   = "Check that it can be reached from here, then try again."
		late    = "It did not finish in time. Raise timeouts.create, then try again."
		stopped = "It was interrupted. Apply again to finish it."
	)

	silent := flavor.Because(flavor.ErrUnreachable, errors.New("no answer"))

	for want, err := range map[string]error{
		"No.\n\n" + again:                                  errors.New("no"),
		"No.\n\nSet it.":                                   &flavor.AttributeError{Err: errors.New("no"), Fix: "Set it."},
		"Wait: no.\n\n" + again:                            fmt.Errorf("wait: %w", &flavor.AttributeError{Err: errors.New("no")}),
		"Wait: context deadline exceeded.\n\n" + late:      fmt.Errorf("wait: %w", context.DeadlineExceeded),
		"Wait: context canceled.\n\n" + stopped:            fmt.Errorf("wait: %w", context.Canceled),
		"No answer; context canceled.\n\n" + stopped:       fmt.Errorf("%w; %w", silent, context.Canceled),
		"No answer; context deadline exceeded.\n\n" + late: fmt.Errorf("%w; %w", silent, context.DeadlineExceeded),
		"No answer.\n\n" + reach:                           silent,
	} {
		d := diagnose.Failure(diagnose.Create, stores, minio, "main", err)
		if d.Summary() != `Cannot create artifact store "main"` || d.Detail() != want {
			t.Errorf("%s: %s, want %s", d.Summary(), d.Detail(), want)
		}
	}
}

func TestRegistration_SaysWhatToDo(t *testing.T) {
	t.Parallel()

	for want, c := range map[string]struct {
		said diagnose.Said
		err  error
	}{
		"No.\n\nMend the cause, then destroy again; what was deleted stays so.": {diagnose.Said{}, errors.New("no")},
		"No.\n\nAsk her.": {diagnose.Said{At: path.Root("platform"), Fix: "Ask her."}, errors.New("no")},
		"Context deadline exceeded.\n\nIt did not finish in time. Raise timeouts.delete, then try again.": {diagnose.Said{}, context.DeadlineExceeded},
		"No answer.\n\nCheck that the server can be reached from here, then try again; the state keeps what it knew.": {
			diagnose.Said{}, flavor.Because(flavor.ErrUnreachable, errors.New("no answer")),
		},
	} {
		d := diagnose.Registration(diagnose.Delete, "prod", c.said, c.err)
		if d.Summary() != `Cannot delete registration of stack "prod"` || d.Detail() != want {
			t.Errorf("%s: %s, want %s", d.Summary(), d.Detail(), want)
		}
	}
}

func TestNotices_WarnOfEach(t *testing.T) {
	t.Parallel()

	all := append(diagnose.Notices(stores, minio, "main", []string{"One.", "Two."}), diagnose.RegistrationNotices("prod", []string{"Three."})...)

	var said []string
	for _, d := range all {
		said = append(said, d.Severity().String()+" "+d.Summary()+": "+d.Detail())
	}

	want := []string{
		`Warning About artifact store "main": One.`, `Warning About artifact store "main": Two.`, `Warning About the registration of stack "prod": Three.`,
	}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
}

func TestConfigured_TakesOverWhatTheProviderHandsOn(t *testing.T) {
	t.Parallel()

	was := flavor.Clouds{"aws": nil}

	into := was
	if diags := diagnose.Configured(nil, &into); diags != nil || len(into) != 1 {
		t.Errorf("before the provider block is read: %v, %v", diags, into)
	}

	if diags := diagnose.Configured(flavor.Clouds{}, &into); diags != nil || len(into) != 0 {
		t.Errorf("what was handed on: %v, %v", diags, into)
	}

	into = was

	diags := diagnose.Configured("clouds", &into)
	if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), "provider data of type string.") || len(into) != 1 {
		t.Errorf("what is of another type: %v, %v", diags, into)
	}
}
