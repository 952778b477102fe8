package dvc_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/dvc"
)

var (
	registry = dvc.Owner{Kind: "model_registry", Name: "models"}
	store    = dvc.Owner{Kind: "metadata_store", Name: "metadata"}
	pipeline = dvc.Owner{Kind: "orchestrator", Name: "pipeline"}
)

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

// done is for calls that return an incarnation, which does not matter here.
func done(t *testing.T) func(string, error) {
	t.Helper()

	return func(_ string, err error) {
		t.Helper()
		must(t, err)
	}
}

func failed(_ string, err error) error { return err }

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func read(t *testing.T, path string) string {
	t.Helper()

	text, err := os.ReadFile(path)
	must(t, err)

	return string(text)
}

func conflict(t *testing.T, err error, about string) {
	t.Helper()

	var c *dvc.ConflictError
	if !errors.As(err, &c) || c.About != about {
		t.Fatalf("error is %v, want a conflict about %s", err, about)
	}
}

// dvcProgram runs the real dvc in a repository, or skips the test where there is none.
func dvcProgram(t *testing.T) func(dir string, arguments ...string) string {
	t.Helper()

	program := os.Getenv("MLSTACKS_TEST_DVC")
	if program == "" {
		t.Skip("SKIPPED: the runs of the real DVC need MLSTACKS_TEST_DVC, a dvc to run; make test sets one up")
	}

	home := t.TempDir()

	return func(dir string, arguments ...string) string {
		t.Helper()

		command := exec.CommandContext(t.Context(), program, arguments...)
		command.Dir = dir
		command.Env = append(os.Environ(), "DVC_NO_ANALYTICS=true", "DO_NOT_TRACK=true", "COLUMNS=1000", "HOME="+home, "XDG_CONFIG_HOME="+home,
			"DVC_SITE_CACHE_DIR="+filepath.Join(home, "site"), "DVC_GLOBAL_CONFIG_DIR="+home, "DVC_SYSTEM_CONFIG_DIR="+home)

		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("dvc %s: %v\n%s", strings.Join(arguments, " "), err, output)
		}

		return string(output)
	}
}

func repository(t *testing.T) dvc.Repository {
	t.Helper()

	return dvc.Repository{Root: t.TempDir()}
}

func TestAddRemote_KeepsTheRestOfTheFile(t *testing.T) {
	t.Parallel()

	const before = "# ours\n[core]\n    autostage = true  # keep\n\n['remote \"Old\"']\n    url = s3://old # note\n    region = x\n\n# last\n[cache]\n    type = copy\n"

	r := repository(t)
	config := filepath.Join(r.Root, ".dvc", "config")
	write(t, config, before)

	done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://bucket/a,b#c", Default: true}))

	after := read(t, config)
	for line := range strings.Lines(before) {
		if !strings.Contains(after, line) {
			t.Errorf("lost line %q:\n%s", line, after)
		}
	}

	found, err := r.Remote("models")
	must(t, err)

	if found.URL != "s3://bucket/a,b#c" || !found.Default {
		t.Errorf("read back %+v", found)
	}

	if old, err := r.Remote("old"); err != nil || old.URL != "s3://old" {
		t.Errorf("old remote is %+v, %v", old, err)
	}

	must(t, r.RemoveRemote(registry, "models"))

	if now := read(t, config); now != before {
		t.Errorf("not as before:\n%s", now)
	}
}

