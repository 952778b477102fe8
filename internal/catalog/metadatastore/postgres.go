package metadatastore

import (
	"context"
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// Postgres is one PostgreSQL server in a cluster.
var Postgres = engine{
	flavor:  "postgres",
	summary: "One PostgreSQL server in the cluster, on a volume, with a database and a generated password.",
	chart:   charts.Postgres,
	image:   charts.PostgresImage,
	about:   "Any image with the variables of the official one will do.",
	scheme:  "postgresql",
	port:    5432,
	longest: 63, //nolint:mnd // PostgreSQL cuts longer names off
	reserved: []string{
		"postgres", "template0", "template1",
	},
	furnish: func(ctx context.Context, site clustered.Site, cfg databaseConfig) error {
		statements := fmt.Sprintf("SELECT 'CREATE DATABASE \"%[1]s\" OWNER \"%[2]s\"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '%[1]s')\\gexec\n"+
			"ALTER ROLE \"%[2]s\" LOGIN PASSWORD %[3]s;\n", cfg.Database, cfg.Username, quoted(site.Credentials[passwordKey]))

		_, err := site.Run(ctx, pod(site), statements, "sh", "-c", psql+` --file=-`)

		return err
	},
	// The address of the pod asks for a password, where sockets and localhost do not.
	databases: func(ctx context.Context, site clustered.Site) ([]string, error) {
		names, err := site.Run(ctx, pod(site), site.Credentials[passwordKey]+"\n", "sh", "-c", `read -r PGPASSWORD; export PGPASSWORD; `+psql+
			` --host="$(hostname)" --command="SELECT datname FROM pg_database WHERE NOT datistemplate"`)

		return strings.Fields(names), err
	},
	holds: func(ctx context.Context, site clustered.Site, _ databaseConfig) (string, error) {
		// Each database has a catalog of its own.
		counts, err := site.Run(ctx, pod(site), "", "sh", "-c", `set -e
for database in $(`+psql+` --command="SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"); do
  printf '%s\t' "$database"
  `+strings.Replace(psql, "template1", `"$database"`, 1)+` --command="SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
done`)

		return counted(counts), err
	},
}.define()

// psql comes through the server's socket, which lets the owner in.
const psql = `psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=template1`
