package spec

import "strings"

// remoteState is where Terraform is to keep the state.
type remoteState struct{ backend, bucket string }

// stateOf reads the address of the tool's remote state.
func (r *reader) stateOf(url string) *remoteState {
	if url == "" {
		return nil
	}

	for scheme, backend := range map[string]string{"s3://": "s3", "gs://": "gcs"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok {
			if bucket := strings.TrimRight(rest, "/"); bucket != "" && !strings.Contains(bucket, "/") {
				return &remoteState{backend: backend, bucket: bucket}
			}

			r.refuse(RuleState, Mark{File: stateURL}, "Not a bucket", "Write the bucket and nothing else, as in "+scheme+"acme-state.", "%q does not name a bucket.", url)

			return nil
		}
	}

	r.refuse(RuleState, Mark{File: stateURL}, "Unknown kind of remote state", "Write s3://<bucket> or gs://<bucket>.", "A remote state is in a bucket, and %q begins with neither s3:// nor gs://.", url)

	return nil
}

// stateURL stands for the file in problems with the address.
const stateURL = "remote_state_url"
