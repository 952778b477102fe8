package policy

// glueDatabase is where SageMaker keeps the tables of offline stores, in every account.
const glueDatabase = "sagemaker_featurestore"

// FeatureStoreRole is for the role with which SageMaker writes an offline store: below the bucket's prefix, and in the table
// by which it can be queried.
func FeatureStoreRole(place Place, bucket Bucket) Document {
	if bucket.Name == "" {
		return document()
	}

	return document(
		// SageMaker sends an ACL with each object, also where the bucket's owner owns all of them.
		permit("OfflineStore", of("s3", "GetObject", "PutObject", "PutObjectAcl"), objectsIn(place, bucket)),
		permit("OfflineStoreBucket", of("s3", "GetBucketAcl", "GetBucketLocation"), place.BucketARN(bucket.Name)),
		permit("OfflineStoreTable", of("glue", "GetTable", "UpdateTable"), catalog(place)...),
		use(bucket.Key),
	)
}

// FeatureStoreClient is for whoever makes feature groups and reads and writes their records. The names of the groups begin with
// the prefix, which may be empty; the role is that of FeatureStoreRole.
func FeatureStoreClient(place Place, role, prefix string) Document {
	groups := place.named("feature-group", prefix, "*")

	return document(
		permit("FeatureGroups", of("sagemaker", "CreateFeatureGroup", "DescribeFeatureGroup", "UpdateFeatureGroup", "DeleteFeatureGroup",
			"DescribeFeatureMetadata", "UpdateFeatureMetadata", "AddTags", "ListTags"), groups...),
		permit("Records", of("sagemaker", "PutRecord", "GetRecord", "BatchGetRecord", "DeleteRecord"), groups...),
		// SageMaker makes the offline store's table with the caller's permissions.
		permit("OfflineStoreTable", of("glue", "CreateDatabase", "GetDatabase", "CreateTable", "GetTable"), catalog(place)...),
		passRole("PassFeatureRole", place, role, sageMakerService),
	)
}

// catalog is the Glue catalog as far as offline stores are in it; calls are held against all three levels.
func catalog(place Place) []string {
	return []string{place.arn("glue", "catalog"), place.arn("glue", "database/"+glueDatabase), place.arn("glue", "table/"+glueDatabase+"/*")}
}
