package alerter

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Discord is a bot on a Discord server.
var Discord = flavor.External(flavor.Meta{
	Name:    "discord",
	ZenML:   "discord",
	Summary: "A bot that posts and asks in a Discord channel.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"discord_token":              "Token of the bot.",
		"default_discord_channel_id": "Id of the channel to post to, a number in quotes; without it, every step names one.",
	},
}, nil)
