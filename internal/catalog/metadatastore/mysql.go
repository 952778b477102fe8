package metadatastore

import (
	"context"
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// rootKey is where the Secret keeps the password of the server's own administrator.
const rootKey = "root-password"

// MySQL is one MySQL server in a cluster.
var MySQL = engine{
	flavor:    "mysql",
	summary:   "One MySQL server in the cluster, on a volume, with a database and generated passwords.",
	chart:     charts.MySQL,
	image:     charts.MySQLImage,
	about:     "Any image with the variables of the official one will do, MariaDB's for example.",
	scheme:    "mysql",
	port:      3306,
	longest:   32, //nolint:mnd // MySQL refuses longer names of users
	generated: []string{rootKey},
	reserved:  []string{"root", "mysql", "sys", "information_schema", "performance_schema"},
	furnish: func(ctx context.Context, site clustered.Site, cfg databaseConfig) error {
		// In a grant an underscore stands for any letter, and a backslash is a letter only where nothing says otherwise.
		statements := fmt.Sprintf("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');\nCREATE DATABASE IF NOT EXISTS `%[1]s`;\n"+
			"CREATE USER IF NOT EXISTS '%[2]s'@'%%' IDENTIFIED BY %[3]s;\nALTER USER '%[2]s'@'%%' IDENTIFIED BY %[3]s;\nGRANT ALL ON `%[4]s`.* TO '%[2]s'@'%%';\n",
			cfg.Database, cfg.Username, quoted(site.Credentials[passwordKey]), strings.ReplaceAll(cfg.Database, "_", `\_`))

		_, err := asRoot(ctx, site, statements)

		return err
	},
	databases: func(ctx context.Context, site clustered.Site) ([]string, error) {
		names, err := site.Run(ctx, pod(site), site.Credentials[passwordKey]+"\nSHOW DATABASES;\n", "sh", "-c",
			mysqlClient+` --protocol=tcp --host=127.0.0.1 --user="$MYSQL_USER"`)

		return strings.Fields(names), err
	},
	holds: func(ctx context.Context, site clustered.Site, _ databaseConfig) (string, error) {
		counts, err := asRoot(ctx, site, "SELECT table_schema, count(*) FROM information_schema.tables "+
			"WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') GROUP BY table_schema;\n")

		return counted(counts), err
	},
}.define()

// mysqlClient reads a line with the password and then statements; MariaDB has its own name for it.
const mysqlClient = `read -r MYSQL_PWD; export MYSQL_PWD; exec "$(command -v mysql || command -v mariadb)" --no-defaults --batch --skip-column-names`

func asRoot(ctx context.Context, site clustered.Site, statements string) (string, error) {
	return site.Run(ctx, pod(site), site.Credentials[rootKey]+"\n"+statements, "sh", "-c", mysqlClient+` --user=root`)
}
