package logstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// OTel is any service that takes logs by the OpenTelemetry protocol.
var OTel = flavor.External(flavor.Meta{
	Name:    "otel",
	ZenML:   "otel",
	Summary: "Any service that takes logs by the OpenTelemetry protocol, over HTTP.",
	Runs:    flavor.Elsewhere,
	URI:     "endpoint",
	Fields: map[string]string{
		"endpoint":              "Address that logs are sent to, such as `https://otel.example.com/v1/logs`.",
		"service_name":          "Name of the service that log entries carry.",
		"max_export_batch_size": "Largest number of entries sent at once.",
		"max_queue_size":        "Number of entries that wait to be sent before further ones are dropped.",
		"schedule_delay_millis": "Milliseconds between two batches.",
		"export_timeout_millis": "Milliseconds after which sending a batch is given up.",
		"compression":           "Compression of what is sent.",
	},
}, nil)
