package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Kubeconfig is the ephemeral resource mlstacks_kubeconfig: the way into a cluster with its credentials.
type Kubeconfig struct{ clouds flavor.Clouds }

var _ ephemeral.EphemeralResourceWithConfigure = (*Kubeconfig)(nil)

// NewKubeconfig returns the ephemeral resource mlstacks_kubeconfig.
func NewKubeconfig() *Kubeconfig { return &Kubeconfig{} }

// Configure takes over the logins of the provider block.
func (k *Kubeconfig) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &k.clouds)...)
}

type kubeconfigModel struct {
	Cluster           *clusterReference `tfsdk:"cluster"`
	Kubeconfig        types.String      `tfsdk:"kubeconfig"`
	Host              types.String      `tfsdk:"host"`
	CACertificate     types.String      `tfsdk:"cluster_ca_certificate"`
	ClientCertificate types.String      `tfsdk:"client_certificate"`
	ClientKey         types.String      `tfsdk:"client_key"`
	Token             types.String      `tfsdk:"token"`
}

// Metadata names the ephemeral resource mlstacks_kubeconfig.
func (k *Kubeconfig) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_kubeconfig"
}

// Schema describes the parts of a kubeconfig.
func (k *Kubeconfig) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	part := func(text string) schema.Attribute {
		return schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: text}
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "The way into a cluster with its credentials, for other providers. It is neither in the plan nor in the state.",
		Attributes: map[string]schema.Attribute{
			"cluster": schema.SingleNestedAttribute{
				Required:            true,
				MarkdownDescription: "The cluster: an `mlstacks_cluster`, whole.",
				Attributes:          referenceAttributes(),
			},
			"kubeconfig":             part("A whole kubeconfig file, with this cluster as its only context."),
			"host":                   schema.StringAttribute{Computed: true, MarkdownDescription: "Address of the Kubernetes API."},
			"cluster_ca_certificate": part("Certificate of the authority that the API's certificate is of, in PEM."),
			"client_certificate":     part("Certificate of the client, in PEM; null where the cluster takes a token."),
			"client_key":             part("Key of the client, in PEM; null where the cluster takes a token."),
			"token":                  part("Token of the client, good for some minutes where a cloud hands it out; null where the cluster takes a certificate."),
		},
	}
}

func referenceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the cluster."},
		"reference": schema.MapAttribute{
			Required: true, ElementType: types.StringType, MarkdownDescription: "How to get at the cluster.",
		},
	}
}

// Open finds the credentials.
func (k *Kubeconfig) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m kubeconfigModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)

	if resp.Diagnostics.HasError() || m.Cluster == nil {
		return
	}

	reference, known := m.Cluster.parts()
	if !known {
		return // Terraform asks again when everything is known
	}

	opened, err := cluster.Open(ctx, cluster.LoginsOf(k.clouds), reference)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Lookup(path.Root("cluster"), clusterWords, m.Cluster.Name.ValueString(), worded(err)))

		return
	}

	if err := m.fill(opened.REST(), m.Cluster.Name.ValueString()); err != nil {
		resp.Diagnostics.Append(diagnose.Lookup(path.Root("cluster"), clusterWords, m.Cluster.Name.ValueString(), worded(err)))

		return
	}

	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}

// fill takes a client's configuration apart. Certificates in files are read, so that the result is good elsewhere.
func (m *kubeconfigModel) fill(config *rest.Config, name string) error {
	if err := rest.LoadTLSFiles(config); err != nil {
		return err
	}

	token := config.BearerToken
	m.Host = types.StringValue(config.Host)
	m.CACertificate, m.Token = optional(string(config.CAData)), optional(token)
	m.ClientCertificate, m.ClientKey = optional(string(config.CertData)), optional(string(config.KeyData))

	file := api.NewConfig()
	file.Clusters[name] = &api.Cluster{
		Server: config.Host, CertificateAuthorityData: config.CAData, InsecureSkipTLSVerify: config.Insecure, TLSServerName: config.ServerName,
	}
	file.AuthInfos[name] = &api.AuthInfo{
		Token: token, ClientCertificateData: config.CertData, ClientKeyData: config.KeyData, Exec: config.ExecProvider,
		Username: config.Username, Password: config.Password,
		Impersonate: config.Impersonate.UserName, ImpersonateUID: config.Impersonate.UID,
		ImpersonateGroups: config.Impersonate.Groups, ImpersonateUserExtra: config.Impersonate.Extra,
	}
	file.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	file.CurrentContext = name

	text, err := clientcmd.Write(*file)
	if err != nil {
		return err
	}

	m.Kubeconfig = types.StringValue(string(text))

	return nil
}
