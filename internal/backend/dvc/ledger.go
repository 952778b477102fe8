package dvc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

// ledgerName is a file in .dvc/tmp, which Git ignores: what was made here says nothing about other checkouts. Where
// it is lost, .dvc stays when the last component goes, and a remote counts as made by the component that has it.
const ledgerName = "mlstacks.json"

// ledger notes what components made in a repository.
type ledger struct {
	// Initialized says that .dvc itself is ours.
	Initialized bool `json:"initialized"`
	// Entries are remotes ("remote:models") and pipelines ("pipeline:dvc.yaml").
	Entries map[string]entry `json:"entries,omitempty"`
}

type entry struct {
	Owner

	// Made is false for a remote that was there before with the same URL.
	Made bool `json:"made"`
}

func (r Repository) ledger() (ledger, error) {
	var l ledger

	text, err := os.ReadFile(r.dir("tmp", ledgerName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l, fmt.Errorf("read ledger: %w", err)
	}

	if json.Unmarshal(text, &l) != nil {
		l = ledger{} // none, or unreadable: the same as lost
	}

	if l.Entries == nil {
		l.Entries = map[string]entry{}
	}

	return l, nil
}

func (r Repository) note(l ledger) error {
	if err := os.MkdirAll(r.dir("tmp"), 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}

	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("encode ledger: %w", err)
	}

	return disk.Object{Path: r.dir("tmp", ledgerName), Mode: 0o600}.Write(append(text, '\n'))
}

// enter notes that something belongs to an owner, before it is made.
func (r Repository) enter(key string, e entry) error {
	l, err := r.ledger()
	if err != nil {
		return err
	}

	l.Entries[key] = e

	return r.note(l)
}

// leave strikes out an entry of an owner. With the last one .dvc goes too, if it is ours and DVC has put nothing of value into it.
func (r Repository) leave(key string, owner Owner) error {
	l, err := r.ledger()
	if err != nil {
		return err
	}

	noted, known := l.Entries[key]
	if known && !noted.Same(owner) || !known && !l.Initialized {
		return nil
	}

	delete(l.Entries, key)

	switch {
	case len(l.Entries) > 0:
		return r.note(l)
	case l.Initialized && r.pristine():
		return os.RemoveAll(r.dir())
	case l.Initialized:
		return r.note(l)
	default:
		err := os.Remove(r.dir("tmp", ledgerName))
		_ = os.Remove(r.dir("tmp")) // stays when DVC uses it

		return err
	}
}

// pristine says that nothing but what initialize made, and scratch files of DVC, is in .dvc.
func (r Repository) pristine() bool {
	for _, data := range []string{"cache", "tmp/exps"} {
		if entries, err := os.ReadDir(r.dir(data)); err == nil && len(entries) > 0 {
			return false
		}
	}

	entries, err := os.ReadDir(r.dir())
	if err != nil {
		return false
	}

	ours := map[string]bool{"config": true, ".gitignore": true, "tmp": true, "cache": true}
	for _, found := range entries {
		if !ours[found.Name()] {
			return false
		}
	}

	config, err := os.ReadFile(r.dir("config"))

	return err == nil && (string(config) == r.initialConfig() || string(config) == noSCM || len(config) == 0)
}
