// Command aws measures this provider against hashicorp/aws doing the same job against the same server, and prints ratios.
//
// The job is one stack, many times: a bucket with versioning, encryption, public access block, ownership, lifecycle and tags,
// which may be emptied; a repository with immutable tags, scans and a lifecycle policy; a role for SageMaker with an inline
// policy. On our side that is an artifact store, a container registry and an orchestrator, on the other ten resources. Ours
// makes one thing more, which it makes by default: the bucket's policy refuses calls without TLS.
//
// The commands are those of a life: a first plan, the apply of that plan, a plan that must find nothing to do, and a destroy,
// which looks at everything before it deletes. In the first round of each size everything is then made again and destroyed
// with -refresh=false, which shows what the deletion itself takes.
//
// The server is the double of AWS that the tests use, on the loopback: it counts calls and answers at once, so that what is
// measured is what the providers do and wait for, not the network. The sides take turns, and the one that goes first changes
// from round to round. Figures are medians. Nothing fails because it is slow: the aims are printed beside what was measured.
//
// The other provider is looked for on this machine (-peer, -mirror, the directories that Terraform takes providers from) and
// never fetched; where there is none, only our side is printed. It takes minutes for many stacks: beyond -peer-full
// stacks it has one round, beyond -peer-most none.
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
	// provider is a binary to measure; empty: built from this checkout.
	provider string
	// peer is the other provider's binary, mirror a directory to look for it in.
	peer, mirror string
	// peerFull is the most stacks with which the peer takes part in every round, peerMost that with which it does at all.
	peerFull, peerMost int
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench-aws: ")

	var o options

	sizes := flag.String("stacks", "1 10 50", "numbers of stacks, with spaces or commas between them")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each command is run on each side")
	flag.StringVar(&o.provider, "provider", "", "binary of the provider; without it, it is built")
	flag.StringVar(&o.peer, "peer", "", "binary of hashicorp/aws; without it, it is looked for")
	flag.StringVar(&o.mirror, "mirror", "", "mirror of providers to look for hashicorp/aws in, before the directories that Terraform looks into")
	flag.IntVar(&o.peerFull, "peer-full", 10, "most stacks with which hashicorp/aws has every round; with more it has one")
	flag.IntVar(&o.peerMost, "peer-most", 50, "most stacks with which hashicorp/aws is measured")
	flag.Parse()

	var err error
	if o.sizes, err = rig.Sizes("-stacks", *sizes); err == nil {
		err = bench(o, os.Stdout)
	}

	if err != nil {
		log.Fatal(err)
	}
}

// bench measures everything in a temporary directory, prints the report and removes what it made.
func bench(o options, out io.Writer) error {
	if o.rounds < 1 {
		return fmt.Errorf("-rounds %d: at least one round is needed", o.rounds)
	}

	return rig.Bench("bench-aws", func(ctx context.Context, directory string) error {
		r, err := measure(ctx, o, directory)
		if err == nil {
			r.print(out)
		}

		return err
	})
}
