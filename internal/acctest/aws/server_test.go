package aws

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// child is the variable that makes this binary a process to be killed.
const child = "MLSTACKS_TEST_MOTO_CHILD"

func TestServer_EndsWithTheProcessThatStartedIt(t *testing.T) {
	t.Parallel()

	if os.Getenv(child) != "" {
		_, _ = os.Stdout.WriteString("moto " + Start(t).server.address + "\n") // the parent would miss it
		time.Sleep(time.Minute)

		return
	}

	if os.Getenv(Variable) == "" {
		t.Skipf("SKIPPED: %v", errNoMoto)
	}

	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	process.Env = append(os.Environ(), child+"=true")

	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := process.Start(); err != nil {
		t.Fatal(err)
	}

	address := ""
	for lines := bufio.NewScanner(stdout); address == "" && lines.Scan(); {
		_, address, _ = strings.Cut(lines.Text(), "moto ")
	}

	if !listens(t, address) {
		t.Errorf("moto does not listen at %q", address)
	}

	_ = process.Process.Kill() // it may have ended, which the next lines would show
	_ = process.Wait()         // it was killed, as the error would say

	for range 100 {
		if !listens(t, address) {
			return
		}

		time.Sleep(50 * time.Millisecond)
	}

	t.Errorf("moto at %s outlived the process that started it", address)
}

func listens(t *testing.T, address string) bool {
	t.Helper()

	connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		return false
	}

	_ = connection.Close() // it was only tried

	return true
}
