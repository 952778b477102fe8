resource "mlstacks_alerter" "slack" {
  name = "slack"
  slack = {
    slack_channel_id   = "C0123456789"
    slack_token_secret = "slack.bot_token"
  }
}

resource "mlstacks_alerter" "discord" {
  name = "discord"
  discord = {
    default_discord_channel_id = "112233445566778899"
    discord_token_secret       = "discord.bot_token"
  }
}
