package alerter

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Slack is a bot in a Slack workspace.
var Slack = flavor.External(flavor.Meta{
	Name:    "slack",
	ZenML:   "slack",
	Summary: "A bot that posts and asks in a Slack channel.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"slack_token":      "Token of the bot; it begins with `xoxb-`.",
		"slack_channel_id": "Id of the channel to post to, such as `C0123456789`; without it, every step names one.",
		"timeout":          "Seconds to wait for the answer to a question.",
	},
}, nil)
