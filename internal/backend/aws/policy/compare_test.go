package policy

import (
	"net/url"
	"strings"
	"testing"
)

func TestEqual_IsAboutTheMeaning(t *testing.T) {
	t.Parallel()

	wrap := func(statement string) string { return `{"Version":"2012-10-17","Statement":` + statement + `}` }
	base := wrap(`[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:a","arn:b"]}]`)
	trust := wrap(`{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}`)

	for name, one := range map[string]struct {
		a, b string
		want bool
	}{
		"order and repetition": {base, wrap(`[{"Resource":["arn:b","arn:a","arn:a"],"Action":["s3:PutObject","s3:GetObject"],"Effect":"Allow"}]`), true},
		"white space":          {base, strings.ReplaceAll(base, ",", " ,\n "), true},
		"one without its list": {wrap(`{"Effect":"Allow","Action":"a:B","Resource":"*"}`), wrap(`[{"Effect":"Allow","Action":["a:B"],"Resource":["*"]}]`), true},
		"case of actions":      {base, strings.ReplaceAll(base, "s3:GetObject", "S3:getobject"), true},
		"encoded":              {base, url.PathEscape(base), true},
		"empty Sid":            {base, strings.Replace(base, `"Effect"`, `"Sid":"","Effect"`, 1), true},
		"order of statements":  {wrap(`[{"Effect":"Deny","Action":"a:B"},{"Effect":"Allow","Action":"a:C"}]`), wrap(`[{"Effect":"Allow","Action":"a:C"},{"Effect":"Deny","Action":"a:B"}]`), true},
		"anybody":              {wrap(`{"Principal":"*"}`), wrap(`{"Principal":{"AWS":["*"]}}`), true},
		"account":              {trust, strings.ReplaceAll(trust, "123456789012", "arn:aws:iam::123456789012:root"), true},
		"condition": {
			wrap(`{"Condition":{"Bool":{"aws:SecureTransport":false}}}`), wrap(`{"Condition":{"Bool":{"aws:securetransport":["false"]}}}`), true,
		},
		"nothing":              {"", " ", true},
		"something":            {"", base, false},
		"another action":       {base, strings.Replace(base, "PutObject", "DeleteObject", 1), false},
		"another effect":       {base, strings.Replace(base, "Allow", "Deny", 1), false},
		"another Sid":          {base, strings.Replace(base, `"Effect"`, `"Sid":"A","Effect"`, 1), false},
		"case of resources":    {base, strings.Replace(base, "arn:a", "arn:A", 1), false},
		"case of a tag":        {wrap(`{"Condition":{"Null":{"aws:ResourceTag/a":"true"}}}`), wrap(`{"Condition":{"Null":{"aws:ResourceTag/A":"true"}}}`), false},
		"case before a tag":    {wrap(`{"Condition":{"Null":{"aws:ResourceTag/a":"true"}}}`), wrap(`{"Condition":{"Null":{"aws:resourcetag/a":"true"}}}`), true},
		"version":              {base, strings.Replace(base, "2012-10-17", "2008-10-17", 1), false},
		"condition added":      {base, strings.Replace(base, `"Effect"`, `"Condition":{"Bool":{"a:b":"true"}},"Effect"`, 1), false},
		"not a resource":       {base, strings.Replace(base, `"Resource"`, `"NotResource"`, 1), false},
		"no version, the old":  {`{"Statement":[]}`, `{"Version":"2008-10-17"}`, true},
		"empty condition gone": {base, strings.Replace(base, `"Effect"`, `"Condition":{},"Effect"`, 1), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for _, pair := range [][2]string{{one.a, one.b}, {one.b, one.a}} {
				got, err := Equal(pair[0], pair[1])
				if err != nil || got != one.want {
					t.Errorf("got %v, %v for %s and %s", got, err, pair[0], pair[1])
				}
			}
		})
	}
}

func TestEqual_FailsOnWhatIsNoPolicy(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"%zz", "{", "[]", `{"Statement":["a"]}`} {
		if _, err := Equal(text, ""); err == nil {
			t.Errorf("%q is taken for a policy", text)
		}
	}
}

func TestEqual_HoldsForEveryDocumentAndItsEncoding(t *testing.T) {
	t.Parallel()

	for name, documents := range samples(places[0]) {
		for _, document := range documents {
			if same, err := Equal(document.JSON(), url.PathEscape(document.JSON())); !same || err != nil {
				t.Errorf("%s differs from itself: %v", name, err)
			}
		}
	}
}

func TestWithStatement_LeavesForeignStatementsAlone(t *testing.T) {
	t.Parallel()

	const foreign = `{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"NotAction":"s3:Put*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"a:b":true}}}`

	ours := TLSOnly("arn:aws:s3:::b")

	for name, existing := range map[string]string{
		"list":   `{"Version":"2008-10-17","Id":"x","Statement":[` + foreign + `]}`,
		"single": `{"Version":"2008-10-17","Id":"x","Statement":` + foreign + `}`,
	} {
		with, err := WithStatement(existing, ours)
		if err != nil {
			t.Fatal(err)
		}

		if !strings.Contains(with, foreign) || !strings.Contains(with, `"Id":"x"`) || !strings.Contains(with, "2008-10-17") || strings.Count(with, SidTLSOnly) != 1 {
			t.Errorf("%s: got %s", name, with)
		}

		if again, err := WithStatement(with, TLSOnly("arn:aws:s3:::b")); err != nil || again != with {
			t.Errorf("%s: the second time it is %s, %v", name, again, err)
		}

		without, err := Without(with, SidTLSOnly)
		if err != nil {
			t.Fatal(err)
		}

		if same, err := Equal(without, existing); !same || err != nil {
			t.Errorf("%s: without it there is %s, %v", name, without, err)
		}
	}
}

func TestWithStatement_MakesAPolicyOfNone(t *testing.T) {
	t.Parallel()

	with, err := WithStatement("", TLSOnly("arn:aws:s3:::b"))

	want := `{"Version":"2012-10-17","Statement":[{"Sid":"MLStacksTLSOnly","Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*",` +
		`"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	if err != nil || with != want {
		t.Errorf("got %s, %v", with, err)
	}

	if found, err := Find(with, SidTLSOnly); err != nil || !strings.Contains(found, "SecureTransport") {
		t.Errorf("it is not found: %q, %v", found, err)
	}

	if found, err := Find(with, "Other"); err != nil || found != "" {
		t.Errorf("found %q, %v", found, err)
	}

	if without, err := Without(with, SidTLSOnly); err != nil || without != "" {
		t.Errorf("a policy without statements is left: %q, %v", without, err)
	}

	if _, err := WithStatement("{", TLSOnly("a")); err == nil {
		t.Error("half a policy is taken")
	}
}
