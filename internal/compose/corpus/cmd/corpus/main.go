// Command corpus judges a file of stacks with known verdicts and says where this project and ZenML differ:
//
//	go run ./internal/compose/corpus/cmd/corpus FILE
//
// It fails when a difference is not one that is meant.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose/corpus"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: corpus FILE (lines of JSON, plain or gzipped)")
		os.Exit(2)
	}
	ok, err := run(os.Args[1], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(name string, out io.Writer) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, fmt.Errorf("open corpus: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read from
	report, err := corpus.Judge(file)
	if err != nil {
		return false, fmt.Errorf("judge %s: %w", name, err)
	}
	return report.OK(), report.Write(out)
}
