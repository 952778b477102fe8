package policy

// SecretsClient is for ZenML's secrets store: secrets whose names begin with a prefix, such as "zenml/". ZenML keeps its own list of
// them and never asks AWS for one, so that ListSecrets, which cannot be limited, is left out. The key is the ARN of the KMS
// key that encrypts them, or "" for AWS's own.
func SecretsClient(place Place, prefix, key string) Document {
	if prefix == "" {
		return document()
	}

	return document(
		permit("Secrets", of("secretsmanager", "CreateSecret", "DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecret",
			"DeleteSecret", "TagResource"), place.secrets(prefix)),
		use(key),
	)
}

// secrets is the ARN of all secrets whose names begin with a prefix; "" for no prefix, which would be all there are.
func (p Place) secrets(prefix string) string {
	if prefix == "" {
		return ""
	}

	return p.arn("secretsmanager", "secret:"+prefix+"*")
}
