package policy

import "strings"

// ArtifactClient lets artifacts be read and written, older versions of them included: ZenML removes those, too.
func ArtifactClient(place Place, bucket Bucket) Document {
	return document(append(artifacts(place, bucket), use(bucket.Key))...)
}

// PodStore is what pods in a cluster may do with the artifacts: the same as any other client.
func PodStore(place Place, bucket Bucket) Document { return ArtifactClient(place, bucket) }

// artifacts are the statements about a bucket and its objects.
func artifacts(place Place, bucket Bucket) []Statement {
	if bucket.Name == "" {
		return nil
	}

	about := of("s3", "GetBucketLocation", "GetBucketVersioning", "ListBucketMultipartUploads")
	objects := permit("ArtifactObjects", of("s3", "GetObject", "PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload",
		"ListMultipartUploadParts"), objectsIn(place, bucket))

	return []Statement{
		permit("ArtifactBucket", about, place.BucketARN(bucket.Name)),
		listed("ArtifactList", place, bucket, "ListBucket", "ListBucketVersions"),
		objects,
	}
}

// listed lets the keys of a bucket be listed, as far as its prefix reaches.
func listed(sid string, place Place, bucket Bucket, actions ...string) Statement {
	statement := permit(sid, of("s3", actions...), place.BucketARN(bucket.Name))

	if prefix := strings.Trim(bucket.Prefix, "/"); prefix != "" {
		return statement.when("StringLike", "s3:prefix", prefix, prefix+"/*")
	}

	return statement
}

// objectsIn is the ARN of all objects of a bucket, or of those below its prefix.
func objectsIn(place Place, bucket Bucket) string {
	if bucket.Name == "" {
		return ""
	}

	below := bucket.Name
	if prefix := strings.Trim(bucket.Prefix, "/"); prefix != "" {
		below += "/" + prefix
	}

	return place.BucketARN(below + "/*")
}
