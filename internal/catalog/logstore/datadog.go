package logstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Datadog is the log management of Datadog.
var Datadog = flavor.External(flavor.Meta{
	Name:    "datadog",
	ZenML:   "datadog",
	Summary: "The log management of Datadog.",
	Runs:    flavor.Elsewhere,
	URI:     "endpoint",
	Fields: map[string]string{
		"api_key":               "API key that logs are sent with.",
		"application_key":       "Application key that logs are read with.",
		"site":                  "Datadog site of the account, such as `datadoghq.eu`; it gives the endpoint.",
		"endpoint":              "Address that logs are sent to, where it is not the one of `site`.",
		"service_name":          "Name of the service that log entries carry.",
		"max_export_batch_size": "Largest number of entries sent at once; Datadog takes at most 1000.",
		"max_queue_size":        "Number of entries that wait to be sent before further ones are dropped.",
		"schedule_delay_millis": "Milliseconds between two batches.",
		"export_timeout_millis": "Milliseconds after which sending a batch is given up.",
		"compression":           "Compression of what is sent.",
	},
}, nil)
