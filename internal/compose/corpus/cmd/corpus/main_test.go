package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun_TellsAgreementFromDifference(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"components": {"orchestrator": {"flavor": "local"}, "artifact_store": {"flavor": "local"}}, "valid": true}`:  true,
		`{"components": {"orchestrator": {"flavor": "local"}, "artifact_store": {"flavor": "local"}}, "valid": false}`: false,
	} {
		name := filepath.Join(t.TempDir(), "stacks.jsonl")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if ok, err := run(name, &out); err != nil || ok != want {
			t.Errorf("want %v, got %v, %v: %s", want, ok, err, out.String())
		}
	}
	if _, err := run("no such file", &strings.Builder{}); err == nil {
		t.Error("a missing file is an error")
	}
}
