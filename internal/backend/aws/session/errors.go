package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Error is what AWS said to a call. Its text names what was being done, AWS's code and message, and for a denial the call.
type Error struct {
	// Doing is what was being done.
	Doing string
	// Code is AWS's, such as AccessDenied; empty where AWS has not been reached.
	Code string
	// Fix is what to do next, in a full sentence; empty where nothing is known.
	Fix  string
	text string
	err  error
}

// Error returns the text.
func (e *Error) Error() string { return e.text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// denials are the codes by which services say that something is not allowed.
var denials = []string{
	"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation", "AuthorizationError", "Forbidden", "403",
}

// unwelcome are the codes of credentials that do not work, and what to do.
var unwelcome = map[string]string{
	"ExpiredToken":                "The credentials have expired. Log in again, then try again.",
	"ExpiredTokenException":       "The credentials have expired. Log in again, then try again.",
	"RequestExpired":              "The credentials have expired, or the clock of this machine is wrong. Log in again, then try again.",
	"InvalidClientTokenId":        "AWS does not know this access key. Check aws.access_key, AWS_ACCESS_KEY_ID or the profile.",
	"InvalidAccessKeyId":          "AWS does not know this access key. Check aws.access_key, AWS_ACCESS_KEY_ID or the profile.",
	"UnrecognizedClientException": "AWS does not know this access key, or the region is not enabled for the account. Check both.",
	"SignatureDoesNotMatch":       "The secret key does not belong to the access key, or the clock of this machine is wrong. Check both.",
	"AuthFailure":                 "AWS does not accept these credentials. Check them, and whether the region is enabled for the account.",
	"InvalidToken":                "The session token does not belong to the access key. Log in again, then try again.",
}

// Worded says what was being done when AWS refused a call, and whether AWS was reached at all. It keeps the cause.
func Worded(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}

	worded := &Error{Doing: fmt.Sprintf(format, args...), err: err}

	var (
		api  smithy.APIError
		call *smithy.OperationError
	)

	switch {
	case errors.As(err, new(*LoginError)), errors.Is(err, ErrUnknown), errors.As(err, new(*Error)):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		worded.text = worded.Doing + ": " + last(err)
	case isPage(err):
		worded.text = worded.Doing + ": " + last(err)
		worded.Fix = "Check aws.endpoints and AWS_ENDPOINT_URL, then try again."
		worded.err = errors.Join(backend.ErrUnreachable, err)
	case errors.As(err, &api):
		worded.Code = api.ErrorCode()
		worded.Fix = unwelcome[worded.Code]
		worded.text = fmt.Sprintf("%s: AWS said %s: %s", worded.Doing, worded.Code, strings.TrimSpace(api.ErrorMessage()))

		if IsDenied(err) && errors.As(err, &call) {
			worded.text += fmt.Sprintf(" (the call needs %s)", action(call))
			worded.Fix = "Grant it to who is logged in, then try again."
		}
	case isNetwork(err):
		worded.text = fmt.Sprintf("%s: AWS %s: %s", worded.Doing, backend.ErrUnreachable, last(err))
		worded.err = errors.Join(backend.ErrUnreachable, err)
	default:
		worded.text = worded.Doing + ": " + err.Error()
	}

	return worded
}

// renamed are calls of S3 that the action which allows them is not called after.
var renamed = map[string]string{
	"CreateMultipartUpload": "PutObject", "DeleteBucketLifecycle": "PutLifecycleConfiguration", "DeleteObjects": "DeleteObject",
	"DeletePublicAccessBlock": "PutBucketPublicAccessBlock", "GetBucketEncryption": "GetEncryptionConfiguration",
	"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration", "GetPublicAccessBlock": "GetBucketPublicAccessBlock", "HeadBucket": "ListBucket",
	"ListMultipartUploads": "ListBucketMultipartUploads", "ListObjectVersions": "ListBucketVersions", "ListObjectsV2": "ListBucket",
	"PutBucketEncryption": "PutEncryptionConfiguration", "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
	"PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}

// action is the one that a policy has to allow for a call.
func action(call *smithy.OperationError) string {
	service, operation := strings.ToLower(strings.ReplaceAll(call.Service(), " ", "")), call.Operation()

	switch service {
	case "s3":
		if known, ok := renamed[operation]; ok {
			operation = known
		}
	case "cloudwatchlogs":
		service = "logs"
	}

	return service + ":" + operation
}

// Code is AWS's code of an error; empty where it is not AWS that said no.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok && !isPage(err) {
		return api.ErrorCode()
	}

	return ""
}

// Is says that AWS answered with one of these codes. What a proxy or an endpoint that is none of AWS says is never taken
// for an answer, whatever its status.
func Is(err error, codes ...string) bool {
	code := Code(err)

	return code != "" && slices.Contains(codes, code)
}

// Except is no error where AWS answered with one of these codes, and otherwise the one that it is given.
func Except(err error, codes ...string) error {
	if Is(err, codes...) {
		return nil
	}

	return err
}

// IsDenied says that AWS does not allow a call.
func IsDenied(err error) bool { return Is(err, denials...) }

// Says tells whether AWS's message holds a text, for codes that mean more than one thing.
func Says(err error, text string) bool {
	api, ok := errors.AsType[smithy.APIError](err)

	return ok && strings.Contains(api.ErrorMessage(), text)
}

type responder interface{ HTTPStatusCode() int }

func isNetwork(err error) bool {
	var (
		network  net.Error
		response responder
	)

	return errors.As(err, &network) || errors.As(err, &response) && response.HTTPStatusCode() >= http.StatusInternalServerError
}

// last is the innermost text of an error: the SDK puts a sentence around each layer. Of the network it is the one that has
// the address.
func last(err error) string {
	if network, ok := errors.AsType[*net.OpError](err); ok {
		return network.Error()
	}

	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}

		err = inner
	}
}
