package aws

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Identity is the provider block of a login to a server that can tell whose login it is and nothing else: enough for plans
// of what is not there yet, and no Python is needed.
func Identity(tb testing.TB) string {
	tb.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
			`<Arn>arn:aws:iam::123456789012:user/ci</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>`+
			`</GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	tb.Cleanup(server.Close)

	return block(server.URL, "AKIAIOSFODNN7EXAMPLE", nil)
}
