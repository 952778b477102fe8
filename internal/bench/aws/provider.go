package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

const (
	startRuns     = 20
	peerStartRuns = 5
)

// start is what a provider takes from its start until it says where it can be reached.
type start struct {
	took, busy time.Duration
	// memory is its peak until then in bytes, 0 where the system does not tell.
	memory int64
	// size is that of the binary in bytes.
	size int64
}

// startOf measures starts of a provider: medians, and the most memory.
func (w workspace) startOf(ctx context.Context, binary string, runs int) (start, error) {
	info, err := os.Stat(binary)
	if err != nil {
		return start{}, fmt.Errorf("measure the binary: %w", err)
	}

	var took, busy []time.Duration

	s := start{size: info.Size()}

	for range runs {
		first, spent, err := rig.Start(ctx, binary, w.environment(), func(process int) { s.memory = max(s.memory, peakOf(process)) })
		if err != nil {
			return start{}, fmt.Errorf("start %s: %w", filepath.Base(binary), err)
		}

		took, busy = append(took, first), append(busy, spent)
	}

	s.took, s.busy = rig.Median(took), rig.Median(busy)

	return s, nil
}
