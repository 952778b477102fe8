package zenml

import (
	"strings"
	"testing"
)

func TestExportStack_ListsComponentsByTypeInTheirOrder(t *testing.T) {
	t.Parallel()
	got, err := ExportStack("prod", []StackComponent{
		{Type: "orchestrator", Name: "runs", Flavor: "local"},
		{Type: "alerter", Name: "z-first", Flavor: "slack", Configuration: map[string]any{
			"slack_token": "{{alerts.token}}", "timeout": int64(30),
		}},
		{Type: "artifact_store", Name: "files", Flavor: "local", Configuration: map[string]any{"path": "/data"}},
		{Type: "alerter", Name: "a-second", Flavor: "slack", Configuration: map[string]any{
			"slack_channel_id": nil, "slack_token": "true",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `components:
  alerter:
  - configuration:
      slack_token: '{{alerts.token}}'
      timeout: 30
    flavor: slack
    name: z-first
    type: alerter
  - configuration:
      slack_channel_id: null
      slack_token: 'true'
    flavor: slack
    name: a-second
    type: alerter
  artifact_store:
  - configuration:
      path: /data
    flavor: local
    name: files
    type: artifact_store
  orchestrator:
  - configuration: {}
    flavor: local
    name: runs
    type: orchestrator
stack_name: prod
zenml_version: 0.98.0
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestExportStack_NamesTheComponentItCannotWrite(t *testing.T) {
	t.Parallel()
	_, err := ExportStack("prod", []StackComponent{
		{Type: "orchestrator", Name: "runs", Flavor: "local", Configuration: map[string]any{"a": Unknown{}}},
	})
	if err == nil || !strings.Contains(err.Error(), `orchestrator "runs"`) {
		t.Errorf("got error %v, want one naming the orchestrator", err)
	}
	if _, err := ExportStack("\xff", nil); err == nil {
		t.Error("a stack name that is not valid UTF-8 was accepted")
	}
}
