package rig

import (
	"os"
	"strings"
)

// Processor is the make of the processor; empty where the system does not tell.
func Processor() string { return LineOf("/proc/cpuinfo", "model name", ":") }

// UnknownProcessor is what to say where nothing tells its make.
const UnknownProcessor = "a processor of unknown make"

// Load is how busy the machine was during the last minute, as a number; empty where the system does not tell.
func Load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}

	last, _, _ := strings.Cut(string(text), " ")

	return last
}

// LineOf is the value that a file gives to a key, empty when it does not.
func LineOf(file, key, separator string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}

	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, separator); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}

	return ""
}
