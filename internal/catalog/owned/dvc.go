package owned

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/dvc"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// DVCRemote is the configuration of a remote in a DVC repository.
type DVCRemote struct {
	Repository string `tfsdk:"repository"`
	Remote     string `tfsdk:"remote"`
	URL        string `tfsdk:"url"`
	Default    bool   `tfsdk:"default"`
}

// RepositoryAttribute is the attribute for the directory of a DVC repository.
func RepositoryAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Required: true,
		MarkdownDescription: "Directory of the repository, which exists already; a relative one starts where Terraform runs. Where it has no " +
			"`.dvc`, one is made, for Git if the directory is in a Git repository. Another repository replaces this one.",
		Validators:    PathValidators(),
		PlanModifiers: []planmodifier.String{replaceWhenMoved()},
	}
}

// DVCRemoteAttributes are the attributes of DVCRemote. what says what the remote keeps; name and preferred are
// defaults.
func DVCRemoteAttributes(what, name string, preferred bool) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"repository": RepositoryAttribute(),
		"remote": schema.StringAttribute{
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(name),
			MarkdownDescription: fmt.Sprintf("Name of the remote that keeps %s. Defaults to %#q. Another name is another remote: it replaces this one.", what, name),
			Validators: []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*$`),
				"must be lower-case letters, digits, dots, hyphens and underscores, as DVC ignores case")},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"url": schema.StringAttribute{
			Required: true,
			MarkdownDescription: fmt.Sprintf("Where the remote keeps %s: an address such as `s3://bucket/path`, `gs://…`, `azure://…` or "+
				"`ssh://…`, or a directory on this machine, where a relative one starts where Terraform runs.", what),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"default": schema.BoolAttribute{
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(preferred),
			MarkdownDescription: fmt.Sprintf("Whether DVC uses this remote where a command names none. Defaults to `%t`.", preferred),
		},
	}
}

// ViewDVCRemote is what others may know of a remote.
func ViewDVCRemote(v flavor.Values) flavor.Facts {
	return flavor.Facts{URI: flavor.Map(v["url"], func(url string) any {
		if dvc.Elsewhere(url) {
			return url
		}

		return Absolute(url)
	})}
}

var dvcSchemes = []string{"azure", "file", "gdrive", "gs", "hdfs", "http", "https", "oss", "remote", "s3", "ssh", "webdav", "webdavs", "webhdfs"}

// CheckDVCRemote refuses URLs that DVC cannot use, and passwords, which belong into .dvc/config.local.
func CheckDVCRemote(v flavor.Values) []flavor.Problem {
	text, ok := v["url"].(string)
	if !ok {
		return nil
	}

	objection := func(detail string) []flavor.Problem {
		return []flavor.Problem{{Path: []string{"url"}, Summary: "Invalid URL of a DVC remote", Detail: detail}}
	}

	if strings.ContainsAny(text, "\n\r") || strings.Contains(text, "%(") {
		return objection("The URL holds a line break or \"%(\", which DVC's configuration cannot hold.\n\nRemove it.")
	}

	name, _, ok := strings.Cut(text, "://")
	if !ok {
		return nil
	}

	if known := strings.Join(dvcSchemes, "://, "); !strings.Contains(" "+known+"://", " "+name+"://") {
		return objection(fmt.Sprintf("DVC has no remotes of type %q.\n\nUse one of: %s://; or a path.", name+"://", known))
	}

	if parsed, err := url.Parse(text); err == nil && parsed.User != nil {
		if _, secret := parsed.User.Password(); secret {
			return objection("The URL holds a password, which would end up in the state and in a file that is usually committed.\n\n" +
				"Remove it, and give it to DVC with: dvc remote modify --local.")
		}
	}

	return nil
}

// DVCRemoteDriver serves flavors that are a remote in a DVC repository.
type DVCRemoteDriver struct{}

func dvcRemote(cfg DVCRemote) (dvc.Repository, dvc.Remote) {
	return dvc.Repository{Root: Absolute(cfg.Repository)}, dvc.Remote{Name: cfg.Remote, URL: cfg.URL, Default: cfg.Default}
}

// DVCOwner is a component as the owner of what is in a DVC repository.
func DVCOwner(in flavor.Input) dvc.Owner {
	return dvc.Owner{Kind: in.Kind, Name: in.Name, Incarnation: in.Incarnation}
}

// DVCFormer is a component as the owner that it is known as before an update.
func DVCFormer(in flavor.Input) dvc.Owner {
	in.Name = in.Was

	return DVCOwner(in)
}

// Locate is the repository and the remote's name.
func (DVCRemoteDriver) Locate(_ flavor.Input, cfg DVCRemote) (string, error) {
	return Absolute(cfg.Repository) + "#" + cfg.Remote, nil
}

