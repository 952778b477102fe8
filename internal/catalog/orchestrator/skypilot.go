package orchestrator

import "maps"

// skypilotFields adds what every SkyPilot flavor has to the fields of one of them.
func skypilotFields(fields map[string]string) map[string]string {
	all := map[string]string{
		"infra":                    "Where to run, in one text such as `azure/eastus`, `lambda` or `k8s/my-context`; it excludes `region` and `zone`.",
		"retry_until_up":           "Whether to go on asking for machines until there are some.",
		"idle_minutes_to_autostop": "Idle minutes after which a machine is stopped.",
		"down":                     "Whether machines are deleted, rather than only stopped, when they have been idle.",
		"stream_logs":              "Whether the logs of the machines are shown where the pipeline was started.",
	}
	maps.Copy(all, fields)

	return all
}
