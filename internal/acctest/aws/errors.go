package aws

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go/encoding/cbor"
)

// failure is an error in the form of the service's protocol, so that clients find the code in it.
func failure(q *request, status int, code, message string) answer {
	a := answer{status: status, header: http.Header{}}

	switch {
	case q.isCBOR():
		a.header.Set("Content-Type", "application/cbor")
		a.header.Set("Smithy-Protocol", rpcCBOR)
		a.body = cbor.Encode(cbor.Map{"__type": cbor.String(code), "message": cbor.String(message)})
	case q.http.Header.Get("X-Amz-Target") != "":
		a.header.Set("Content-Type", "application/x-amz-json-1.1")
		a.body = encode(fields{"__type": code, "message": message})
	case q.service == "eks":
		a.header.Set("Content-Type", "application/json")
		a.header.Set("X-Amzn-Errortype", code)
		a.body = encode(fields{"message": message})
	default:
		a.header.Set("Content-Type", "text/xml")
		a.body = xmlError(q, code, message)
	}

	return a
}

func xmlError(q *request, code, message string) []byte {
	text := "<Code>" + escape(code) + "</Code><Message>" + escape(message) + "</Message>"

	switch q.service {
	case "s3":
		if q.http.Method == http.MethodHead {
			return nil // there is no body to say more than the status
		}

		return fmt.Appendf(nil, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>%s<RequestId>%s</RequestId></Error>", text, requestID)
	case "ec2":
		return fmt.Appendf(nil, "<Response><Errors><Error>%s</Error></Errors><RequestID>%s</RequestID></Response>", text, requestID)
	default:
		return fmt.Appendf(nil, "<ErrorResponse><Error><Type>Sender</Type>%s</Error><RequestId>%s</RequestId></ErrorResponse>", text, requestID)
	}
}

func escape(s string) string {
	var out bytes.Buffer

	_ = xml.EscapeText(&out, []byte(s)) // a buffer takes all

	return out.String()
}
