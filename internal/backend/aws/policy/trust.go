package policy

import "slices"

// sayAccount are the services that tell for which account they take on a role, so that nobody else's account can make them.
var sayAccount = []string{sageMakerService, "codebuild.amazonaws.com", "scheduler.amazonaws.com"}

// Trust lets a service, such as "sagemaker.amazonaws.com", take on a role; for one account only, where the service tells the account
// and one is given.
func Trust(service, account string) Document {
	statement := trusted(service, "AssumeRole")

	if account != "" && slices.Contains(sayAccount, service) {
		statement = statement.when("StringEquals", "aws:SourceAccount", account)
	}

	return Document{Version: Version, Statement: []Statement{statement}}
}

// TrustPodIdentity lets the pod identity agent of EKS take on a role for pods; which ones is said by the association.
func TrustPodIdentity() Document {
	return Document{Version: Version, Statement: []Statement{trusted("pods.eks.amazonaws.com", "AssumeRole", "TagSession")}}
}

func trusted(service string, actions ...string) Statement {
	return Statement{Sid: "Trust", Effect: allow, Principal: map[string][]string{"Service": {service}}, Action: of("sts", actions...)}
}
