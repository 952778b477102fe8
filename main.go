// Command terraform-provider-mlstacks is the Terraform provider for MLOps stacks.
package main

import (
	"flag"
	"log"
	"os"
	gc "runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print the environment variable that Terraform attaches with")
	flag.Parse()

	quiet(os.Environ())
	frugal(os.Getenv("GOGC"))

	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}

	server := func() tfprotov6.ProviderServer { return provider.NewServer(version) }
	if err := tf6server.Serve(provider.Address, server, options...); err != nil {
		log.Fatal(err)
	}
}

// quiet turns the framework's own log off unless somebody asked for a log. It writes at the level TRACE otherwise, for
// Terraform to parse and throw away: for large configurations that is a third of the time of a plan.
func quiet(environment []string) {
	for _, variable := range environment {
		if strings.HasPrefix(variable, "TF_LOG") || strings.HasPrefix(variable, "TF_ACC_LOG") {
			return
		}
	}

	if err := os.Setenv("TF_LOG_SDK", "OFF"); err != nil {
		log.Print(err) // the log stays on: slower, and otherwise harmless
	}
}

// frugal lets the garbage collector run twice as often, unless the user chose. Planning makes much garbage and keeps
// little of it: the memory of a plan of two hundred stacks falls by a third, for some time of the processor.
func frugal(chosen string) {
	if chosen == "" {
		gc.SetGCPercent(50)
	}
}
