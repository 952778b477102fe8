package aws

import (
	"net/url"
	"strings"
)

// bucketResources are what an S3 operation on a bucket is of, by the query that asks for it.
var bucketResources = map[string]string{
	"abac":              "BucketAbac",
	"accelerate":        "BucketAccelerateConfiguration",
	"acl":               "BucketAcl",
	"cors":              "BucketCors",
	"encryption":        "BucketEncryption",
	"lifecycle":         "BucketLifecycleConfiguration",
	"location":          "BucketLocation",
	"logging":           "BucketLogging",
	"notification":      "BucketNotificationConfiguration",
	"object-lock":       "ObjectLockConfiguration",
	"ownershipControls": "BucketOwnershipControls",
	"policy":            "BucketPolicy",
	"policyStatus":      "BucketPolicyStatus",
	"publicAccessBlock": "PublicAccessBlock",
	"replication":       "BucketReplication",
	"requestPayment":    "BucketRequestPayment",
	"tagging":           "BucketTagging",
	"versioning":        "BucketVersioning",
	"website":           "BucketWebsite",
}

// bucketActions are operations whose name is no verb and resource.
var bucketActions = map[string]string{
	"DELETE lifecycle": "DeleteBucketLifecycle",
	"GET list-type":    "ListObjectsV2",
	"GET session":      "CreateSession",
	"GET uploads":      "ListMultipartUploads",
	"GET versions":     "ListObjectVersions",
	"POST delete":      "DeleteObjects",
}

// objectActions are operations on an object for clients that do not send x-id.
var objectActions = map[string]string{
	"DELETE": "DeleteObject", "DELETE tagging": "DeleteObjectTagging", "DELETE uploadId": "AbortMultipartUpload",
	"GET": "GetObject", "GET acl": "GetObjectAcl", "GET tagging": "GetObjectTagging", "GET uploadId": "ListParts",
	"HEAD": "HeadObject", "POST uploadId": "CompleteMultipartUpload", "POST uploads": "CreateMultipartUpload",
	"PUT": "PutObject", "PUT acl": "PutObjectAcl", "PUT partNumber": "UploadPart", "PUT tagging": "PutObjectTagging",
}

// plainActions are operations on a bucket without a query.
var plainActions = map[string]string{"DELETE": "DeleteBucket", "GET": "ListObjects", "HEAD": "HeadBucket", "PUT": "CreateBucket"}

var verbs = map[string]string{"GET": "Get", "PUT": "Put", "DELETE": "Delete"}

// s3Action names an operation of S3; addresses are of the path style.
func (q *request) s3Action() string {
	name, key, _ := strings.Cut(strings.TrimPrefix(q.http.URL.Path, "/"), "/")
	q.path = map[string]string{"bucket": name}
	query := q.http.URL.Query()

	if id := query.Get("x-id"); id != "" {
		return id
	}

	method := q.http.Method

	switch {
	case name == "":
		return "ListBuckets"
	case key != "":
		return choose(objectActions, method, query)
	}

	if action := choose(bucketActions, method, query); action != "" {
		return action
	}

	for resource, of := range bucketResources {
		if query.Has(resource) {
			return verbs[method] + of
		}
	}

	if action, ok := plainActions[method]; ok {
		return action
	}

	return method + "Bucket"
}

// choose finds the action of a method and one of the query's names.
func choose(actions map[string]string, method string, query url.Values) string {
	for name := range query {
		if action, ok := actions[method+" "+name]; ok {
			return action
		}
	}

	return actions[method]
}
