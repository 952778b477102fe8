package aws

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

const (
	rpcCBOR = "rpc-v2-cbor"
	// cloudWatchTarget is what CloudWatch's operations are called by in JSON.
	cloudWatchTarget = "GraniteServiceVersion20100801."
	// epochTag marks seconds since 1970 as a time.
	epochTag = 1
)

// isCBOR is true for calls in the protocol that CloudWatch's clients speak.
func (q *request) isCBOR() bool { return q.http.Header.Get("Smithy-Protocol") == rpcCBOR }

// inJSON stands in for CloudWatch's protocol, which moto does not speak: the same questions and answers go to and come from
// moto in JSON. What is no JSON, as pages are not, stays as it is.
func (d *Double) inJSON(q *request) answer {
	asked, err := q.cbor()
	if err != nil {
		return failure(q, http.StatusBadRequest, "SerializationException", err.Error())
	}

	_, operation, _ := strings.Cut(q.operation, ":")

	a := d.ask(q, q.service, http.MethodPost, "/", cloudWatchTarget+operation, encode(fromCBOR(asked)))
	if told := bytes.TrimSpace(a.body); len(told) > 0 && !json.Valid(told) {
		return a
	}

	// The headers stay: for errors, one of them has the code.
	a.header.Set("Content-Type", "application/cbor")
	a.header.Set("Smithy-Protocol", rpcCBOR)
	a.body = cbor.Encode(toCBOR("", decode(a.body)))

	return a
}

// cbor is the body of a call, which may be compressed. One without a body asks nothing in particular.
func (q *request) cbor() (cbor.Value, error) {
	body := q.body
	if len(body) == 0 {
		return cbor.Map{}, nil
	}

	if q.http.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err //nolint:wrapcheck // the client is told
		}

		if body, err = io.ReadAll(unpacked); err != nil {
			return nil, err //nolint:wrapcheck // the client is told
		}
	}

	return cbor.Decode(body) //nolint:wrapcheck // the client is told
}

// fromCBOR is a value as JSON has it; times are seconds since 1970.
func fromCBOR(v cbor.Value) any {
	switch v := v.(type) {
	case cbor.Map:
		object := make(fields, len(v))
		for key, one := range v {
			object[key] = fromCBOR(one)
		}

		return object
	case cbor.List:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = fromCBOR(one)
		}

		return list
	case *cbor.Tag:
		return fromCBOR(v.Value)
	case cbor.String:
		return string(v)
	case cbor.Uint:
		return uint64(v)
	case cbor.NegInt:
		return -int64(v) //nolint:gosec // no number of CloudWatch's is that large
	case cbor.Bool:
		return bool(v)
	case cbor.Float32:
		return float64(v)
	case cbor.Float64:
		return float64(v)
	default:
		return nil
	}
}

// toCBOR is a value of JSON, whose numbers are as they were written. The name of its field tells whether it is a time.
func toCBOR(field string, v any) cbor.Value {
	switch v := v.(type) {
	case fields:
		object := cbor.Map{}

		for key, one := range v {
			if one != nil {
				object[key] = toCBOR(key, one)
			}
		}

		return object
	case []any:
		list := make(cbor.List, len(v))
		for i, one := range v {
			list[i] = toCBOR(field, one)
		}

		return list
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case json.Number:
		return number(field, v)
	default:
		return &cbor.Nil{}
	}
}

// number is a time, an integer where it is written as one, or a fraction.
func number(field string, v json.Number) cbor.Value {
	fraction, err := v.Float64()
	if err != nil {
		return &cbor.Nil{} // larger than any number that a client could read
	}

	if field == "LastModified" || strings.HasSuffix(strings.TrimSuffix(field, "s"), "Timestamp") {
		return &cbor.Tag{ID: epochTag, Value: cbor.Float64(fraction)}
	}

	whole, err := v.Int64()
	if err != nil || whole < 0 { // nothing that CloudWatch counts is below zero
		return cbor.Float64(fraction)
	}

	return cbor.Uint(whole)
}
