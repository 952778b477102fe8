package amazon

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Region is where a component is made, as far as it is known: what the configuration says, otherwise the login's.
func Region(s flavor.Subject) any {
	if region := s.Values["region"]; region != nil && region != "" {
		return region
	}

	if region, ok := s.Output("region").(string); ok {
		return region
	}

	return s.Fact(session.FactRegion)
}

// Account is whose component it is, as far as it is known. What exists tells it; only for what does not is AWS asked.
func Account(s flavor.Subject) any {
	if outputs, ok := s.Outputs.(map[string]any); ok {
		texts := make(map[string]string, len(outputs))

		for name, value := range outputs {
			if text, ok := value.(string); ok {
				texts[name] = text
			}
		}

		if account := accountOf(texts); account != "" {
			return account
		}
	}

	return s.Fact(session.FactAccount)
}

// ARN is that of something, as far as it is known. global things, such as roles, have no region.
func ARN(s flavor.Subject, service string, global bool, resource any) any {
	region := Region(s)

	return Texts(func(all ...string) any {
		where := all[0]
		if global {
			where = ""
		}

		return naming.ARN(naming.Partition(all[0]), service, where, all[1], all[2])
	}, region, Account(s), resource)
}

// Texts applies a function to texts, unless one of them is not known or not there: then it is unknown, or nil.
func Texts(of func(...string) any, values ...any) any {
	texts := []string{}

	for _, value := range values {
		if value == nil {
			return nil
		}

		text, ok := value.(string)
		if !ok {
			return zenml.Unknown{}
		}

		texts = append(texts, text)
	}

	return of(texts...)
}
