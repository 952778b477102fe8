package live_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

func TestMain(m *testing.M) { k3d.Main(m) }
