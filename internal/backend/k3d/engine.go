package k3d

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	"github.com/docker/cli/cli/flags"
	"github.com/docker/docker/client"
	"github.com/spf13/pflag"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// pingTimeout is how long an engine may take to say anything.
const pingTimeout = 15 * time.Second

// engine is the container engine that k3d's library uses too.
type engine struct {
	client.APIClient
	config *configfile.ConfigFile
}

// connect finds the engine as the docker program does, by DOCKER_HOST, DOCKER_CONTEXT or the current context, and has it
// answer. The library does not ask whether it could: with a context that does not exist it ends the process.
func connect(ctx context.Context) (*engine, error) {
	prepare()

	file := config.LoadDefaultConfigFile(io.Discard)
	options := flags.NewClientOptions()
	set := pflag.NewFlagSet("docker", pflag.ContinueOnError)
	options.InstallFlags(set)
	options.SetDefaultOptions(set)

	api, err := command.NewAPIClientFromFlags(options, file)
	if err != nil {
		return nil, unreachable(settings("", file), err)
	}

	e := &engine{APIClient: api, config: file}

	asked, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()

	ping, err := api.Ping(asked)
	if err != nil {
		_ = api.Close()

		if ctx.Err() != nil {
			return nil, fmt.Errorf("ask the container engine: %w", ctx.Err())
		}

		return nil, unreachable(settings(api.DaemonHost(), file), err)
	}

	api.NegotiateAPIVersionPing(ping)
	prepareFixes()

	return e, nil
}

// settings says where the engine was looked for and why there.
func settings(host string, file *configfile.ConfigFile) string {
	switch {
	case os.Getenv("DOCKER_HOST") != "":
		return fmt.Sprintf("%s, as DOCKER_HOST says", os.Getenv("DOCKER_HOST"))
	case os.Getenv("DOCKER_CONTEXT") != "":
		return fmt.Sprintf("%s, as DOCKER_CONTEXT=%s says", cmp.Or(host, "no address"), os.Getenv("DOCKER_CONTEXT"))
	case file != nil && file.CurrentContext != "":
		return fmt.Sprintf("%s, as the docker context %q says", cmp.Or(host, "no address"), file.CurrentContext)
	default:
		return host + ", as DOCKER_HOST is not set"
	}
}

func unreachable(where string, cause error) error {
	return fmt.Errorf("ask the container engine at %s: it %w: start Docker, or let DOCKER_HOST name an engine that runs: %w",
		where, backend.ErrUnreachable, cause)
}

// fault is an error of the engine: whether it does not answer any more is told apart from what it answers.
func (e *engine) fault(err error) error {
	if err != nil && client.IsErrConnectionFailed(err) && !errors.Is(err, backend.ErrUnreachable) {
		return unreachable(settings(e.DaemonHost(), e.config), err)
	}

	return err
}

// site is where containers of an engine are reached.
type site struct {
	// host is the engine's machine, and bind the address on it that the API and the registry listen on: what only this
	// machine needs is not shown to the network.
	host, bind string
	local      bool
}

func (e *engine) site() site { return siteOf(e.DaemonHost()) }

func siteOf(daemon string) site {
	address, err := url.Parse(daemon)
	if err != nil || address.Hostname() == "" || address.Scheme == "unix" || address.Scheme == "npipe" {
		return site{host: "127.0.0.1", bind: "127.0.0.1", local: true}
	}

	switch name := address.Hostname(); name {
	case "localhost", "127.0.0.1", "::1":
		return site{host: "127.0.0.1", bind: "127.0.0.1", local: true}
	default:
		return site{host: name, bind: "0.0.0.0"}
	}
}
