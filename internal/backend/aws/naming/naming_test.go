package naming

import (
	"fmt"
	"strings"
	"testing"
)

// bounded are the names that only have characters, a shape and a length.
var bounded = map[string]struct {
	judge    func(string) string
	min, max int
	good     []string
	bad      map[string]string // value → what the message says
}{
	"bucket": {
		judge: Bucket, min: 3, max: 63, good: []string{"ml-artifacts", "0ab", "a--b"},
		bad: map[string]string{"Upper": `contains "U"`, "a_b": `contains "_"`, "-ab": "not well-formed", "ab-": "not well-formed", "a b": `contains " "`},
	},
	"repository": {
		judge: Repository, min: 2, max: 256, good: []string{"zenml", "team/zenml", "a__b", "a-----b", "a.b_c/d"},
		bad: map[string]string{"Zenml": `contains "Z"`, "a___b": "not well-formed", "a..b": "not well-formed", "/ab": "not well-formed", "ab/": "not well-formed", "a//b": "not well-formed", "a:b": `contains ":"`},
	},
	"role": {
		judge: Role, min: 1, max: 64, good: []string{"A_b+=,.@-", "x"},
		bad: map[string]string{"a b": `contains " "`, "a/b": `contains "/"`, "é": `contains "é"`},
	},
	"policy":              {judge: Policy, min: 1, max: 128, good: []string{"a_b"}, bad: map[string]string{"a:b": `contains ":"`}},
	"pipeline":            {judge: Pipeline, min: 1, max: 256, good: []string{"a--b", "A1"}, bad: map[string]string{"a_b": `contains "_"`, "-a": "not well-formed", "a-": "not well-formed"}},
	"model package group": {judge: ModelPackageGroup, min: 1, max: 63, good: []string{"models"}, bad: map[string]string{"my_models": `contains "_"`}},
	"SageMaker":           {judge: SageMaker, min: 1, max: 63, good: []string{"job-1"}, bad: map[string]string{"job_1": `contains "_"`}},
	"feature group":       {judge: FeatureGroup, min: 1, max: 64, good: []string{"a_b", "a-_b"}, bad: map[string]string{"a_": "not well-formed", "a.b": `contains "."`}},
	"CodeBuild project":   {judge: CodeBuildProject, min: 2, max: 150, good: []string{"a_", "0-"}, bad: map[string]string{"-ab": "not well-formed", "a.b": `contains "."`}},
	"EKS cluster":         {judge: EKSCluster, min: 1, max: 100, good: []string{"a_b-", "0"}, bad: map[string]string{"_a": "not well-formed", "a.b": `contains "."`}},
	"App Runner service":  {judge: AppRunnerService, min: 4, max: 40, good: []string{"abc-"}, bad: map[string]string{"-abc": "not well-formed", "ab.c": `contains "."`}},
	"schedule":            {judge: Schedule, min: 1, max: 64, good: []string{"a.b_c-d"}, bad: map[string]string{"a b": `contains " "`}},
	"secret":              {judge: SecretName, min: 1, max: 512, good: []string{"zenml/a_b+=.@-", "a-12345", "a-1234567"}, bad: map[string]string{"a b": `contains " "`, "key-AbC123": `ends with "-AbC123"`}},
	"secret prefix":       {judge: SecretPrefix, min: 1, max: 476, good: []string{"zenml/"}, bad: map[string]string{"zenml*": `contains "*"`}},
	"log group":           {judge: LogGroup, min: 1, max: 512, good: []string{"/aws/sagemaker/TrainingJobs", "a#b"}, bad: map[string]string{"aws/x": `begins with "aws/"`, "a:b": `contains ":"`}},
	"DB identifier": {
		judge: DBIdentifier, min: 1, max: 63, good: []string{"a", "ml-metadata-1"},
		bad: map[string]string{"1a": "not well-formed", "a--b": "not well-formed", "a-": "not well-formed", "Ab": `contains "A"`, "a_b": `contains "_"`},
	},
	"DB name":   {judge: DBName, min: 1, max: 63, good: []string{"zenml", "A_1"}, bad: map[string]string{"1a": "not well-formed", "_a": "not well-formed", "a-b": `contains "-"`}},
	"tag key":   {judge: TagKey, min: 1, max: 127, good: []string{"Owner", "a b", "ö:/=+-@_.", "aws"}, bad: map[string]string{"aws:x": `begins with "aws:"`, "AWS:x": `begins with "AWS:"`, "a;b": `contains ";"`}},
	"tag value": {judge: TagValue, min: 0, max: 255, good: []string{"", "Team A"}, bad: map[string]string{"a*": `contains "*"`}},
}

