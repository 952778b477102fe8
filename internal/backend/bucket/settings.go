package bucket

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Settings are how a bucket is kept.
type Settings struct {
	// Versioning keeps former versions of objects.
	Versioning bool
	// KMSKey encrypts objects; empty: keys of S3.
	KMSKey string
	// BlockPublic refuses everything that would make an object public.
	BlockPublic bool
	// TLSOnly refuses calls without TLS.
	TLSOnly bool
	// AbortDays is when uploads that were not completed are removed; 0: never.
	AbortDays int32
	// NoncurrentDays is when former versions are removed; 0: never.
	NoncurrentDays int32
	// Tags are those of the bucket, which Change and Observe leave out.
	Tags map[string]string
}

// Observed is what a bucket is like.
type Observed struct {
	Settings

	// Enforced says that objects belong to the bucket's owner, whoever wrote them, and that there are no ACLs.
	Enforced bool
	// Lacks names what the server cannot do; what was asked for stands in Settings for it.
	Lacks []string
}

// aspect is one setting: how it is written, and how it is read.
type aspect struct {
	name string
	put  func(ctx context.Context, s *Store, name string, want Settings) error
	get  func(ctx context.Context, s *Store, name string, found *Observed) error
	// differs says that what is there is not what is wanted.
	differs func(found Observed, want Settings) bool
	// born says that a new bucket of Amazon's is as wanted without a word.
	born func(want Settings) bool
}

var aspects = []aspect{
	{
		name: "public access block", put: putPublic, get: getPublic,
		differs: func(f Observed, w Settings) bool { return f.BlockPublic != w.BlockPublic },
	},
	{
		name: "encryption", put: putEncryption, get: getEncryption,
		differs: func(f Observed, w Settings) bool { return f.KMSKey != w.KMSKey },
		born:    func(w Settings) bool { return w.KMSKey == "" },
	},
	{
		name: "versioning", put: putVersioning, get: getVersioning,
		differs: func(f Observed, w Settings) bool { return f.Versioning != w.Versioning },
		born:    func(w Settings) bool { return !w.Versioning },
	},
	{
		name: "lifecycle", put: putLifecycle, get: getLifecycle,
		differs: func(f Observed, w Settings) bool {
			return f.AbortDays != w.AbortDays || f.NoncurrentDays != w.NoncurrentDays
		},
		born: func(w Settings) bool { return w.AbortDays == 0 && w.NoncurrentDays == 0 },
	},
	{
		name: "policy", put: putPolicy, get: getPolicy,
		differs: func(f Observed, w Settings) bool { return f.TLSOnly != w.TLSOnly },
		born:    func(w Settings) bool { return !w.TLSOnly },
	},
	{
		name: "ownership controls", put: putOwnership, get: getOwnership,
		differs: func(f Observed, _ Settings) bool { return !f.Enforced },
		born:    func(Settings) bool { return true },
	},
}

// Furnish gives a bucket that was just made its settings. lacks names what the server cannot do; only those that are not
// Amazon's are asked leniently.
func (s *Store) Furnish(ctx context.Context, name string, want Settings) (lacks []string, err error) {
	if s.untagged {
		lacks = []string{"tags, by which a bucket is known to be the component's"}
	}

	for _, a := range aspects {
		if s.amazon && a.born != nil && a.born(want) {
			continue
		}

		if lacks, err = s.set(ctx, a, name, want, lacks); err != nil {
			return lacks, err
		}
	}

	return lacks, nil
}

// set writes one setting, and adds it to what the server lacks where it cannot do it.
func (s *Store) set(ctx context.Context, a aspect, name string, want Settings, lacks []string) ([]string, error) {
	lacking, err := s.lenient(a.put(ctx, s, name, want))
	if lacking {
		lacks = append(lacks, a.name)
	}

	return lacks, session.Worded(err, "set the %s of bucket %q", a.name, name)
}

