package dvc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

// Stage is one step of a pipeline. Paths are relative to WorkDir, which is relative to the pipeline's directory.
type Stage struct {
	Command string
	WorkDir string
	Deps    []string
	// Params are keys in params.yaml, or "<file>:<key>,<key>", or "<file>:" for all of a file.
	Params  []string
	Outs    []string
	Metrics []string
	Plots   []string
}

// PipelineName is the file that holds a pipeline.
const PipelineName = "dvc.yaml"

func (r Repository) pipeline(dir string) string {
	return filepath.Join(r.Root, filepath.FromSlash(dir), PipelineName)
}

func pipelineKey(dir string) string {
	return "pipeline:" + path.Join(filepath.ToSlash(dir), PipelineName)
}

var heading = regexp.MustCompile(`^# Made by Terraform for (\w+) "([^"]*)"\. What is changed here is undone by the next apply\.\n`)

func head(owner Owner) string {
	return fmt.Sprintf("# Made by Terraform for %s %q. What is changed here is undone by the next apply.\n", owner.Kind, owner.Name)
}

// Pipeline reads the pipeline in a directory of the repository: ErrNotFound when there is none, ErrForeign when it was
// not made by WritePipeline. Stages that are more than a Stage can say are left out.
func (r Repository) Pipeline(dir string) (Owner, map[string]Stage, error) {
	owner, document, err := r.readPipeline(dir)
	if err != nil {
		return owner, nil, err
	}

	stages := map[string]Stage{}

	for name, node := range children(child(document, "stages")) {
		if stage, ok := parseStage(node); ok {
			stages[name] = stage
		}
	}

	return owner, stages, nil
}

// readPipeline opens the file of a pipeline that WritePipeline made.
func (r Repository) readPipeline(dir string) (Owner, *yaml.Node, error) {
	file := r.pipeline(dir)

	text, err := os.ReadFile(file)

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Owner{}, nil, &ConflictError{About: "pipeline", Err: fmt.Errorf("%s %w", file, ErrNotFound)}
	case err != nil:
		return Owner{}, nil, fmt.Errorf("read pipeline: %w", err)
	}

	m := heading.FindSubmatch(text)
	if m == nil {
		return Owner{}, nil, &ConflictError{About: "pipeline", Err: fmt.Errorf("%s %w", file, ErrForeign)}
	}

	owner := Owner{Kind: string(m[1]), Name: string(m[2])}

	// The file may come from another checkout: then the ledger knows nothing of it, or of another one in its place.
	l, err := r.ledger()
	if err != nil {
		return owner, nil, err
	}

	if noted, known := l.Entries[pipelineKey(dir)]; known && noted.named() == owner {
		owner = noted.Owner
	}

	var document yaml.Node
	if yaml.Unmarshal(text[len(m[0]):], &document) != nil || len(document.Content) == 0 {
		return owner, mapping(), nil //nolint:nilerr // broken by hand: all of it counts as missing
	}

	return owner, document.Content[0], nil
}

func (r Repository) pipelineBelongs(dir string, owner Owner) error {
	return &ConflictError{About: "pipeline", Err: fmt.Errorf("%s %w: it belongs to %s %q", r.pipeline(dir), ErrForeign, owner.Kind, owner.Name)}
}

// PipelineOwned is Pipeline for a component: ErrForeign too when the pipeline belongs to another.
func (r Repository) PipelineOwned(by Owner, dir string) (Owner, map[string]Stage, error) {
	owner, stages, err := r.Pipeline(dir)
	if err == nil && !owner.Same(by) {
		err = r.pipelineBelongs(dir, owner)
	}

	return owner, stages, err
}

// FreePipeline says whether WritePipeline would find nothing in its way. It changes nothing.
func (r Repository) FreePipeline(owner Owner, dir string) error {
	found, _, err := r.readPipeline(dir)

	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case !found.Same(owner.named()):
		return r.pipelineBelongs(dir, found)
	default:
		return nil // made by an apply that did not live to record it, or about to be replaced by this one
	}
}

