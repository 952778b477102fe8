// Package live is about faults: its tests break real clusters and what runs in them, under the real Terraform CLI with the
// built provider. There is nothing in it that the provider uses.
package live
