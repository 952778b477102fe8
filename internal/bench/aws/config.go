package main

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

// side is one of the two providers.
type side int

const (
	peer side = iota
	ours
)

// String is the name of a side for messages and directories.
func (s side) String() string {
	if s == ours {
		return "mlstacks"
	}

	return "hashicorp-aws"
}

var (
	//go:embed ours.tf.tmpl
	oursText string
	//go:embed peer.tf.tmpl
	peerText string

	texts     = [2]string{peer: peerText, ours: oursText}
	templates = [2]*template.Template{
		peer: template.Must(template.New("peer").Parse(peerText)),
		ours: template.Must(template.New("ours").Parse(oursText)),
	}
)

// stack is what the templates are filled in with.
type stack struct {
	Number int
	// Name is the bucket's, and what the names of the rest are made of.
	Name string
}

// configuration is a module with a number of stacks, one plain block for each resource. The endpoint serves all of AWS;
// names begin with prefix.
func (s side) configuration(prefix, endpoint string, stacks int) (string, error) {
	var b strings.Builder

	fmt.Fprintf(&b, blocks[s], endpoint)

	for number := 1; number <= stacks; number++ {
		b.WriteByte('\n')

		if err := templates[s].Execute(&b, stack{Number: number, Name: fmt.Sprintf("%s-%d", prefix, number)}); err != nil {
			return "", fmt.Errorf("write configuration of %s: %w", s, err)
		}
	}

	return b.String(), nil
}

// blocks are those that a configuration has once, whatever the number of stacks; the endpoint is written for %[1]q. The login
// is in the environment.
var blocks = [2]string{
	peer: `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region            = "eu-west-1"
  s3_use_path_style = true
  endpoints {
    ecr = %[1]q
    iam = %[1]q
    s3  = %[1]q
    sts = %[1]q
  }
}
`,
	ours: `terraform {
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}

provider "mlstacks" {
  aws = {
    region            = "eu-west-1"
    s3_use_path_style = true
    endpoints         = { ecr = %[1]q, iam = %[1]q, s3 = %[1]q, sts = %[1]q }
  }
}
`,
}

// lines counts those that a user writes for one stack, without empty ones.
func (s side) lines() int {
	n := 0

	for line := range strings.Lines(texts[s]) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}

	return n
}

// resources counts those of one stack.
func (s side) resources() int {
	return strings.Count("\n"+texts[s], "\nresource \"")
}
