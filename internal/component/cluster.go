package component

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// cluster reads the attribute cluster; nil where there is none, or where it is not known how to get at it.
func cluster(o object) *flavor.Cluster {
	plain, ok := o.plain("cluster").(map[string]any)
	if !ok {
		return nil
	}

	name, _ := plain["name"].(string)
	incarnation, _ := plain["incarnation"].(string)
	c := &flavor.Cluster{Name: name, Incarnation: incarnation, Reference: map[string]string{}}

	reference, ok := plain["reference"].(map[string]any)
	if !ok {
		return nil
	}

	for key, value := range reference {
		if text, ok := value.(string); ok {
			c.Reference[key] = text
		} else if value != nil {
			return nil
		}
	}

	return c
}

// terraformCluster writes the attribute cluster.
func terraformCluster(of tftypes.Type, c flavor.Cluster) tftypes.Value {
	reference := make(map[string]any, len(c.Reference))
	for key, value := range c.Reference {
		reference[key] = value
	}

	incarnation := tftypes.NewValue(tftypes.String, nil)
	if c.Incarnation != "" {
		incarnation = tftypes.NewValue(tftypes.String, c.Incarnation)
	}

	return tftypes.NewValue(of, map[string]tftypes.Value{
		"name":        tftypes.NewValue(tftypes.String, c.Name),
		"reference":   terraformMap(reference),
		"incarnation": incarnation,
	})
}
