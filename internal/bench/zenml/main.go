// Command zenml measures how long stacks take to be registered at a real ZenML server, and with how many calls: by this
// provider in the real CLI, and beside it by the calls that the provider zenml-io/zenml (3.0.6) makes for the same stacks.
//
// Theirs are bare calls, as many at once as Terraform makes, without a CLI and without what it does around them; ours are whole
// commands. Both go through one proxy that counts. What they do is the same: an apply registers two components and a stack, a
// plan looks at all of it, a destroy looks at all of it and then removes it. Whatever is asked for once in a command belongs to it:
// theirs asks for the server's version, ours logs in.
//
// ZenML as it comes does not tell how long a token lasts, and then zenml-io/zenml logs in before each call; where a server
// tells, as those of ZenML Pro do, it logs in once. A login costs the server more than all calls of a stack, on purpose: its hash
// is slow to guess. So theirs is measured both ways. With a login before each, 200 stacks take long and show nothing that 50 do not:
// no call depends on how many stacks there are. Beyond -as-is stacks it is not made. Its calls are told nevertheless: those that
// were counted with one login, each with a login before it; where both were made, they have to agree. No time is computed from
// another.
//
// The sides take turns, and the one that goes first changes from round to round. Figures are medians. Nothing fails because it is
// slow.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// options are what the caller decides.
type options struct {
	sizes  []int
	rounds int
	// asIs is the most stacks with which the other provider's calls are made as they are.
	asIs int
	// provider is a binary to measure; empty: built from this checkout.
	provider string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench-zenml: ")

	var o options

	sizes := flag.String("stacks", "1 50 200", "numbers of stacks, with spaces or commas between them")
	flag.IntVar(&o.rounds, "rounds", 1, "how often each command is run on each side")
	flag.IntVar(&o.asIs, "as-is", 50, "most stacks with which zenml-io/zenml's calls are made as they are, with a login before each")
	flag.StringVar(&o.provider, "provider", "", "binary of the provider; without it, it is built")
	flag.Parse()

	var err error
	if o.sizes, err = rig.Sizes("-stacks", *sizes); err == nil {
		err = bench(o, os.Stdout)
	}

	if err != nil {
		log.Fatal(err)
	}
}

// bench measures everything in a temporary directory, prints the report and removes what it made. The server ends with this
// program.
func bench(o options, out io.Writer) error {
	if o.rounds < 1 {
		return fmt.Errorf("-rounds %d: at least one round is needed", o.rounds)
	}

	return rig.Bench("bench-zenml", func(ctx context.Context, directory string) error {
		r, err := measure(ctx, o, directory)
		if err == nil {
			r.print(out)
		}

		return err
	})
}
