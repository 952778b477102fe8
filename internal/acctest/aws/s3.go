package aws

import (
	"encoding/xml"
	"net/http"
	"strings"
	"sync"
)

// bucket is what moto does not know of a bucket.
type bucket struct {
	owner, region string

	mu sync.Mutex
	// open and unowned are true once somebody deleted the defaults of a new bucket.
	open, unowned bool
	// lifecycle is the last one put, as it was put; threshold is its header.
	lifecycle []byte
	threshold string
}

const (
	thresholdHeader  = "X-Amz-Transition-Default-Minimum-Object-Size"
	defaultThreshold = "all_storage_classes_128K"
)

// bucket returns what is known of a call's bucket; nil is a bucket that does not exist.
func (d *Double) bucket(q *request) *bucket {
	d.server.mu.Lock()
	defer d.server.mu.Unlock()

	return d.server.buckets[q.path["bucket"]]
}

// guard stands in for what S3 checks before it looks at a call: whose the bucket is, and where.
func (d *Double) guard(q *request) (answer, bool) {
	b := d.bucket(q)
	if b == nil || q.operation == "s3:CreateBucket" {
		return answer{}, false
	}

	expected := q.http.Header.Get("X-Amz-Expected-Bucket-Owner")
	if b.owner != q.account || expected != "" && expected != b.owner {
		return failure(q, http.StatusForbidden, "AccessDenied", "Access Denied"), true
	}

	if b.region != q.region && q.operation != "s3:GetBucketLocation" {
		a := failure(q, http.StatusMovedPermanently, "PermanentRedirect", "The bucket is in another region: "+b.region)
		a.header.Set("X-Amz-Bucket-Region", b.region)

		return a, true
	}

	return answer{}, false
}

// bucketConfiguration is the part of CreateBucketConfiguration that moto does not read.
type bucketConfiguration struct {
	Location string `xml:"LocationConstraint"`
	Tags     struct {
		All string `xml:",innerxml"`
	} `xml:"Tags"`
}

// createBucket stands in for the tags of a new bucket, and notes whose it is.
func (d *Double) createBucket(q *request) answer {
	name, had := q.path["bucket"], d.bucket(q)

	a := d.moto(q)
	if !a.ok() || had != nil {
		return a
	}

	var c bucketConfiguration

	_ = xml.Unmarshal(q.body, &c) //nolint:gosec // there may be none; moto has judged it, and tests trust what they test

	b := &bucket{owner: q.account, region: q.region}
	if c.Location != "" {
		b.region = c.Location
	}

	d.server.mu.Lock()
	d.server.buckets[name] = b
	d.server.mu.Unlock()

	if c.Tags.All != "" {
		return orFailure(d.ask(q, "s3", http.MethodPut, "/"+name+"?tagging", "",
			[]byte("<Tagging><TagSet>"+c.Tags.All+"</TagSet></Tagging>")), a)
	}

	return a
}

// orFailure is an answer, unless what had to be done before failed.
func orFailure(before, a answer) answer {
	if !before.ok() {
		return before
	}

	return a
}

func (d *Double) deleteBucket(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.server.mu.Lock()
		delete(d.server.buckets, q.path["bucket"])
		d.server.mu.Unlock()
	}

	return a
}

// instead answers a successful XML document where moto has nothing and a new bucket of AWS has its default.
func instead(a answer, wanted bool, text string) answer {
	if a.status != http.StatusNotFound || !wanted || strings.Contains(string(a.body), "NoSuchBucket") {
		return a
	}

	return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/xml"}}, body: []byte(xml.Header + text)}
}

// is reads a mark of a bucket, if there is one.
func (b *bucket) is(mark func(*bucket) *bool) bool {
	if b == nil {
		return false
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	return *mark(b)
}

// set marks a bucket, if there is one.
func (b *bucket) set(mark func(*bucket) *bool) {
	if b == nil {
		return
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	*mark(b) = true
}

func openMark(b *bucket) *bool    { return &b.open }
func unownedMark(b *bucket) *bool { return &b.unowned }

// getPublicAccessBlock stands in for the default of new buckets: all access is blocked.
func (d *Double) getPublicAccessBlock(q *request) answer {
	return instead(d.moto(q), !d.bucket(q).is(openMark), "<PublicAccessBlockConfiguration>"+
		"<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"+
		"<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>")
}

func (d *Double) deletePublicAccessBlock(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.bucket(q).set(openMark)
	}

	return a
}

// getOwnershipControls stands in for the default of new buckets: access lists are off.
func (d *Double) getOwnershipControls(q *request) answer {
	return instead(d.moto(q), !d.bucket(q).is(unownedMark),
		"<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>")
}

func (d *Double) deleteOwnershipControls(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.bucket(q).set(unownedMark)
	}

	return a
}

// getEncryption stands in for the encryption that every bucket has, also once its own is deleted.
func (d *Double) getEncryption(q *request) answer {
	return instead(d.moto(q), true, "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"+
		"<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled>"+
		"</Rule></ServerSideEncryptionConfiguration>")
}

// putLifecycle stands in for filters by object size, which moto loses: the rules are kept as they are put.
func (d *Double) putLifecycle(q *request) answer {
	threshold := q.http.Header.Get(thresholdHeader)
	if threshold == "" {
		threshold = defaultThreshold
	}

	a, b := d.moto(q), d.bucket(q)
	if !a.ok() || b == nil {
		return a
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	b.lifecycle, b.threshold = q.body, threshold
	a.header.Set(thresholdHeader, threshold)

	return a
}

func (d *Double) getLifecycle(q *request) answer {
	a, b := d.moto(q), d.bucket(q)
	if !a.ok() || b == nil {
		return a
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	a.header.Set(thresholdHeader, b.threshold)

	// A rule without a name gets one by moto, so that its list is the better one then.
	if text := string(b.lifecycle); strings.Count(text, "<Rule>") == strings.Count(text, "<ID>") {
		a.body = b.lifecycle
	}

	return a
}

func (d *Double) deleteLifecycle(q *request) answer {
	a, b := d.moto(q), d.bucket(q)
	if a.ok() && b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()

		b.lifecycle = nil
	}

	return a
}
