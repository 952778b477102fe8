package coderepository

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?$`)

// host is the attribute of the server, for those who run their own.
func host(service, standard string) schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(standard),
		MarkdownDescription: "Host of " + service + ". Defaults to `" + standard + "`.",
		Validators:          []validator.String{stringvalidator.RegexMatches(hostName, "must be the name of a host, such as "+standard)},
	}
}

// name is an attribute that becomes a part of the repository's address.
func name(text string, pattern *regexp.Regexp, message string) schema.Attribute {
	return schema.StringAttribute{
		Required:            true,
		MarkdownDescription: text,
		Validators:          []validator.String{stringvalidator.RegexMatches(pattern, message)},
	}
}

// page is the address https://host/owner/name: none while a part of it is not there, as after an import, and unknown
// while a part of it is.
func page(parts ...any) any {
	var address strings.Builder
	address.WriteString("https:/")

	for _, part := range parts {
		switch part := part.(type) {
		case string:
			address.WriteString("/" + part)
		case nil:
			return nil
		default:
			return zenml.Unknown{}
		}
	}

	return address.String()
}

// pageOf makes the view of a repository from the attributes that name its owner and itself.
func pageOf(standardHost, owner, name string) func(flavor.Values) flavor.Facts {
	return func(v flavor.Values) flavor.Facts {
		return flavor.Facts{URI: page(v.Text("host", standardHost), v[owner], v[name])}
	}
}