func TestNames_AreTakenUpToTheirLengthsAndNoFurther(t *testing.T) {
	t.Parallel()

	for what, one := range bounded {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			for _, length := range []int{one.min, one.max} {
				if problem := one.judge(strings.Repeat("a", length)); problem != "" {
					t.Errorf("%d characters are refused: %s", length, problem)
				}
			}

			for _, length := range []int{one.min - 1, one.max + 1} {
				if length < 0 {
					continue
				}

				problem := one.judge(strings.Repeat("a", length))
				if problem == "" {
					t.Errorf("%d characters are taken", length)
				}

				if want := fmt.Sprintf("%d to %d", one.min, one.max); !strings.Contains(problem, want) {
					t.Errorf("the message does not say %q: %s", want, problem)
				}
			}
		})
	}
}

func TestNames_AreRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()

	for what, one := range bounded {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			for _, name := range one.good {
				if problem := one.judge(name); problem != "" {
					t.Errorf("%q is refused: %s", name, problem)
				}
			}

			for name, want := range one.bad {
				problem := one.judge(name)
				if !strings.Contains(problem, want) || !strings.Contains(problem, name) {
					t.Errorf("%q: got %q, want it to say %q", name, problem, want)
				}

				if !strings.HasSuffix(problem, ".") || strings.Contains(problem, "\n") || strings.Contains(problem, "%!") {
					t.Errorf("%q is no sentence: %s", name, problem)
				}
			}
		})
	}
}

func TestNames_CountCharactersAndNotBytes(t *testing.T) {
	t.Parallel()

	if problem := TagValue(strings.Repeat("ö", 255)); problem != "" {
		t.Error(problem)
	}

	if TagValue(strings.Repeat("ö", 256)) == "" {
		t.Error("256 characters are taken")
	}
}

func TestBucket_SaysExactlyWhatIsWrong(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]string{
		"":     "Bucket name is empty: it has 3 to 63 characters, lower-case letters, digits and hyphens, and begins and ends with a letter or digit.",
		"ab":   "Bucket name \"ab\" has 2 characters: it has 3 to 63, lower-case letters, digits and hyphens, and begins and ends with a letter or digit.",
		"Ab-c": "Bucket name \"Ab-c\" contains \"A\": it has lower-case letters, digits and hyphens, and begins and ends with a letter or digit.",
		"my.bucket": "Bucket name \"my.bucket\" contains a dot: the certificate of https://BUCKET.s3.REGION.amazonaws.com does not cover it and " +
			"Transfer Acceleration refuses it, so use hyphens instead.",
		"192.168.5.4": "Bucket name \"192.168.5.4\" looks like an IP address, which AWS refuses: use letters and hyphens, too.",
	} {
		if got := Bucket(name); got != want {
			t.Errorf("%q:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestBucket_RefusesWhatAWSReserves(t *testing.T) {
	t.Parallel()

	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if got := Bucket(prefix + "abc"); !strings.Contains(got, fmt.Sprintf("begins with %q", prefix)) {
			t.Errorf("%s: %q", prefix, got)
		}

		if got := Bucket("a" + prefix + "abc"); got != "" {
			t.Errorf("%s is reserved at the beginning only: %s", prefix, got)
		}
	}

	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if got := Bucket("abc" + suffix); !strings.Contains(got, fmt.Sprintf("ends with %q", suffix)) {
			t.Errorf("%s: %q", suffix, got)
		}
	}
}

func TestRolePath_BeginsAndEndsWithASlash(t *testing.T) {
	t.Parallel()

	good := []string{"/", "/ml/", "/a/b.c,d+e@f=g_h-i/", "/" + strings.Repeat("a", 510) + "/"}
	bad := []string{"", "ml", "/ml", "ml/", "//", "/a//b/", "/a b/", "/" + strings.Repeat("a", 511) + "/"}

	for _, path := range good {
		if problem := RolePath(path); problem != "" {
			t.Error(problem)
		}
	}

	for _, path := range bad {
		if RolePath(path) == "" {
			t.Errorf("%q is taken", path)
		}
	}
}

func TestTags_AreJudgedTogether(t *testing.T) {
	t.Parallel()

	many := map[string]string{}
	for i := range MaxTags {
		many[fmt.Sprint("k", i)] = ""
	}

	if problem := Tags(many); problem != "" {
		t.Error(problem)
	}

	many["another"] = ""

	for name, one := range map[string]struct {
		tags map[string]string
		want string
	}{
		"too many":  {many, "There are 46 tags: at most 45"},
		"key":       {map[string]string{"a": "b", "aws:x": ""}, `Tag key "aws:x" begins with "aws:"`},
		"value":     {map[string]string{"Owner": "a;b"}, `Tag "Owner": Tag value "a;b" contains ";"`},
		"same keys": {map[string]string{"owner": "a", "Owner": "b"}, `Tag keys "Owner" and "owner" differ only in case`},
	} {
		if got := Tags(one.tags); !strings.Contains(got, one.want) {
			t.Errorf("%s: got %q, want %q in it", name, got, one.want)
		}
	}

	if problem := Tags(nil); problem != "" {
		t.Error(problem)
	}
}
