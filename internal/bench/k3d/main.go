// Command k3d measures what the provider does with k3d clusters against the same thing done without it, and prints ratios.
//
//   - One mlstacks_cluster, applied and destroyed, against the k3d library called as the k3d program does it: the same node
//     image, load balancer, registry and port.
//   - Four services that do not depend on each other, installed by one apply, against `helm upgrade --install --wait` of the
//     same charts with the same values, one after the other. Helm finds namespace and Secrets there already; the provider
//     makes them, and a bucket and a database, within the time.
//   - A plan of that stack that finds nothing to do.
//
// The two sides take turns, and the one that goes first changes from round to round, so that whatever else the machine is
// doing slows both. Figures are medians. Nothing fails because it is slow: the aims are printed beside what was measured.
//
// The images are those of the variables that scripts/k3d prints, and where one is not set, the provider's defaults.
// Clusters have names that begin with -prefix; they and the temporary directory are removed at the end, however it comes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// cleanup is how long removing what was made may take.
const cleanup = 2 * time.Minute

// options are what the caller decides.
type options struct {
	rounds int
	plans  int
	prefix string
	// provider is a binary to measure; empty: built from this checkout.
	provider string
	helm     string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench-k3d: ")

	var o options

	flag.IntVar(&o.rounds, "rounds", 3, "how often everything is made and removed on each side")
	flag.IntVar(&o.plans, "plans", 3, "how many plans there are in each round")
	flag.StringVar(&o.prefix, "prefix", "mlb-", "what the names of the clusters begin with")
	flag.StringVar(&o.provider, "provider", "", "binary of the provider; without it, it is built")
	flag.StringVar(&o.helm, "helm", "helm", "the helm program")
	flag.Parse()

	if err := bench(o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// names of the clusters. There is never more than one of them at a time.
func (o options) direct() string   { return o.prefix + "library" }
func (o options) applied() string  { return o.prefix + "provider" }
func (o options) services() string { return o.prefix + "services" }

func (o options) check(ctx context.Context) error {
	if o.rounds < 1 || o.plans < 1 {
		return errors.New("-rounds and -plans: at least one is needed")
	}

	for _, name := range []string{o.direct(), o.applied(), o.services()} {
		switch _, err := k3d.Inspect(ctx, name); {
		case err == nil:
			return fmt.Errorf("there is a cluster %q already; choose another -prefix", name)
		case !errors.Is(err, backend.ErrNotFound):
			return err
		}
	}

	return nil
}

// bench measures everything, prints the report and removes what it made.
func bench(o options, out io.Writer) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if err := o.check(ctx); err != nil {
		return err
	}

	directory, err := os.MkdirTemp("", "mlstacks-bench-k3d-")
	if err != nil {
		return fmt.Errorf("make temporary directory: %w", err)
	}

	defer func() { err = errors.Join(err, o.remove(ctx, directory)) }()

	r, err := measure(ctx, o, directory)

	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted") // and so was whatever ran
	case err != nil:
		return err
	}

	r.print(out)

	return nil
}

// measure takes every figure of the report.
func measure(ctx context.Context, o options, directory string) (report, error) {
	r := report{rounds: o.rounds, plans: o.plans}

	w, err := prepare(ctx, o, directory)
	if err != nil {
		return r, err
	}

	before := load()

	if r.preloaded, err = preload(ctx); err != nil {
		return r, err
	}

	if err := measureClusters(ctx, w, o, &r.clusters); err != nil {
		return r, err
	}

	if err := measureServices(ctx, w, o, &r); err != nil {
		return r, err
	}

	r.load = before + " before, " + load() + " after"
	r.machine, err = describeMachine(ctx, w)

	return r, err
}

// remove removes the clusters and the directory, also when the context has ended.
func (o options) remove(ctx context.Context, directory string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanup)
	defer cancel()

	return errors.Join(
		removeDirect(ctx, o.direct()), k3d.Delete(ctx, o.direct()), k3d.Delete(ctx, o.applied()), k3d.Delete(ctx, o.services()),
		os.RemoveAll(directory),
	)
}
