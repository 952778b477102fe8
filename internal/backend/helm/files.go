package helm

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/ignore"
)

const chartFile = "Chart.yaml"

// readFS reads the chart at the root of a file system, or in the directory that has its name.
func readFS(files fs.FS, name string) ([]*archive.BufferedFile, error) {
	if _, err := fs.Stat(files, chartFile); errors.Is(err, fs.ErrNotExist) && name != "" {
		below, err := fs.Sub(files, name)
		if err != nil {
			return nil, err
		}

		files = below
	}

	rules, err := ignored(files)
	if err != nil {
		return nil, err
	}

	var read []*archive.BufferedFile

	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}

		info, err := entry.Info()
		if err != nil {
			return err
		}

		if rules.Ignore(name, info) {
			if entry.IsDir() {
				return fs.SkipDir
			}

			return nil
		}

		if entry.IsDir() {
			return nil
		}

		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		read = append(read, &archive.BufferedFile{Name: path.Clean(name), Data: data})

		return nil
	})
	if err != nil {
		return nil, err
	}

	return read, nil
}

func ignored(files fs.FS) (*ignore.Rules, error) {
	rules := ignore.Empty()

	text, err := fs.ReadFile(files, ignore.HelmIgnore)
	if err == nil {
		rules, err = ignore.Parse(bytes.NewReader(text))
	}

	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", ignore.HelmIgnore, err)
	}

	rules.AddDefaults()

	return rules, nil
}

// contentDigest tells charts apart that have one name and version; it depends on nothing but the files.
func contentDigest(files []*archive.BufferedFile) string {
	sorted := slices.SortedFunc(slices.Values(files), func(a, b *archive.BufferedFile) int { return cmp.Compare(a.Name, b.Name) })

	var text bytes.Buffer
	for _, file := range sorted {
		fmt.Fprintf(&text, "%q %d\n", file.Name, len(file.Data))
		text.Write(file.Data)
	}

	return shortDigest(text.Bytes())
}

// sameVersion compares as charts are named: v1.2.3 is 1.2.3.
func sameVersion(a, b string) bool {
	if a == b {
		return true
	}

	left, err := semver.NewVersion(a)
	if err != nil {
		return false
	}

	right, err := semver.NewVersion(b)

	return err == nil && left.Equal(right) && left.Metadata() == right.Metadata()
}

// verify compares a digest that was asked for with the one of what came.
func (s Source) verify(got string) error {
	want := strings.TrimPrefix(strings.ToLower(s.Digest), "sha256:")
	got = strings.TrimPrefix(got, "sha256:")

	if want != "" && want != got {
		return fmt.Errorf("its digest is sha256:%s, not sha256:%s: it is not what the digest was taken of; "+
			"find out why before you change digest", got, want)
	}

	return nil
}

func archiveDigest(data []byte) string {
	sum := sha256.Sum256(data)

	return hex.EncodeToString(sum[:])
}
