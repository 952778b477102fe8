package cluster

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestEKSReplaced_SaysWhy(t *testing.T) {
	t.Parallel()

	before := flavor.Values{
		"version": "1.34", "vpc": nil, "cidr": "10.0.0.0/16", "availability_zones": int64(2), "nat_gateways": "single", "kms_key": "",
		"node_group": map[string]any{"instance_types": []any{"m6i.large"}, "min": int64(1), "disk_gb": int64(50), "capacity": "ON_DEMAND", "ami_type": "A"},
		"log_types":  []any{},
	}

	for name, test := range map[string]struct {
		after flavor.Values
		says  string
	}{
		"nothing":               {flavor.Values{}, ""},
		"two minor versions up": {flavor.Values{"version": "1.36"}, `Set version = "1.35", apply that`},
		"an older version":      {flavor.Values{"version": "1.33"}, `Set version = "1.34", which is what the cluster runs`},
		"version not known":     {flavor.Values{"version": zenml.Unknown{}}, ""},
		"logs":                  {flavor.Values{"log_types": []any{"api"}}, ""},
		"nodes": {flavor.Values{"node_group": map[string]any{
			"instance_types": []any{"m7i.large"}, "min": int64(3), "disk_gb": int64(80), "capacity": "SPOT", "ami_type": "B",
		}}, ""},
		"range":   {flavor.Values{"cidr": "10.1.0.0/16"}, "eks.cidr changes"},
		"network": {flavor.Values{"vpc": map[string]any{"subnet_ids": []any{"a"}}}, "eks.vpc changes"},
	} {
		after := maps.Clone(before)
		maps.Copy(after, test.after)

		var said []string
		for _, problem := range eksReplaced(before, after) {
			said = append(said, problem.Detail)

			if problem.Refused != (problem.Path[0] == "version") { // it is refused, and nothing is thrown away
				t.Errorf("%s: refused is %t", name, problem.Refused)
			}
		}

		if (test.says == "") != (len(said) == 0) || !strings.Contains(strings.Join(said, "\n"), test.says) {
			t.Errorf("%s: %q, should say %q", name, said, test.says)
		}
	}
}

func TestCheckEKS_RefusesWhatAWSWouldRefuseMinutesLater(t *testing.T) {
	t.Parallel()

	for says, values := range map[string]flavor.Values{
		"":                             {"version": "", "cidr": "10.0.0.0/16", "node_group": map[string]any{"min": int64(1), "max": int64(3), "desired": int64(2)}},
		"not among the versions":       {"version": "1.3"},
		"it is a minor version":        {"version": "latest"},
		"5 nodes are more than max":    {"node_group": map[string]any{"min": int64(1), "max": int64(3), "desired": int64(5)}},
		"fewer than min":               {"node_group": map[string]any{"min": int64(1), "max": int64(3), "desired": int64(0)}},
		"4 nodes at least are more":    {"node_group": map[string]any{"min": int64(4), "max": int64(3), "desired": zenml.Unknown{}}},
		"up to /22":                    {"cidr": "10.0.0.0/24"},
		"two availability zones":       {"vpc": map[string]any{"subnet_ids": []any{"subnet-1"}}},
		"no such add-on among addons":  {"addons": map[string]any{"coredns": ""}, "addon_configuration": map[string]any{"vpc-cni": "{}"}},
		"this is no JSON":              {"addons": map[string]any{"coredns": ""}, "addon_configuration": map[string]any{"coredns": "{"}},
		"no AWS region":                {"region": "eu-wst-1"},
		"an alias, by which no policy": {"kms_key": "alias/x"},
	} {
		var said []string
		for _, problem := range checkEKS(values) {
			if !problem.Warning {
				said = append(said, problem.Detail)
			}
		}

		if (says == "") != (len(said) == 0) || !strings.Contains(strings.Join(said, "\n"), says) {
			t.Errorf("%v: %q, should say %q", values, said, says)
		}
	}

	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

	for version, want := range map[string]string{"1.36": "", "1.32": "warning", "1.30": "warning", "1.3": "error", "1.99": "warning"} {
		problems, is := checkEKSVersion(flavor.Values{"version": version}, day), ""
		if len(problems) == 1 {
			is = map[bool]string{true: "warning", false: "error"}[problems[0].Warning]
		}

		if is != want {
			t.Errorf("of %s it has %q, should have %q: %+v", version, is, want, problems)
		}

		if problems := checkEKSVersion(flavor.Values{"version": version, "skip_version_check": true}, day); len(problems) > 0 {
			t.Errorf("of %s it says %+v, although nobody asked", version, problems)
		}
	}
}

// What is only recorded stays as it is written, and is neither changed nor deleted; an import reads everything back.
func TestEKS_RecordsAndImportsWhatExists(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	api(t, d)

	in := input(t, d)

	made, err := eksDriver{}.Create(t.Context(), in, plain())
	if err != nil {
		t.Fatal(err)
	}

	recorded := in
	recorded.Managed = false
	written := plain()
	written.Version, written.NodeGroup.Desired = "", 1

	d.Reset()

	cfg, seen, err := eksDriver{}.Read(t.Context(), recorded, "dev", written)
	if err != nil || seen.Incarnation != kubeSystem || len(seen.Drift) > 0 || fmt.Sprint(cfg) != fmt.Sprint(written) || len(d.Calls()) > 3 {
		t.Errorf("%+v %+v %v, after %d calls", cfg, seen, err, len(d.Calls()))
	}

	imported := in
	imported.Name, imported.Was, imported.Labels = "", "", map[string]string{}

	cfg, seen, err = eksDriver{}.Read(t.Context(), imported, "dev", eksConfig{})
	if err != nil || seen.Name != "dev" || len(seen.Drift) > 0 || seen.Incarnation != made.Incarnation || fmt.Sprint(cfg) != fmt.Sprint(plain()) {
		t.Errorf("%+v %+v %v", cfg, seen, err)
	}

	in.Outputs = map[string]string{"account": "123456789012"}

	if _, _, err := (eksDriver{}).Read(t.Context(), in, "dev", plain()); err == nil || errors.Is(err, flavor.ErrNotFound) || !strings.Contains(err.Error(), "is in account 123456789012") {
		t.Errorf("with another login it says %v", err)
	}
}

// A removal that did not get to its end is finished by the next one: what is left of a cluster keeps it in the state.
func TestEKS_IsNotForgottenWhileItsNetworkIsLeft(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	api(t, d)

	in := input(t, d)

	made, err := eksDriver{}.Create(t.Context(), in, plain())
	if err != nil {
		t.Fatal(err)
	}

	in.Incarnation, in.Outputs = made.Incarnation, made.Outputs
	d.Inject(awstest.Fault{Operation: "ec2:DeleteVpc", Times: -1, Status: 400, Code: "DependencyViolation", Message: "in use"})

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", plain()); err == nil || !strings.Contains(err.Error(), "DependencyViolation") {
		t.Fatalf("it says %v", err)
	}

	d.Reset()

	cfg, seen, err := eksDriver{}.Read(t.Context(), in, "dev", plain())
	if err != nil || !seen.Afresh || len(seen.Drift) == 0 {
		t.Fatalf("%+v %+v %v", cfg, seen, err)
	}

	in.Incarnation = ""

	if again, err := (eksDriver{}).Update(t.Context(), in, "dev", cfg, plain()); err != nil || again.Incarnation != kubeSystem {
		t.Errorf("it is not made anew: %+v, %v", again, err)
	}

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", plain()); err != nil || len(left(t, d)) > 0 {
		t.Errorf("it leaves %q, %v", left(t, d), err)
	}
}
