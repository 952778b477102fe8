// Package early turns the garbage collector off while the program's packages are initialized. Terraform starts the provider
// several times for one command, and what the tables of the SDKs allocate then stays in use: collecting it is a third of the
// time that a start takes. main turns the collector on again.
package early

import "runtime/debug"

// Percent is the setting of the collector that was found: 100, or what GOGC says.
var Percent = debug.SetGCPercent(-1)
