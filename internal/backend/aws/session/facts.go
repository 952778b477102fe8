package session

import (
	"context"

	"github.com/hashicorp/aws-sdk-go-base/v2/endpoints"
)

// The facts that a login knows.
const (
	FactRegion    = "region"
	FactAccount   = "account"
	FactPartition = "partition"
)

// Fact tells a fact by its name: a text, or nil. Only the account needs a call.
func (s *Session) Fact(ctx context.Context, name string) (string, error) {
	switch name {
	case FactRegion:
		return s.Region(ctx)
	case FactPartition:
		region, err := s.Region(ctx)

		return partition(region), err
	case FactAccount:
		account, err := s.Account(ctx)

		return account.ID, err
	default:
		return "", nil
	}
}

// partition is the part of AWS that a region is in.
func partition(region string) string {
	found, ok := endpoints.PartitionForRegion(endpoints.DefaultPartitions(), region)
	if !ok {
		return "aws"
	}

	return found.ID()
}
