package charts

import "testing"

func TestModel_SplitsReplicasBetweenTracks(t *testing.T) {
	t.Parallel()
	loaded := load(t, Model)
	for _, each := range []struct{ replicas, percent, stable, canary int }{
		{10, 25, 7, 3}, {4, 25, 3, 1}, {100, 1, 99, 1}, {1, 50, 1, 1}, {2, 99, 1, 2}, {0, 50, 0, 0},
	} {
		all, err := render(loaded, values{"image": "a:1", "replicas": each.replicas, "canary": values{
			"enabled": true, "image": "a:2", "percent": each.percent,
		}})
		if err != nil {
			t.Fatal(err)
		}
		stable, canary := find(all, "Deployment", "demo"), find(all, "Deployment", "demo-canary")
		if at(stable, "spec", "replicas") != each.stable || at(canary, "spec", "replicas") != each.canary {
			t.Errorf("%+v: %v and %v", each, at(stable, "spec", "replicas"), at(canary, "spec", "replicas"))
		}
		for _, container := range list(canary, "spec", "template", "spec", "containers") {
			if image := text(container, "image"); image != "a:2" {
				t.Errorf("%+v: canary runs %v", each, image)
			}
		}
	}
}

func TestModel_RequiresImages(t *testing.T) {
	t.Parallel()
	for _, given := range []values{{}, {"image": "a:1", "canary": values{"enabled": true}}} {
		if _, err := render(load(t, Model), given); err == nil {
			t.Errorf("%v is accepted", given)
		}
	}
}
