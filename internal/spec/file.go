package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxFile is the largest file that is read, in bytes. The files of the tool have some hundred.
const maxFile = 1 << 20

// File is a text and what it is called in messages.
type File struct {
	Name string
	// Argument is 0 for the stack and 1 and more for the components.
	Argument int
	Text     []byte
}

func (f File) whole() Mark { return Mark{File: f.Name, Argument: f.Argument} }

// listed is a component file as the stack names it.
type listed struct {
	name string
	at   Mark
}

// open reads the stack file.
func (r *reader) open(path, base string) (File, bool) {
	file := File{Name: path}

	text, problem := load(from(base, path))
	if problem != "" {
		r.refuse(ruleOf(problem), file.whole(), "Cannot read the stack file", "Name the stack file of the mlstacks tool, such as \"${path.module}/stack.yaml\".",
			"%s %s.", file.Name, problem)

		return file, false
	}

	file.Text = text

	return file, true
}

// beside reads the component files that a stack names.
func (r *reader) beside(stack File, base string, names []listed) []File {
	files := make([]File, 0, len(names))

	for i, one := range names {
		first := from(filepath.Dir(stack.Name), one.name)
		file := File{Name: first, Argument: i + 1}

		text, problem := load(from(base, first))
		if problem == absent && first != one.name {
			if text, problem = load(from(base, one.name)); problem != absent {
				file.Name = one.name
			}
		}

		switch problem {
		case "":
			file.Text = text
			files = append(files, file)
		case absent:
			sought := "no " + first
			if first != one.name {
				sought = "neither " + first + " nor " + one.name
			}

			r.refuse(RuleMissing, one.at, "Component file not found", "Name a file beside the stack file, or make it.", "%q %s: there is %s.",
				one.name, problem, sought)
		default:
			r.refuse(ruleOf(problem), one.at, "Cannot read the component file", "Name the component's YAML file.", "%s %s.", file.Name, problem)
		}
	}

	return files
}

// handed names the texts that were handed over by what the stack calls them.
func (r *reader) handed(names []listed, files []File) []File {
	for i, one := range names {
		if i >= len(files) {
			r.refuse(RuleMissing, one.at, "Component text missing", "Hand over a text for each component that the stack names, in the same order.",
				"%s is component %d of the stack, and there are %d texts of components.", quoted(one.name), i+1, len(files))

			break
		}

		files[i].Name += " (" + one.name + ")"
	}

	for _, file := range files[min(len(names), len(files)):] {
		r.refuse(RuleMissing, file.whole(), "Component that the stack does not name", "Leave it out, or name it below components of the stack.",
			"The stack names %d components, and this is text %d.", len(names), file.Argument)
	}

	return files[:min(len(names), len(files))]
}

func componentText(index int) string { return fmt.Sprintf("component_yaml[%d]", index) }

// absent is the problem of a file that is not there.
const absent = "does not exist"

func ruleOf(problem string) string {
	if problem == absent {
		return RuleMissing
	}

	return RuleFile
}

// load reads a file. What is wrong with it is the rest of a sentence that begins with its name.
func load(path string) (text []byte, problem string) {
	info, err := os.Stat(path) // before it is opened: a pipe would wait for a writer
	if err != nil {
		return nil, reason(err)
	}

	switch {
	case info.IsDir():
		return nil, "is a directory"
	case !info.Mode().IsRegular():
		return nil, "is not a regular file"
	case info.Size() > maxFile:
		return nil, fmt.Sprintf("has %d bytes, and a spec has at most %d", info.Size(), maxFile)
	}

	file, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = file.Close() }()

	if text, err = io.ReadAll(io.LimitReader(file, maxFile+1)); err != nil {
		return nil, reason(err)
	}

	if len(text) > maxFile {
		return nil, fmt.Sprintf("has more than %d bytes, which is the most that a spec has", maxFile)
	}

	return text, ""
}

// reason is the system's own, without the path that the message has already.
func reason(err error) string {
	var path *fs.PathError

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent
	case errors.Is(err, fs.ErrPermission):
		return "may not be read by this user"
	case errors.As(err, &path):
		return "cannot be read: " + path.Err.Error()
	default:
		return "cannot be read: " + err.Error()
	}
}

func from(base, path string) string {
	if base == "" || filepath.IsAbs(path) {
		return path
	}

	return filepath.Join(base, path)
}

// isText refuses what no editor would show, at the first byte of it.
func (r *reader) isText(f File) bool {
	for offset := 0; offset < len(f.Text); {
		char, size := utf8.DecodeRune(f.Text[offset:])
		if char != 0 && (char != utf8.RuneError || size != 1) {
			offset += size

			continue
		}

		at := f.mark(offset)
		r.refuse(RuleFile, at, "Not a text file", "Name the YAML file, saved as UTF-8.", "Byte %d of %s, 0x%02x, is in no text in UTF-8.", offset+1, f.Name, f.Text[offset])

		return false
	}

	return true
}

// mark is the place of a byte.
func (f File) mark(offset int) Mark {
	before := f.Text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	m := f.whole()
	m.Line, m.Column = 1+bytes.Count(before, []byte("\n")), 1+utf8.RuneCount(before[start:])

	return m
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }

func list(words []string) string { return strings.Join(words, ", ") }
