package metadatastore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type sqliteConfig struct {
	owned.Place

	Mode string `tfsdk:"mode"`
}

// SQLite is a database in one file on this machine, made and owned by the component.
var SQLite = flavor.Define(flavor.Meta{
	Name:    "sqlite",
	Summary: "An SQLite database in one file on this machine.",
	Runs:    flavor.ThisMachine,
	View: func(v flavor.Values) flavor.Facts {
		return flavor.Facts{URI: flavor.Map(v["path"], func(path string) any {
			return "sqlite:///" + filepath.ToSlash(owned.Absolute(path))
		})}
	},
}, sqliteAttributes(), owned.Driver[sqliteConfig, *sqliteConfig]{
	Flavor: "sqlite",
	Object: disk.Object{
		Mode:    0o600,
		Content: emptySQLite(),
		Vacant:  vacantSQLite,
		Beside:  []string{"-wal", "-shm", "-journal"},
	},
	Default: sqliteConfig{Mode: owned.PrivateMode},
	Furnish: func(object disk.Object, _ *sqliteConfig, cfg sqliteConfig) error {
		return owned.SetMode(object, cfg.Mode)
	},
	Observe: func(object disk.Object, cfg sqliteConfig) (sqliteConfig, error) {
		var err error
		cfg.Mode, err = owned.ObserveMode(object)

		return cfg, err
	},
}).Checked(owned.RefuseInURL)

func sqliteAttributes() map[string]schema.Attribute {
	attributes := owned.Attributes("the database file")
	attributes["mode"] = owned.ModeAttribute("0600", "0640", "0660")

	return attributes
}

// The layout of an SQLite database, from https://www.sqlite.org/fileformat2.html.
const (
	sqlitePage      = 4096
	sqliteHeader    = 100  // bytes of the file header, after which the first page begins
	sqliteLeaf      = 0x0d // a page of a table that has no pages below it
	sqliteMagic     = "SQLite format 3\x00"
	sqliteCellCount = sqliteHeader + 3
)

// emptySQLite is a database of one page without a table, as SQLite itself would write it after VACUUM.
func emptySQLite() []byte {
	page := make([]byte, sqlitePage)
	copy(page, sqliteMagic)
	binary.BigEndian.PutUint16(page[16:], sqlitePage)
	copy(page[18:], []byte{1, 1, 0, 64, 32, 32}) // rollback journal; nothing reserved; payload fractions, which are fixed
	binary.BigEndian.PutUint32(page[24:], 1)     // change counter
	binary.BigEndian.PutUint32(page[28:], 1)     // pages in the file
	binary.BigEndian.PutUint32(page[44:], 4)     // schema format
	binary.BigEndian.PutUint32(page[56:], 1)     // UTF-8
	binary.BigEndian.PutUint32(page[92:], 1)     // the change counter for which the next number holds
	binary.BigEndian.PutUint32(page[96:], 3008000)
	page[sqliteHeader] = sqliteLeaf
	binary.BigEndian.PutUint16(page[sqliteHeader+5:], sqlitePage) // cells begin at the end: there are none

	return page
}

// vacantSQLite says that a database has no table. What is no database, or has changes that are not yet in it, is
// somebody's data.
func vacantSQLite(path string) (bool, error) {
	for _, ending := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + ending); err == nil && info.Size() > 0 {
			return false, nil
		}
	}

	file, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("open database: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read

	head := make([]byte, sqliteCellCount+2)

	n, err := io.ReadFull(file, head)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return true, nil // SQLite takes an empty file for a new database
	case errors.Is(err, io.ErrUnexpectedEOF):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read database: %w", err)
	}

	return string(head[:len(sqliteMagic)]) == sqliteMagic && head[sqliteHeader] == sqliteLeaf &&
		binary.BigEndian.Uint16(head[sqliteCellCount:]) == 0, nil
}
