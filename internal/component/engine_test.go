package component_test

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	resourcetest "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/custom"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// world is where the objects of the flavor "thing" live: names to sizes.
type world struct {
	sync.Mutex

	sizes map[string]int64
	// failures are what the next creations and updates end with, after having done their work.
	failures []error
	wait     bool
}

type thing struct {
	Size int64 `tfsdk:"size"`
}

type thingDriver struct{ *world }

func (w *world) set(ctx context.Context, name string, size int64) error {
	w.Lock()
	defer w.Unlock()

	w.sizes[name] = size

	if w.wait {
		<-ctx.Done()

		return ctx.Err()
	}

	if len(w.failures) == 0 {
		return nil
	}

	err := w.failures[0]
	w.failures = w.failures[1:]

	return err
}

func (d thingDriver) Create(ctx context.Context, in flavor.Input, cfg thing) (flavor.Result, error) {
	return flavor.Result{ID: in.Name, Outputs: map[string]string{"made": "yes"}}, d.set(ctx, in.Name, cfg.Size)
}

func (d thingDriver) Read(_ context.Context, _ flavor.Input, id string, cfg thing) (thing, flavor.Result, error) {
	d.Lock()
	defer d.Unlock()

	size, ok := d.sizes[id]
	if !ok {
		return cfg, flavor.Result{}, flavor.ErrNotFound
	}

	return thing{Size: size}, flavor.Result{ID: id, Name: id, Outputs: map[string]string{"made": "yes"}}, nil
}

func (d thingDriver) Update(ctx context.Context, _ flavor.Input, id string, _, cfg thing) (flavor.Result, error) {
	return flavor.Result{}, d.set(ctx, id, cfg.Size)
}

func (d thingDriver) Delete(_ context.Context, _ flavor.Input, id string, _ thing) error {
	d.Lock()
	defer d.Unlock()
	delete(d.sizes, id)

	return flavor.ErrNotFound // gone already, as somebody else may have it: no reason to fail
}

func (d thingDriver) Locate(flavor.Input, thing) (string, error) { return "x", nil }

// stub serves the one kind "alerter" with the one flavor "thing".
type stub struct {
	provider.Provider

	world *world
}

func (s stub) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "stub"
}

func (stub) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (stub) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = component.Settings{}
}

func (stub) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (s stub) Resources(context.Context) []func() resource.Resource {
	f := flavor.Define[thing](flavor.Meta{Name: "thing", Summary: "A thing."}, map[string]schema.Attribute{
		"size": schema.Int64Attribute{Required: true, MarkdownDescription: "Size."},
	}, thingDriver{s.world})
	kind := flavor.Kind{Name: "alerter", Purpose: "For tests.", Flavors: []flavor.Flavor{f}}

	return []func() resource.Resource{func() resource.Resource { return component.New(kind, custom.Door(kind)) }}
}

func run(t *testing.T, w *world, steps ...resourcetest.TestStep) {
	t.Helper()

	w.sizes = map[string]int64{}

	resourcetest.UnitTest(t, resourcetest.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"stub": providerserver.NewProtocol6WithError(stub{world: w}),
		},
		Steps: steps,
	})
}

const small, large = `resource "stub_alerter" "x" {
  name  = "x"
  thing = { size = 1 }
}`, `resource "stub_alerter" "x" {
  name  = "x"
  thing = { size = 2 }
}`

func TestCreate_ThatFailsAfterMakingTheObjectKeepsItInTheState(t *testing.T) {
	t.Parallel()

	w := &world{failures: []error{errors.New("the line went dead")}}
	run(t, w,
		resourcetest.TestStep{Config: small, ExpectError: regexp.MustCompile(`(?s)Cannot create alerter "x".*The line went dead.*apply again`)},
		// Terraform marks what a failed creation left as tainted: it is in the state, and is replaced.
		resourcetest.TestStep{Config: small, ConfigPlanChecks: resourcetest.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("stub_alerter.x", plancheck.ResourceActionDestroyBeforeCreate),
		}}},
		resourcetest.TestStep{Config: small, ConfigPlanChecks: resourcetest.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectEmptyPlan(),
		}}},
	)
}

func TestUpdate_ThatFailsKeepsTheOldStateAndConverges(t *testing.T) {
	t.Parallel()

	w := &world{}
	run(t, w,
		resourcetest.TestStep{Config: small},
		resourcetest.TestStep{
			PreConfig:   func() { w.failures = []error{flavor.ErrUnreachable} },
			Config:      large,
			ExpectError: regexp.MustCompile(`(?s)Cannot update alerter "x".*Check that it can be reached`),
		},
		resourcetest.TestStep{Config: large, Check: func(*terraform.State) error {
			if w.sizes["x"] != 2 {
				return errors.New("the second apply did not finish the first")
			}

			return nil
		}},
	)
}

func TestRead_WritesDriftIntoTheFlavorsAttributes(t *testing.T) {
	t.Parallel()

	w := &world{}
	run(t, w,
		resourcetest.TestStep{Config: small},
		resourcetest.TestStep{
			PreConfig: func() { w.sizes["x"] = 7 },
			Config:    small,
			ConfigPlanChecks: resourcetest.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("stub_alerter.x", plancheck.ResourceActionUpdate),
			}},
			Check: func(*terraform.State) error {
				if w.sizes["x"] != 1 {
					return errors.New("the drift was not put right")
				}

				return nil
			},
		},
	)
}

func TestTimeouts_BoundAnOperation(t *testing.T) {
	t.Parallel()

	run(t, &world{wait: true}, resourcetest.TestStep{
		Config: `resource "stub_alerter" "x" {
  name     = "x"
  thing    = { size = 1 }
  timeouts = { create = "50ms" }
}`,
		ExpectError: regexp.MustCompile(`(?s)did\s+not\s+finish\s+in\s+time.*Raise\s+timeouts.create`),
	})
}