// Preflight refuses at plan a remote that is there with another URL, or another default.
func (DVCRemoteDriver) Preflight(_ context.Context, in flavor.Input, cfg DVCRemote) error {
	repository, remote := dvcRemote(cfg)
	if err := repository.Free(DVCOwner(in), remote); errors.Is(err, dvc.ErrForeign) {
		return DVCFault(err)
	}

	return nil // the repository may come into being until apply
}

// Create writes the remote.
func (d DVCRemoteDriver) Create(_ context.Context, in flavor.Input, cfg DVCRemote) (flavor.Result, error) {
	repository, remote := dvcRemote(cfg)

	incarnation, err := repository.AddRemote(DVCOwner(in), remote)
	if err != nil {
		return flavor.Result{}, DVCFault(err)
	}

	id, err := d.Locate(in, cfg)

	return flavor.Result{ID: id, Name: in.Name, Incarnation: incarnation}, err
}

// Read reads the remote back. One that is there already, and not ours to change, has to be as it is described; one that
// has come to belong to another component, or to a later incarnation of this one, counts as gone.
func (DVCRemoteDriver) Read(_ context.Context, in flavor.Input, id string, cfg DVCRemote) (DVCRemote, flavor.Result, error) {
	at := strings.LastIndex(id, "#")
	if at < 0 || at == len(id)-1 || !filepath.IsAbs(id[:at]) {
		return cfg, flavor.Result{}, BadID(in.Kind, "dvc", id, "<repository>#<remote>, with the absolute path of the repository", "/srv/ml/repository#models")
	}

	repository := dvc.Repository{Root: id[:at]}

	found, err := repository.Remote(id[at+1:])
	if err != nil {
		return cfg, flavor.Result{}, DVCFault(err)
	}

	same := repository.SameURL(found.URL, cfg.URL)
	if !in.Managed {
		if !same {
			err = DVCFault(&dvc.ConflictError{About: "url", Err: fmt.Errorf("remote %q with URL %q %w: its URL is %q",
				found.Name, cfg.URL, dvc.ErrNotFound, found.URL)})
		}

		return cfg, flavor.Result{ID: id}, err
	}

	owner, err := repository.RemoteOwner(DVCOwner(in), found.Name)

	switch {
	case errors.Is(err, dvc.ErrForeign) && cfg.Repository != "":
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrNotFound, err)
	case err != nil:
		return cfg, flavor.Result{}, DVCFault(err)
	case cfg.Repository == "":
		cfg.Repository = repository.Root // an import knows nothing else
	}

	if cfg.URL == "" || !same {
		cfg.URL = found.URL
	}

	cfg.Remote, cfg.Default = found.Name, found.Default

	return cfg, flavor.Result{ID: id, Name: owner.Name, Incarnation: owner.Incarnation}, nil
}

// Update changes URL and default.
func (DVCRemoteDriver) Update(_ context.Context, in flavor.Input, id string, _, cfg DVCRemote) (flavor.Result, error) {
	repository, remote := dvcRemote(cfg)

	incarnation, err := repository.ChangeRemote(DVCFormer(in), DVCOwner(in), remote)
	if err != nil {
		return flavor.Result{}, DVCFault(err)
	}

	return flavor.Result{ID: id, Name: in.Name, Incarnation: incarnation}, nil
}

// Delete removes the remote from the configuration; what it keeps stays where it is. A remote that has come to belong to
// another component, or to a later incarnation of this one, stays.
func (DVCRemoteDriver) Delete(_ context.Context, in flavor.Input, _ string, cfg DVCRemote) error {
	repository, remote := dvcRemote(cfg)

	return DVCFault(repository.RemoveRemote(DVCOwner(in), remote.Name))
}

var dvcFixes = map[string]string{
	"repository": "Make the directory first, for example with git clone, or correct the path; then apply again.",
	"remote":     "Choose another name for the remote, or set managed = false to use what is there as it is.",
	"url":        "Give the URL that is there, choose another name for the remote, or remove it with: dvc remote remove.",
	"default":    "Set default = false, or take the present default back with: dvc remote default --unset.",
	"pipeline":   "Choose another directory for the pipeline, or move the file that is there away.",
}

// DVCFault gives an error of a DVC repository the attribute at fault and the way out.
func DVCFault(err error) error {
	if err == nil {
		return nil
	}

	class := flavor.ErrNotOurs
	if errors.Is(err, dvc.ErrNotFound) {
		class = flavor.ErrNotFound
	}

	if conflict, ok := errors.AsType[*dvc.ConflictError](err); ok {
		return &flavor.AttributeError{Attribute: []string{conflict.About}, Err: flavor.Because(class, err), Fix: dvcFixes[conflict.About]}
	}

	return &flavor.AttributeError{Attribute: []string{"repository"}, Err: err}
}
