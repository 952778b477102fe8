package function

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// The rules of the services, written once more from their documentation and in another way than the code has them.
var service = map[string]func(string) bool{
	"s3": func(name string) bool {
		return between(name, 3, 63) && only(name, "-") && ends(name) && !begins(name, "xn--", "sthree-", "amzn-s3-demo-") &&
			!finishes(name, "-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
	},
	"gcs": func(name string) bool {
		return between(name, 3, 63) && only(name, "-_") && ends(name) && !begins(name, "goog") && !strings.Contains(name, "google") &&
			!strings.Contains(strings.NewReplacer("0", "o", "1", "l").Replace(name), "google")
	},
	"ecr": func(name string) bool {
		if !between(name, 2, 256) || !only(name, "-_./") {
			return false
		}

		for part := range strings.SplitSeq(name, "/") {
			for _, run := range regexp.MustCompile(`[^a-z0-9]+`).FindAllString(part, -1) {
				if run != "." && run != "_" && run != "__" && strings.Trim(run, "-") != "" {
					return false
				}
			}

			if part == "" || !ends(part) {
				return false
			}
		}

		return true
	},
	"kubernetes": func(name string) bool {
		return between(name, 1, 63) && only(name, "-") && ends(name) && unicode.IsLetter(rune(name[0]))
	},
}

func between(name string, least, most int) bool { return len(name) >= least && len(name) <= most }

func only(name, further string) bool {
	for _, char := range []byte(name) {
		if (char < 'a' || char > 'z') && (char < '0' || char > '9') && !strings.ContainsRune(further, rune(char)) {
			return false
		}
	}

	return true
}

func ends(name string) bool { return only(name[:1], "") && only(name[len(name)-1:], "") }

func begins(name string, with ...string) bool {
	for _, one := range with {
		if strings.HasPrefix(name, one) {
			return true
		}
	}

	return false
}

func finishes(name string, with ...string) bool {
	for _, one := range with {
		if strings.HasSuffix(name, one) {
			return true
		}
	}

	return false
}

func TestNormalize_ReadsLikeTheName(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ target, name, want string }{
		{"s3", "My Bucket", "my-bucket"},
		{"s3", "my-bucket", "my-bucket"},
		{"s3", "a--b", "a--b"},
		{"s3", "Ärger & Söhne", "arger-sohne"},
		{"s3", "Straße", "strasse"},
		{"s3", "my.bucket", "my-bucket"},
		{"s3", "my_bucket", "my-bucket"},
		{"s3", "192.168.5.4", "192-168-5-4"},
		{"s3", "  --x_y--  ", "x-y"},
		{"s3", "xn--bucket", "xn-bucket"},
		{"gcs", "My_Bucket", "my_bucket"},
		{"gcs", "My_.Bucket", "my-bucket"},
		{"gcs", "data.example.com", "data-example-com"},
		{"ecr", "Team/My_Model.v2", "team/my_model.v2"},
		{"ecr", "/Team // Models/", "team/models"},
		{"ecr", "a__b", "a__b"},
		{"ecr", "a...B", "a-b"},
		{"kubernetes", "My Namespace", "my-namespace"},
		{"kubernetes", "A", "a"},
		{"kubernetes", "v1.2_beta", "v1-2-beta"},
	} {
		if got := targets[c.target].normalize(c.name); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.target, c.name, got, c.want)
		}
	}
}

func TestNormalize_MarksWhatLostMoreThanCaseAndSeparators(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ target, name, begins string }{
		{"s3", "ab", "ab-"},
		{"s3", "x-s3alias", "x-s3alias-"},
		{"s3", "sthree-a", "m-sthree-a-"},
		{"s3", "amzn-s3-demo-a", "m-amzn-s3-demo-a-"},
		{"s3", "modèle 模型", "modele-"},
		{"s3", "模型", "m-"},
		{"s3", "", "m-"},
		{"s3", strings.Repeat("long-", 20), strings.Repeat("long-", 11)},
		{"gcs", "goog-data", "goo-g-data-"},
		{"gcs", "my-google-data", "my-goo-gle-data-"},
		{"gcs", "g00gle", "g00-gle-"},
		{"ecr", "a", "a-"},
		{"kubernetes", "1st", "m-1st-"},
		{"kubernetes", strings.Repeat("a", 64), strings.Repeat("a", 54) + "-"},
	} {
		got := targets[c.target].normalize(c.name)
		if rest, ok := strings.CutPrefix(got, c.begins); !ok || !regexp.MustCompile(`^[0-9a-f]{8}$`).MatchString(rest) {
			t.Errorf("%s: %q became %q, want %q and a hash", c.target, c.name, got, c.begins)
		}
	}
}

// awkward are names at the edges of the rules.
func awkward() []string {
	names := []string{
		"", "a", "ab", "abc", "-", "--", "…", "a-", "-a", "A", "ÅÄÖ", "日本語", "xn--a", "sthree-", "sthree-a", "amzn-s3-demo-", "a-s3alias", "a--ol-s3",
		"a.mrap", "a--x-s3", "a--table-s3", "goog", "google", "googoogle", "g00gl3", "go0g1e", "1.2.3.4", "1", "1/2", "a/b", "a//b", "./a", "a/.b", "a._b",
		"İ", "ǅ", "\xff", "a\x00b", "½", "e\u0301", "ﬁle", "😀", "😀😀", "m-1st", "1st",
	}

	for _, length := range []int{2, 3, 53, 54, 55, 62, 63, 64, 65, 246, 247, 255, 256, 257, 1000} {
		names = append(names, strings.Repeat("a", length), strings.Repeat("1", length), strings.Repeat("a-", length/2), strings.Repeat("é_", length/2))
	}

	return names
}

func TestNormalize_IsValidAndStaysAsItIs(t *testing.T) {
	t.Parallel()

	letters := []rune("abzgole013__--../ ABZÄß模😀")
	random := rand.New(rand.NewPCG(6, 1)) //nolint:gosec // a test wants the same names each time

	names := awkward()

	for range 4000 {
		word := make([]rune, random.IntN(90))
		for i := range word {
			word[i] = letters[random.IntN(len(letters))]
		}

		names = append(names, string(word))
	}

	for target := range targets {
		seen := map[string]string{}

		for _, name := range names {
			settle(t, target, name)

			got := targets[target].normalize(name)
			if other, ok := seen[got]; ok && alike(other) != alike(name) {
				t.Errorf("%s: %q and %q both became %q", target, other, name, got)
			}

			seen[got] = name
		}
	}
}

// settle holds a name that was made to the rules of the service.
func settle(t *testing.T, target, name string) {
	t.Helper()

	got := targets[target].normalize(name)

	if !service[target](got) {
		t.Errorf("%s: %q became %q, which is not valid", target, name, got)
	}

	if again := targets[target].normalize(got); again != got {
		t.Errorf("%s: %q became %q and then %q", target, name, got, again)
	}

	if service[target](name) && got != name {
		t.Errorf("%s: %q is valid and became %q", target, name, got)
	}
}

// alike is the same for names that differ in nothing but case, accents and separators.
func alike(name string) string {
	folded, _ := fold(name)

	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(folded, "-"), "-")
}

func FuzzNormalize(f *testing.F) {
	for _, name := range awkward() {
		f.Add(name)
	}

	f.Fuzz(func(t *testing.T, name string) {
		for target := range targets {
			settle(t, target, name)
		}
	})
}
