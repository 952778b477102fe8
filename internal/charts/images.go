package charts

// The default images, as far as they are not those of an upstream chart. Each can be overridden where it is used. What
// was looked up before choosing them is in DESIGN.md.
const (
	// MinIOImage is Silo, the maintained fork of MinIO: same variables, arguments, health checks and data on disk, built
	// for amd64 and arm64. MinIO's own images are gone from Docker Hub; quay.io still has the last of them,
	// quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z, without the security fixes since.
	MinIOImage = "docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z"

	// DistributionImage is the CNCF registry as an official Docker image; 3.1 fixes CVE-2026-33540 and CVE-2026-35172 of
	// 3.0.
	DistributionImage = "docker.io/library/registry:3.1.1"

	// MLflowImage is the variant with boto3, database drivers and, after 3.13, Flask-WTF for basic authentication; the
	// plain image has none of them. 3.17 no longer ships a default password of the administrator.
	MLflowImage = "ghcr.io/mlflow/mlflow:v3.17.2-full"

	// ZenMLImage is the server of the ZenML whose facts the provider knows; its user is 1000, as the chart expects.
	ZenMLImage = "docker.io/zenmldocker/zenml-server:0.98.0"

	// PostgresImage is the official Debian-based image, whose user is 999 as the chart expects; that of Alpine has
	// another user and sorts text differently.
	PostgresImage = "docker.io/library/postgres:18.6-trixie"

	// MySQLImage is the official image of the 8.4 series, which has long-term support until 2032; the 9.7 series has it
	// too, yet fewer clients know it.
	MySQLImage = "docker.io/library/mysql:8.4.11"

	// KanikoImage is the fork with releases, its own features and public images. Google archived the original; the fork
	// of Chainguard publishes no free images by version.
	KanikoImage = "ghcr.io/osscontainertools/kaniko:v1.28.5"

	// K3sImage is the node of a local cluster: k3s of its stable channel. The k3d library's own default is as old as
	// the library.
	K3sImage = "docker.io/rancher/k3s:v1.36.4-k3s1"

	// PrometheusChart and PrometheusChartVersion are the chart of the Prometheus community, signed and without an
	// operator; it names its own images.
	PrometheusChart        = "oci://ghcr.io/prometheus-community/charts/prometheus"
	PrometheusChartVersion = "29.45.2"
)