// WritePipeline writes stages into the pipeline of a directory, which is made when it is missing. What else is in the
// file, such as top-level plots, stays. It can be repeated: what an interrupted call left is taken up. Each call returns an
// incarnation of its own, from which on the pipeline belongs to that one alone.
func (r Repository) WritePipeline(owner Owner, dir string, stages map[string]Stage) (incarnation string, err error) {
	defer disk.Lock(r.Root)()

	if err := r.initialize(); err != nil {
		return "", err
	}

	if err := r.FreePipeline(owner, dir); err != nil {
		return "", err
	}

	_, document, err := r.readPipeline(dir)
	if errors.Is(err, ErrNotFound) {
		document, err = mapping(), nil
	}

	if err != nil {
		return "", err
	}

	owner = owner.anew()

	return owner.Incarnation, r.putPipeline(owner, dir, document, stages)
}

// ChangePipeline writes stages into the pipeline of one owner and hands it to another. It returns the incarnation, which
// stays.
func (r Repository) ChangePipeline(from, to Owner, dir string, stages map[string]Stage) (incarnation string, err error) {
	defer disk.Lock(r.Root)()

	found, document, err := r.readPipeline(dir)
	if err != nil {
		return "", err
	}

	if !found.Same(from) {
		return "", r.pipelineBelongs(dir, found)
	}

	to.Incarnation = found.Incarnation
	if to.Incarnation == "" {
		to.Incarnation = from.Incarnation // what is made in another checkout is noted in none
	}

	return to.Incarnation, r.putPipeline(to, dir, document, stages)
}

func (r Repository) putPipeline(owner Owner, dir string, document *yaml.Node, stages map[string]Stage) error {
	// Where the file came with a checkout, .dvc may not have.
	if err := r.initialize(); err != nil {
		return err
	}

	put(document, "stages", stageNodes(stages))

	text, err := yaml.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode pipeline: %w", err)
	}

	if err := r.enter(pipelineKey(dir), entry{Owner: owner, Made: true}); err != nil {
		return err
	}

	if err := os.MkdirAll(filepath.Dir(r.pipeline(dir)), 0o755); err != nil {
		return fmt.Errorf("make directory of pipeline: %w", err)
	}

	return write(r.pipeline(dir), head(owner)+string(text))
}

// RemovePipeline removes the pipeline in a directory if WritePipeline made it for an owner. Results and dvc.lock stay: DVC
// made them, not we. A file in which there is more than stages stays without them.
func (r Repository) RemovePipeline(owner Owner, dir string) error {
	defer disk.Lock(r.Root)()

	found, document, err := r.readPipeline(dir)

	switch {
	case errors.Is(err, ErrForeign), errors.Is(err, ErrNotFound):
	case err != nil:
		return err
	case !found.Same(owner):
		return nil // not the owner's any more: hands off
	default:
		if err := r.strip(dir, document); err != nil {
			return err
		}
	}

	if _, err := os.Stat(r.dir()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	return r.leave(pipelineKey(dir), owner)
}

func (r Repository) strip(dir string, document *yaml.Node) error {
	drop(document, "stages")

	if len(document.Content) == 0 {
		if err := os.Remove(r.pipeline(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove pipeline: %w", err)
		}

		return nil
	}

	text, err := yaml.Marshal(document)
	if err != nil {
		return fmt.Errorf("encode pipeline: %w", err)
	}

	return write(r.pipeline(dir), string(text))
}

// Root finds the repository that a pipeline's file belongs to: the nearest directory above with a .dvc.
func Root(file string) (root, dir string, ok bool) {
	for at := filepath.Dir(file); ; at = filepath.Dir(at) {
		if info, err := os.Stat(filepath.Join(at, ".dvc")); err == nil && info.IsDir() {
			dir, err := filepath.Rel(at, filepath.Dir(file))

			return at, filepath.ToSlash(dir), err == nil
		}

		if filepath.Dir(at) == at {
			return "", "", false
		}
	}
}

// PipelineID is the absolute path of a pipeline's file, which identifies it.
func (r Repository) PipelineID(dir string) string { return r.pipeline(dir) }

// Inside says that a slash-separated path does not leave the directory it starts in.
func Inside(dir string) bool {
	return !path.IsAbs(dir) && path.Clean(dir) != ".." && !strings.HasPrefix(path.Clean(dir), "../")
}
