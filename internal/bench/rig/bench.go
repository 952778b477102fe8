package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Bench measures in a temporary directory, which is removed at the end, until the measurement ends or somebody interrupts it.
func Bench(name string, measure func(ctx context.Context, directory string) error) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	directory, err := os.MkdirTemp("", "mlstacks-"+name+"-")
	if err != nil {
		return fmt.Errorf("make temporary directory: %w", err)
	}

	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()

	err = measure(ctx, directory)
	if ctx.Err() != nil {
		return errors.New("interrupted") // and so was whatever ran
	}

	return err
}
