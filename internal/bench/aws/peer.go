package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// findPeer finds the binary of hashicorp/aws: the one that is named, else the newest in the mirror, else the newest in the
// first directory from which Terraform takes providers without being told. It is empty where there is none, and never fetched.
func findPeer(o options) (string, error) {
	if o.peer != "" {
		binary, err := filepath.Abs(o.peer)
		if err == nil {
			_, err = os.Stat(binary)
		}

		if err != nil {
			return "", fmt.Errorf("find hashicorp/aws: %w", err)
		}

		return binary, nil
	}

	for _, directory := range append([]string{o.mirror}, implied()...) {
		if directory == "" {
			continue
		}

		if binary := newest(directory); binary != "" {
			return filepath.Abs(binary) //nolint:wrapcheck // it fails where the current directory is gone
		}
	}

	return "", nil
}

// implied are the directories that Terraform takes providers from where its settings do not say otherwise.
func implied() []string {
	var directories []string

	if home, err := os.UserHomeDir(); err == nil {
		directories = append(directories, filepath.Join(home, ".terraform.d", "plugins"))
		if os.Getenv("XDG_DATA_HOME") == "" {
			directories = append(directories, filepath.Join(home, ".local", "share", "terraform", "plugins"))
		}
	}

	shared := os.Getenv("XDG_DATA_DIRS")
	if shared == "" {
		shared = "/usr/local/share" + string(filepath.ListSeparator) + "/usr/share"
	}

	for _, data := range append([]string{os.Getenv("XDG_DATA_HOME")}, filepath.SplitList(shared)...) {
		if data != "" {
			directories = append(directories, filepath.Join(data, "terraform", "plugins"))
		}
	}

	return directories
}

// newest is the newest hashicorp/aws for this system in a mirror, with its packages unpacked; empty where there is none.
func newest(mirror string) string {
	found, err := filepath.Glob(filepath.Join(mirror, "*", "hashicorp", "aws", "*", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-aws*"))
	if err != nil || len(found) == 0 {
		return ""
	}

	return slices.MaxFunc(found, func(a, b string) int { return compareVersions(versionOf(a), versionOf(b)) })
}

// versionOf is the directory that names the version in the path of a binary in a mirror.
func versionOf(binary string) string { return filepath.Base(filepath.Dir(filepath.Dir(binary))) }

func compareVersions(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)

		if errX != nil || errY != nil { // as in 6.0.0-beta1
			return cmp.Compare(a, b)
		}

		return cmp.Compare(x, y)
	})
}

// peerVersion is what the name of the binary says, as in terraform-provider-aws_v5.100.0_x5.
func peerVersion(binary string) string {
	_, version, ok := strings.Cut(filepath.Base(binary), "_v")
	if !ok {
		return "of unknown version"
	}

	version, _, _ = strings.Cut(strings.TrimSuffix(version, ".exe"), "_")

	return version
}