func TestAddRemote_RefusesAnotherURLAndAnotherDefault(t *testing.T) {
	t.Parallel()

	r := repository(t)
	write(t, filepath.Join(r.Root, ".dvc", "config"), "[core]\nremote = theirs\n['remote \"models\"']\nurl = s3://theirs\n")

	conflict(t, r.Free(registry, dvc.Remote{Name: "models", URL: "s3://ours"}), "url")
	conflict(t, failed(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://ours"})), "url")
	conflict(t, failed(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://theirs", Default: true})), "default")
}

func TestAddRemote_LeavesBehindWhatItTookOver(t *testing.T) {
	t.Parallel()

	const before = "['remote \"models\"']\n    url = s3://bucket\n"

	r := repository(t)
	write(t, filepath.Join(r.Root, ".dvc", "config"), before)

	done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://bucket"}))
	conflict(t, failed(r.AddRemote(dvc.Owner{Kind: "model_registry", Name: "second"}, dvc.Remote{Name: "models", URL: "s3://bucket"})), "remote")
	must(t, r.RemoveRemote(registry, "models"))

	if now := read(t, filepath.Join(r.Root, ".dvc", "config")); now != before {
		t.Errorf("not as before:\n%s", now)
	}
}

func TestAddRemote_ConvergesAfterBeingKilled(t *testing.T) {
	t.Parallel()

	r := repository(t)
	done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://bucket"}))
	done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://bucket"})) // the state was never saved
	must(t, r.RemoveRemote(registry, "models"))
	must(t, r.RemoveRemote(registry, "models"))

	if entries, err := os.ReadDir(r.Root); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestAddRemote_NeedsTheDirectory(t *testing.T) {
	t.Parallel()

	r := dvc.Repository{Root: filepath.Join(t.TempDir(), "none")}
	_, err := r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://bucket"})
	conflict(t, err, "repository")
}

func TestRemotes_OfConcurrentComponentsCoexist(t *testing.T) {
	t.Parallel()

	r := repository(t)

	var group sync.WaitGroup

	group.Go(func() { done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://a"})) })
	group.Go(func() { done(t)(r.AddRemote(store, dvc.Remote{Name: "metadata", URL: "s3://b", Default: true})) })
	group.Go(func() { done(t)(r.WritePipeline(pipeline, ".", map[string]dvc.Stage{"one": {Command: "true"}})) })
	group.Wait()

	for _, name := range []string{"models", "metadata"} {
		if _, err := r.Remote(name); err != nil {
			t.Error(err)
		}
	}

	group.Go(func() { must(t, r.RemoveRemote(registry, "models")) })
	group.Go(func() { must(t, r.RemoveRemote(store, "metadata")) })
	group.Go(func() { must(t, r.RemovePipeline(pipeline, ".")) })
	group.Wait()

	if entries, err := os.ReadDir(r.Root); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Terraform may make the new one before it destroys the old one, and cannot tell that they are at the same place.
func TestRemoveRemote_KeepsALaterIncarnationAndThoseOfOthers(t *testing.T) {
	t.Parallel()

	r := repository(t)
	remote := dvc.Remote{Name: "models", URL: "s3://a"}
	old, latest := registry, registry

	var err error

	old.Incarnation, err = r.AddRemote(registry, remote)
	must(t, err)

	latest.Incarnation, err = r.AddRemote(registry, remote)
	must(t, err)

	for _, other := range []dvc.Owner{old, {Kind: registry.Kind, Name: "other"}, {Kind: "metadata_store", Name: registry.Name}} {
		conflict(t, failed(r.ChangeRemote(other, other, remote)), "remote")
		must(t, r.RemoveRemote(other, "models"))

		if _, err := r.RemoteOwner(other, "models"); !errors.Is(err, dvc.ErrForeign) {
			t.Errorf("%+v owns it: %v", other, err)
		}
	}

	renamed := dvc.Owner{Kind: registry.Kind, Name: "renamed"}

	if kept, err := r.ChangeRemote(latest, renamed, remote); err != nil || kept != latest.Incarnation {
		t.Errorf("incarnation was %q, and is %q: %v", latest.Incarnation, kept, err)
	}

	must(t, r.RemoveRemote(latest, "models")) // as after an apply that was killed before it recorded the new name

	if entries, err := os.ReadDir(r.Root); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestRemovePipeline_KeepsALaterIncarnationAndThoseOfOthers(t *testing.T) {
	t.Parallel()

	r := repository(t)
	stages := map[string]dvc.Stage{"one": {Command: "true"}}
	old, latest := pipeline, pipeline

	var err error

	old.Incarnation, err = r.WritePipeline(pipeline, ".", stages)
	must(t, err)

	latest.Incarnation, err = r.WritePipeline(pipeline, ".", stages)
	must(t, err)

	for _, other := range []dvc.Owner{old, {Kind: pipeline.Kind, Name: "other"}, {Kind: "sandbox", Name: pipeline.Name}} {
		conflict(t, failed(r.ChangePipeline(other, other, ".", nil)), "pipeline")
		must(t, r.RemovePipeline(other, "."))

		if _, _, err := r.PipelineOwned(other, "."); !errors.Is(err, dvc.ErrForeign) {
			t.Errorf("%+v owns it: %v", other, err)
		}
	}

	if _, found, err := r.PipelineOwned(latest, "."); err != nil || len(found) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}

	renamed := dvc.Owner{Kind: pipeline.Kind, Name: "renamed"}

	if kept, err := r.ChangePipeline(latest, renamed, ".", stages); err != nil || kept != latest.Incarnation {
		t.Errorf("incarnation was %q, and is %q: %v", latest.Incarnation, kept, err)
	}

	must(t, r.RemovePipeline(latest, "."))

	if entries, err := os.ReadDir(r.Root); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Git brings the file to another checkout, and not what is noted of it.
func TestPipeline_OfAnotherCheckoutIsKnownByItsName(t *testing.T) {
	t.Parallel()

	here, there := repository(t), repository(t)
	known := pipeline

	var err error

	known.Incarnation, err = here.WritePipeline(pipeline, ".", map[string]dvc.Stage{"one": {Command: "true"}})
	must(t, err)
	write(t, filepath.Join(there.Root, dvc.PipelineName), read(t, filepath.Join(here.Root, dvc.PipelineName)))

	if kept, err := there.ChangePipeline(known, known, ".", map[string]dvc.Stage{"two": {Command: "true"}}); err != nil || kept != known.Incarnation {
		t.Errorf("incarnation was %q, and is %q: %v", known.Incarnation, kept, err)
	}

	must(t, there.RemovePipeline(known, "."))
}

func TestRemove_KeepsADirectoryThatDVCUsed(t *testing.T) {
	t.Parallel()

	r := repository(t)
	done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: "s3://a"}))
	write(t, filepath.Join(r.Root, ".dvc", "cache", "files", "md5", "aa"), "x")
	must(t, r.RemoveRemote(registry, "models"))

	if text := read(t, filepath.Join(r.Root, ".dvc", "config")); strings.Contains(text, "models") {
		t.Errorf("remote is still there:\n%s", text)
	}
}

func TestWritePipeline_ReadsBackWhatItWrote(t *testing.T) {
	t.Parallel()

	r := repository(t)
	stages := map[string]dvc.Stage{"train": {
		Command: "python train.py\necho \"done: yes\"", WorkDir: "src", Deps: []string{"train.py", "true"},
		Params: []string{"lr", "more.yaml:a,b.c", "all.json:"}, Outs: []string{"model"}, Metrics: []string{"m.json"}, Plots: []string{"p.csv"},
	}, "plain": {Command: "true", WorkDir: "."}}

	done(t)(r.WritePipeline(pipeline, "sub", stages))

	owner, found, err := r.Pipeline("sub")
	must(t, err)

	if !owner.Same(pipeline) || !slices.Equal(slices.Sorted(maps.Keys(found)), []string{"plain", "train"}) {
		t.Fatalf("read back %+v of %+v", found, owner)
	}

	if train := found["train"]; train.Command != stages["train"].Command || !slices.Equal(train.Params, stages["train"].Params) ||
		!slices.Equal(train.Deps, stages["train"].Deps) || !slices.Equal(train.Metrics, []string{"m.json"}) {
		t.Errorf("read back %+v", train)
	}
}

func TestPipeline_LeavesOutStagesThatSayMore(t *testing.T) {
	t.Parallel()

	r := repository(t)
	done(t)(r.WritePipeline(pipeline, ".", map[string]dvc.Stage{"one": {Command: "true"}}))

	file := filepath.Join(r.Root, dvc.PipelineName)
	write(t, file, strings.Replace(read(t, file), "cmd: ", "frozen: true\n        cmd: ", 1))

	if _, found, err := r.Pipeline("."); err != nil || len(found) > 0 {
		t.Errorf("found %+v, %v", found, err)
	}

	done(t)(r.ChangePipeline(pipeline, pipeline, ".", map[string]dvc.Stage{"one": {Command: "true"}}))

	if text := read(t, file); strings.Contains(text, "frozen") {
		t.Errorf("not put right:\n%s", text)
	}
}

func TestWritePipeline_RefusesAFileOfOthersAndKeepsTheirParts(t *testing.T) {
	t.Parallel()

	r := repository(t)
	file := filepath.Join(r.Root, dvc.PipelineName)
	write(t, file, "stages: {}\n")
	conflict(t, failed(r.WritePipeline(pipeline, ".", nil)), "pipeline")
	must(t, r.RemovePipeline(pipeline, "."))
	must(t, os.Remove(file))

	done(t)(r.WritePipeline(pipeline, ".", map[string]dvc.Stage{"one": {Command: "true"}}))
	write(t, file, read(t, file)+"plots:\n  - p.csv\n")
	done(t)(r.ChangePipeline(pipeline, pipeline, ".", map[string]dvc.Stage{"two": {Command: "true"}}))
	must(t, r.RemovePipeline(pipeline, "."))

	if text := read(t, file); text != "plots:\n    - p.csv\n" {
		t.Errorf("file is now:\n%s", text)
	}
}

func TestRealDVC_PushesAndPullsThroughOurRemotes(t *testing.T) {
	t.Parallel()

	run := dvcProgram(t)

	for name, prepare := range map[string]func(t *testing.T, root string){
		"plain directory": func(*testing.T, string) {},
		"git":             git,
		"below git": func(t *testing.T, root string) {
			t.Helper()
			git(t, filepath.Dir(root))
		},
		"dvc init --no-scm": func(t *testing.T, root string) { t.Helper(); run(root, "init", "--no-scm", "-q") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := dvc.Repository{Root: filepath.Join(t.TempDir(), "repository")}
			must(t, os.Mkdir(r.Root, 0o755))
			prepare(t, r.Root)

			models, metadata := filepath.Join(t.TempDir(), "with, comma # and blank"), t.TempDir()
			done(t)(r.AddRemote(registry, dvc.Remote{Name: "models", URL: models}))
			done(t)(r.AddRemote(store, dvc.Remote{Name: "metadata", URL: metadata, Default: true}))

			if list := run(r.Root, "remote", "list"); !strings.Contains(list, models) || !strings.Contains(list, metadata) {
				t.Errorf("remotes:\n%s", list)
			}

			if now := strings.TrimSpace(run(r.Root, "config", "core.remote")); now != "metadata" {
				t.Errorf("default is %q", now)
			}

			write(t, filepath.Join(r.Root, "model.bin"), "weights")
			run(r.Root, "add", "model.bin")
			run(r.Root, "push", "-r", "models")
			run(r.Root, "push")
			must(t, os.RemoveAll(filepath.Join(r.Root, ".dvc", "cache")))
			must(t, os.Remove(filepath.Join(r.Root, "model.bin")))
			run(r.Root, "pull", "-r", "models")

			if text := read(t, filepath.Join(r.Root, "model.bin")); text != "weights" {
				t.Errorf("pulled %q", text)
			}

			// DVC writes the whole configuration afresh: what it makes of it is still ours to read and remove.
			run(r.Root, "remote", "add", "third", "s3://third/x")
			done(t)(r.ChangeRemote(registry, registry, dvc.Remote{Name: "models", URL: "s3://changed/here"}))
			must(t, r.RemoveRemote(store, "metadata"))

			list := run(r.Root, "remote", "list")
			if !strings.Contains(list, "s3://changed/here") || !strings.Contains(list, "third") || strings.Contains(list, "metadata") {
				t.Errorf("remotes after all:\n%s", list)
			}
		})
	}
}

func git(t *testing.T, root string) {
	t.Helper()

	if output, err := exec.CommandContext(t.Context(), "git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: git is needed: %v\n%s", err, output)
	}
}

func TestRealDVC_ReproducesOurPipeline(t *testing.T) {
	t.Parallel()

	run := dvcProgram(t)
	r := repository(t)

	write(t, filepath.Join(r.Root, "train", "params.yaml"), "lr: 0.5\n")
	write(t, filepath.Join(r.Root, "train", "more.yaml"), "a: {b: 1}\n")
	write(t, filepath.Join(r.Root, "train", "raw.txt"), "raw")

	done(t)(r.WritePipeline(pipeline, "train", map[string]dvc.Stage{
		"evaluate": {Command: `echo '{"score": 1}' > metrics.json; echo "x,y" > plot.csv`, Deps: []string{"model.txt"}, Metrics: []string{"metrics.json"}, Plots: []string{"plot.csv"}},
		"train":    {Command: "cp raw.txt model.txt", Deps: []string{"raw.txt"}, Params: []string{"lr", "more.yaml:a.b"}, Outs: []string{"model.txt"}},
	}))

	run(r.Root, "repro", filepath.Join("train", dvc.PipelineName))

	if text := read(t, filepath.Join(r.Root, "train", "model.txt")); text != "raw" {
		t.Errorf("model is %q", text)
	}

	if metrics := run(r.Root, "metrics", "show", filepath.Join("train", "metrics.json")); !strings.Contains(metrics, "score") {
		t.Errorf("metrics:\n%s", metrics)
	}

	if status := run(r.Root, "status"); !strings.Contains(status, "up to date") {
		t.Errorf("status:\n%s", status)
	}

	if _, found, err := r.Pipeline("train"); err != nil || len(found) != 2 {
		t.Errorf("after the run: %+v, %v", found, err)
	}

	must(t, r.RemovePipeline(pipeline, "train"))
	must(t, func() error { _, err := os.Stat(filepath.Join(r.Root, "train", "dvc.lock")); return err }())
}
