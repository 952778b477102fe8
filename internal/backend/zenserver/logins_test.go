package zenserver_test

import (
	"errors"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

func TestLogins_GivesAKeyToItsServerOnly(t *testing.T) {
	t.Parallel()

	logins := zenserver.NewLogins("test", func(string) string { return "" })
	logins.Configure(zenserver.Login{URL: "https://one.example.com/", APIKey: "k"})

	if client, err := logins.Client("https://one.example.com"); err != nil || client.URL() != "https://one.example.com" {
		t.Errorf("the server that the key is for: %v", err)
	}

	if _, err := logins.Client("https://two.example.com"); !errors.Is(err, zenserver.ErrNoCredentials) {
		t.Errorf("another server: %v", err)
	}

	zenserver.Remember("https://two.example.com", "seen")

	if _, err := logins.Client("https://two.example.com/"); err != nil || !logins.Fleeting("https://two.example.com") || logins.Fleeting("https://one.example.com") {
		t.Errorf("a server whose key was seen: %v", err)
	}
}

// A key is for the server that is named beside it, also where the name is not known yet.
func TestLogins_KeepTheKeyOfAServerThatIsNotKnownYet(t *testing.T) {
	t.Parallel()

	logins := zenserver.NewLogins("test", func(string) string { return "" })
	logins.Configure(zenserver.Login{APIKey: "key", Unknown: true, URLUnknown: true})

	_, err := logins.Client("https://other.example.com")
	if !errors.Is(err, zenserver.ErrNoCredentials) || !errors.Is(err, zenserver.ErrUndecided) {
		t.Errorf("the key goes to another server: %v", err)
	}

	if url := logins.Default(); url != "" {
		t.Errorf("the default is %s", url)
	}
}
