package main

import (
	"os"
	"testing"
)

func TestQuiet_LeavesALogThatSomebodyAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		environment []string
		want        string
	}{
		"nobody asked":        {[]string{"LANG=C"}, "OFF"},
		"Terraform's log":     {[]string{"TF_LOG=TRACE"}, ""},
		"the provider's log":  {[]string{"TF_LOG_PROVIDER=DEBUG"}, ""},
		"the framework's log": {[]string{"TF_LOG_SDK_FRAMEWORK=TRACE"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TF_LOG_SDK", "")
			quiet(c.environment)

			if got := os.Getenv("TF_LOG_SDK"); got != c.want {
				t.Errorf("TF_LOG_SDK is %q, want %q", got, c.want)
			}
		})
	}
}