// Change brings the settings of a bucket to what is wanted, where they are not.
func (s *Store) Change(ctx context.Context, name string, want Settings) (lacks []string, err error) {
	found, err := s.Observe(ctx, name, want)
	if err != nil {
		return nil, err
	}

	lacks = found.Lacks

	for _, a := range aspects {
		if slices.Contains(lacks, a.name) || !a.differs(found, want) {
			continue
		}

		if lacks, err = s.set(ctx, a, name, want, lacks); err != nil {
			return lacks, err
		}
	}

	return lacks, nil
}

// Observe reads the settings of a bucket, but for its tags. What the server cannot tell is as it is wanted.
func (s *Store) Observe(ctx context.Context, name string, want Settings) (Observed, error) {
	found := Observed{Settings: want, Enforced: true}
	if s.untagged {
		found.Lacks = []string{"tags"}
	}

	for _, a := range aspects {
		lacking, err := s.lenient(a.get(ctx, s, name, &found))
		if err != nil {
			return found, missing(session.Worded(err, "read the %s of bucket %q", a.name, name), err)
		}

		if lacking {
			found.Lacks = append(found.Lacks, a.name)
		}
	}

	return found, nil
}

// lenient takes "I cannot" of a server that is not Amazon's for an answer.
func (s *Store) lenient(err error) (lacking bool, rest error) {
	if err == nil || s.amazon {
		return false, err
	}

	if session.Is(err, "NotImplemented", "XNotImplemented", "NotSupported", "MethodNotAllowed", "UnsupportedOperation") {
		return true, nil
	}

	return false, err
}

// Tags are those of a bucket; nil where it has none.
func (s *Store) Tags(ctx context.Context, name string) (map[string]string, error) {
	found, err := s.client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: aws.String(name)})

	switch {
	case session.Is(err, "NoSuchTagSet"):
		return nil, nil
	case err != nil:
		if lacking, _ := s.lenient(err); lacking {
			s.untagged = true

			return nil, nil
		}

		return nil, missing(session.Worded(err, "read the tags of bucket %q", name), err)
	}

	return session.TagMap(found.TagSet, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value }), nil
}

// Tag gives a bucket these tags in the place of those that it has.
func (s *Store) Tag(ctx context.Context, name string, tags map[string]string) error {
	_, err := s.client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: aws.String(name), Tagging: &types.Tagging{TagSet: tagSet(tags)}})
	if lacking, _ := s.lenient(err); lacking {
		s.untagged = true

		return nil
	}

	return session.Worded(err, "tag bucket %q", name)
}

func putVersioning(ctx context.Context, s *Store, name string, want Settings) error {
	return s.Version(ctx, name, want.Versioning)
}

func getVersioning(ctx context.Context, s *Store, name string, found *Observed) error {
	versioned, err := s.Versioned(ctx, name)
	if err == nil {
		found.Versioning = versioned
	}

	return err
}

func putPublic(ctx context.Context, s *Store, name string, want Settings) error {
	on := aws.Bool(want.BlockPublic)
	_, err := s.client.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(name), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: on, BlockPublicPolicy: on, IgnorePublicAcls: on, RestrictPublicBuckets: on,
		},
	})

	return err
}

func getPublic(ctx context.Context, s *Store, name string, found *Observed) error {
	answer, err := s.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: aws.String(name)})
	if session.Is(err, "NoSuchPublicAccessBlockConfiguration") {
		found.BlockPublic = false

		return nil
	}

	if err != nil {
		return err
	}

	c := answer.PublicAccessBlockConfiguration
	found.BlockPublic = aws.ToBool(c.BlockPublicAcls) && aws.ToBool(c.BlockPublicPolicy) && aws.ToBool(c.IgnorePublicAcls) && aws.ToBool(c.RestrictPublicBuckets)

	return nil
}

func tagSet(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

// Lacking words what a server cannot do, for a notice; empty where it can do everything.
func Lacking(lacks []string) []string {
	if len(lacks) == 0 {
		return nil
	}

	return []string{fmt.Sprintf("The server cannot do everything that Amazon S3 does: %s. What was asked for of it is not in force.", join(lacks))}
}
