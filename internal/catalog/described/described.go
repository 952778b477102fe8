// Package described has the sentences on fields of ZenML's that flavors of several kinds share.
package described

// SSH are the fields of a host that is reached by SSH.
func SSH() map[string]string {
	return map[string]string{
		"hostname":             "Name or address of the host; the machine that starts a pipeline must reach it.",
		"username":             "User to log in as; it must be allowed to use Docker.",
		"port":                 "Port of the SSH server.",
		"ssh_key_path":         "Path of the private key on the machine that starts a pipeline.",
		"ssh_private_key":      "Private key itself, in place of `ssh_key_path`.",
		"ssh_key_passphrase":   "Passphrase of the private key, if it has one.",
		"verify_host_key":      "Whether the host key must be a known one.",
		"remote_workdir":       "Directory on the host for the files of a run.",
		"authenticate_docker":  "Whether the host logs in to the stack's container registry before it pulls.",
		"connection_timeout":   "Seconds to wait for a connection.",
		"minimum_free_disk_gb": "Free disk space in GB below which nothing is started; 0 starts always.",
	}
}

// Databricks are the fields of a Databricks workspace that runs jobs.
func Databricks() map[string]string {
	return map[string]string{
		"host":                  "Address of the workspace: `https://<workspace>.cloud.databricks.com`.",
		"client_id":             "Client id of a service principal; it comes with `client_secret`.",
		"client_secret":         "OAuth secret of the service principal.",
		"spark_version":         "Databricks runtime of the job clusters, such as `16.4.x-scala2.12`.",
		"node_type_id":          "Instance type of the nodes, such as `i3.xlarge`.",
		"num_workers":           "Fixed number of workers; it takes the place of `autoscale`.",
		"docker_image_url":      "Image that the clusters start from, in place of the plain runtime.",
		"docker_image_username": "User name at the registry of that image; it comes with the password.",
		"docker_image_password": "Password at the registry of that image.",
	}
}
