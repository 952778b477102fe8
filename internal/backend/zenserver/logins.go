package zenserver

import (
	"fmt"
	"sync"
)

// The variables by which ZenML itself is told where its server is and how to log in.
const (
	URLVariable    = "ZENML_STORE_URL"
	APIKeyVariable = "ZENML_STORE_API_KEY"
)

// Login is what somebody said about how to log in.
type Login struct {
	// URL is the one server that APIKey is for; empty: whichever is asked for.
	URL string
	// APIKey is that of a service account; empty: nothing was said.
	APIKey string
	// Unknown says that only apply can tell something of it.
	Unknown bool
	// URLUnknown says that it is the URL: there is one, so that the key is not for whichever server.
	URLUnknown bool
}

// fits says whether the login is for a server.
func (l Login) fits(url string) bool {
	return l.APIKey != "" && !l.URLUnknown && (l.URL == "" || Address(l.URL) == url)
}

// Logins are the ways to log in of one process: what the configuration says, what the environment says, and keys that
// were seen on the way. Clients are shared, so that there is one login for each server.
type Logins struct {
	// UserAgent tells servers who asks.
	UserAgent string

	mu         sync.Mutex
	configured Login
	ambient    Login
	clients    map[account]*Client
}

// NewLogins returns logins by the environment alone, which lookup reads, as os.Getenv does.
func NewLogins(userAgent string, lookup func(string) string) *Logins {
	return &Logins{
		UserAgent: userAgent,
		ambient:   Login{URL: lookup(URLVariable), APIKey: lookup(APIKeyVariable)},
		clients:   map[account]*Client{},
	}
}

// Configure takes over what the configuration says.
func (l *Logins) Configure(login Login) {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.configured = login
}

// Default is the server that is meant where none is named; empty where nothing says.
func (l *Logins) Default() string {
	l.mu.Lock()
	defer l.mu.Unlock()

	if l.configured.URL != "" || l.configured.URLUnknown {
		return Address(l.configured.URL)
	}

	return Address(l.ambient.URL)
}

// Lasting says whether there is a way to log in at a server that the next process has as well.
func (l *Logins) Lasting(url string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()

	url = Address(url)

	return l.configured.fits(url) || l.ambient.fits(url) || l.configured.Unknown
}

// Fleeting says whether there is a way to log in at a server now, and none that the next process has as well.
func (l *Logins) Fleeting(url string) bool { return seen.get(Address(url)) != "" && !l.Lasting(url) }

// Client returns the client for a server. The error wraps ErrNoCredentials where there is no way to log in.
func (l *Logins) Client(url string) (*Client, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	url = Address(url)

	for _, login := range []Login{l.configured, l.ambient, {URL: url, APIKey: seen.get(url)}} {
		if login.fits(url) {
			return l.open(account{url: url, key: login.APIKey}), nil
		}
	}

	if l.configured.Unknown {
		return nil, fmt.Errorf("%w for the server at %s: %w", ErrNoCredentials, url, ErrUndecided)
	}

	for _, login := range []Login{l.configured, l.ambient} {
		if login.APIKey != "" {
			return nil, fmt.Errorf("%w for the server at %s: the one that is there is for %s", ErrNoCredentials, url, Address(login.URL))
		}
	}

	return nil, fmt.Errorf("%w for the server at %s", ErrNoCredentials, url)
}

// Named says whether somebody gave a key for a server and named the server with it.
func (l *Logins) Named(url string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()

	url = Address(url)

	return l.configured.URL != "" && l.configured.fits(url) || l.ambient.URL != "" && l.ambient.fits(url)
}

// ClientAs returns the client of a user, one for each server and user.
func (l *Logins) ClientAs(config Config) *Client {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.open(account{url: Address(config.URL), key: config.APIKey, user: config.Username, password: config.Password})
}

// account tells clients apart.
type account struct{ url, key, user, password string }

func (l *Logins) open(a account) *Client {
	client, ok := l.clients[a]
	if !ok {
		client = New(Config{URL: a.url, APIKey: a.key, Username: a.user, Password: a.password, UserAgent: l.UserAgent})
		l.clients[a] = client
	}

	return client
}

// keyring keeps keys for as long as the process lives. It is one for the process: a key is seen where a server is
// described, and needed where something else is registered there.
type keyring struct {
	mu   sync.Mutex
	keys map[string]string
}

var seen = &keyring{keys: map[string]string{}}

// Remember keeps a key for a server until the process ends.
func Remember(url, key string) {
	seen.mu.Lock()
	defer seen.mu.Unlock()

	seen.keys[Address(url)] = key
}

func (k *keyring) get(url string) string {
	k.mu.Lock()
	defer k.mu.Unlock()

	return k.keys[url]
}
