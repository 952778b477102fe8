package session

import "github.com/aws/aws-sdk-go-v2/aws"

// TagList lists tags in the order of their keys. Every service has a type of its own for one, which of makes.
func TagList[T any](tags map[string]string, of func(key, value *string) T) []T {
	list := make([]T, 0, len(tags))
	for _, key := range sorted(tags) {
		list = append(list, of(aws.String(key), aws.String(tags[key])))
	}

	return list
}

// TagMap are the tags of a list as a service gives it; of takes one apart.
func TagMap[T any](list []T, of func(tag T) (key, value *string)) map[string]string {
	tags := make(map[string]string, len(list))

	for _, tag := range list {
		key, value := of(tag)
		tags[aws.ToString(key)] = aws.ToString(value)
	}

	return tags
}
