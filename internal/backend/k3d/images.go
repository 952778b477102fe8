package k3d

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/containerd/errdefs"
	"github.com/docker/cli/cli/command"
	"github.com/docker/docker/api/types/image"
	"golang.org/x/sync/errgroup"
)

// pull gets the images that the engine does not have. The library would do it as well, but it overlooks a pull that fails
// halfway and begins anew without end.
func (e *engine) pull(ctx context.Context, names ...string) error {
	group, ctx := errgroup.WithContext(ctx)

	for _, name := range names {
		group.Go(func() error {
			_, err := e.ImageInspect(ctx, name)
			if errdefs.IsNotFound(err) {
				err = e.pullOne(ctx, name)
			}

			if err != nil {
				return fmt.Errorf("pull image %q: %w", name, e.fault(err))
			}

			return nil
		})
	}

	return group.Wait()
}

func (e *engine) pullOne(ctx context.Context, name string) error {
	var options image.PullOptions
	if auth, err := command.RetrieveAuthTokenFromImage(e.config, name); err == nil {
		options.RegistryAuth = auth
	}

	stream, err := e.ImagePull(ctx, name, options)
	if err != nil {
		return err
	}

	defer func() { _ = stream.Close() }()

	for decoder := json.NewDecoder(stream); ; {
		var message struct {
			Error string `json:"error"`
		}

		if err := decoder.Decode(&message); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}

		if message.Error != "" {
			return errors.New(message.Error)
		}
	}
}
