package repository

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

func (s Settings) mutability() types.ImageTagMutability {
	if s.Immutable {
		return types.ImageTagMutabilityImmutable
	}

	return types.ImageTagMutabilityMutable
}

func (s Settings) encryption() *types.EncryptionConfiguration {
	if s.KMSKey == "" {
		return &types.EncryptionConfiguration{EncryptionType: types.EncryptionTypeAes256}
	}

	return &types.EncryptionConfiguration{EncryptionType: types.EncryptionTypeKms, KmsKey: aws.String(s.KMSKey)}
}

// keyOf is the key that encrypts a repository; empty for those of S3.
func keyOf(live types.Repository) string {
	if c := live.EncryptionConfiguration; c != nil && c.EncryptionType != types.EncryptionTypeAes256 {
		return aws.ToString(c.KmsKey)
	}

	return ""
}

func keyName(key string) string {
	if key == "" {
		return "keys of S3"
	}

	return key
}

func scans(live types.Repository) bool {
	return live.ImageScanningConfiguration != nil && live.ImageScanningConfiguration.ScanOnPush
}
