package part_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// shelf is a service that has one object or none, and notes what it is called for.
type shelf struct {
	tags  map[string]string // nil: there is nothing
	calls []string
}

func (s *shelf) object(login *session.Session) part.Object[*shelf, string] {
	return part.Object[*shelf, string]{
		What: `thing "x"`, Session: login, Open: func(context.Context) (*shelf, error) { return s, nil },
		Get: func(_ context.Context, s *shelf) (string, map[string]string, error) {
			s.calls = append(s.calls, "get")
			if s.tags == nil {
				return "", nil, fmt.Errorf(`thing "x" %w`, backend.ErrNotFound)
			}

			return "live", s.tags, nil
		},
	}
}

func (s *shelf) create(_ context.Context, _ *shelf, claim part.Claim) (bool, error) {
	s.calls = append(s.calls, "create")
	if s.tags != nil {
		return false, nil
	}

	s.tags = session.New(session.Config{}).Tags(claim.Marks())

	return true, nil
}

func (s *shelf) change(context.Context, *shelf, part.Claim, string, map[string]string) error {
	s.calls = append(s.calls, "change")

	return nil
}

func (s *shelf) delete(context.Context, *shelf, string) error {
	s.calls, s.tags = append(s.calls, "delete"), nil

	return nil
}

func mine(known bool) part.Claim {
	return part.Claim{Owner: backend.Owner{Kind: "k", Flavor: "f", Name: "n"}, Was: "n", Known: known}
}

func TestObject_IsMadeOrChanged(t *testing.T) {
	t.Parallel()

	login := session.New(session.Config{})
	ours, theirs := login.Tags(mine(true).Owner), map[string]string{"team": "x"}

	for name, c := range map[string]struct {
		has   map[string]string
		known bool
		calls string
		err   error
	}{
		"not there":                      {nil, false, "create", nil},
		"recorded and gone":              {nil, true, "get create", nil},
		"recorded and there":             {ours, true, "get change", nil},
		"there, and the answer was lost": {ours, false, "create get change", nil},
		"somebody else's":                {theirs, false, "create get", backend.ErrForeign},
	} {
		s := &shelf{tags: c.has}

		made, err := s.object(login).Ensure(t.Context(), mine(c.known), s.create, s.change)
		if !errors.Is(err, c.err) || made.Exists != (c.err == nil) || strings.Join(s.calls, " ") != c.calls {
			t.Errorf("%s: %+v, %v after %v", name, made, err, s.calls)
		}
	}
}

func TestObject_ThatIsNotWholeExists(t *testing.T) {
	t.Parallel()

	s, broken := &shelf{}, errors.New("no")

	made, err := s.object(session.New(session.Config{})).Ensure(t.Context(), mine(false),
		func(context.Context, *shelf, part.Claim) (bool, error) { return true, broken }, s.change)
	if !made.Exists || !errors.Is(err, broken) {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestObject_IsRemovedWhereItIsTheClaimants(t *testing.T) {
	t.Parallel()

	login := session.New(session.Config{})

	for name, c := range map[string]struct {
		has   map[string]string
		calls string
	}{
		"gone": {nil, "get"}, "ours": {login.Tags(mine(true).Owner), "get delete"}, "somebody else's": {map[string]string{session.TagKind: "other"}, "get"},
	} {
		s := &shelf{tags: c.has}
		if err := s.object(login).Remove(t.Context(), mine(true), s.delete); err != nil || strings.Join(s.calls, " ") != c.calls {
			t.Errorf("%s: %v after %v", name, err, s.calls)
		}
	}
}

func TestObject_ShowsItsTagsAndWhatDiffersInThem(t *testing.T) {
	t.Parallel()

	login := session.New(session.Config{DefaultTags: map[string]string{"team": "ml"}})
	s := &shelf{tags: map[string]string{session.TagKind: "k", session.TagFlavor: "f", session.TagName: "n", "team": "x"}}

	seen, live, err := s.object(login).Observe(t.Context(), mine(true))
	if err != nil || live != "live" || seen.Tags["team"] != "x" || !slices.Equal(seen.Drift, []string{`tag team is "x", should be "ml"`}) {
		t.Errorf("%+v of %q, %v", seen, live, err)
	}

	if _, _, err := (&shelf{}).object(login).Observe(t.Context(), mine(true)); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("nothing is there: %v", err)
	}
}

func TestRetag_CallsForWhatChangesOnly(t *testing.T) {
	t.Parallel()

	var calls []string

	put := func(tags map[string]string) error {
		calls = append(calls, fmt.Sprintf("put %v", tags))

		return nil
	}
	drop := func(keys []string) error {
		calls = append(calls, fmt.Sprintf("drop %v", keys))

		return nil
	}

	claim := mine(true)
	claim.Former = map[string]string{"old": "1", "kept": "1"}
	wanted := map[string]string{"kept": "1", "new": "2"}

	for range 2 {
		found := map[string]string{"old": "1", "kept": "1", "theirs": "1", "aws:made-by": "x"}
		if len(calls) > 0 {
			found = map[string]string{"kept": "1", "new": "2", "theirs": "1", "aws:made-by": "x"}
		}

		if err := claim.Retag(`thing "x"`, found, wanted, put, drop); err != nil {
			t.Fatal(err)
		}
	}

	if want := []string{"drop [old]", "put map[new:2]"}; !slices.Equal(calls, want) {
		t.Errorf("calls were %v, want %v", calls, want)
	}
}
