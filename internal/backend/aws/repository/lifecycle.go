package repository

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// The rules of a repository's lifecycle that are ours, by their descriptions; all others are somebody else's.
const (
	ruleUntagged = "mlstacks: images without a tag"
	ruleKeep     = "mlstacks: more images than are kept"
)

// What a rule is about, as far as there can be only one of its kind in a policy.
const (
	aboutUntagged = "untagged"
	aboutAny      = "any"
)

// rule is one of a lifecycle policy. What is not read of it stays as it is.
type rule map[string]any

func (r rule) selection() map[string]any {
	selection, _ := r["selection"].(map[string]any) // a rule without one is about nothing

	return selection
}

func (r rule) about() string {
	about, _ := r.selection()["tagStatus"].(string) // as above

	return about
}

func (r rule) priority() int64 { return number(r["rulePriority"]) }

func number(value any) int64 {
	text, ok := value.(json.Number)
	if !ok {
		return 0
	}

	n, err := text.Int64()
	if err != nil {
		return 0
	}

	return n
}

// rules are those of a policy; "" has none.
func rules(text string) ([]rule, error) {
	if text == "" {
		return nil, nil
	}

	var policy struct {
		Rules []rule `json:"rules"`
	}

	decoder := json.NewDecoder(bytes.NewBufferString(text))
	decoder.UseNumber()

	if err := decoder.Decode(&policy); err != nil {
		return nil, fmt.Errorf("it is no JSON that could be understood: %w", err)
	}

	return policy.Rules, nil
}

// ours are the numbers of our rules in a policy; 0 where they are not in it.
func ours(text string) (untaggedDays, keepImages int32, err error) {
	all, err := rules(text)

	for _, one := range all {
		count := int32(min(number(one.selection()["countNumber"]), maxCount)) //nolint:gosec // it fits now

		switch one["description"] {
		case ruleUntagged:
			untaggedDays = count
		case ruleKeep:
			keepImages = count
		}
	}

	return untaggedDays, keepImages, err
}

const maxCount = 1 << 30

// merged puts our rules into a policy in the place of those about the same images, of which there can be only one; it is ""
// when nothing is left. Everybody else's rules about other images stay, in their order.
func merged(text string, want Settings) (string, error) {
	all, err := rules(text)
	if err != nil {
		return "", err
	}

	all = slices.DeleteFunc(all, func(one rule) bool {
		return one["description"] == ruleUntagged || one["description"] == ruleKeep ||
			want.UntaggedDays > 0 && one.about() == aboutUntagged || want.KeepImages > 0 && one.about() == aboutAny
	})

	if want.UntaggedDays > 0 {
		all = append(all, made(ruleUntagged, free(all), map[string]any{
			"tagStatus": aboutUntagged, "countType": "sinceImagePushed", "countUnit": "days", "countNumber": want.UntaggedDays,
		}))
	}

	if want.KeepImages > 0 {
		all = append(all, made(ruleKeep, free(all), map[string]any{
			"tagStatus": aboutAny, "countType": "imageCountMoreThan", "countNumber": want.KeepImages,
		}))
	}

	if len(all) == 0 {
		return "", nil
	}

	last(all)

	encoded, err := json.Marshal(map[string]any{"rules": all})
	if err != nil {
		return "", fmt.Errorf("encode lifecycle policy: %w", err)
	}

	return string(encoded), nil
}

func made(description string, priority int64, selection map[string]any) rule {
	return rule{
		"rulePriority": json.Number(fmt.Sprint(priority)), "description": description, "selection": selection,
		"action": map[string]any{"type": "expire"},
	}
}

// free is a priority behind all others.
func free(all []rule) int64 {
	highest := int64(0)
	for _, one := range all {
		highest = max(highest, one.priority())
	}

	return highest + 1
}

// last moves the rule about any image behind all others, where AWS wants it.
func last(all []rule) {
	for _, one := range all {
		if next := free(all); one.about() == aboutAny && one.priority() < next-1 {
			one["rulePriority"] = json.Number(fmt.Sprint(next))
		}
	}
}

// lifecycle is a repository's policy; "" where it has none.
func (r Repository) lifecycle(ctx context.Context, client *ecr.Client) (string, error) {
	answer, err := client.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(r.Name)})

	switch {
	case session.Is(err, noLifecycle):
		return "", nil
	case err != nil:
		return "", session.Worded(err, "read the lifecycle policy of repository %q", r.Name)
	}

	return aws.ToString(answer.LifecyclePolicyText), nil
}

const noLifecycle = "LifecyclePolicyNotFoundException"

// changeLifecycle brings our rules to what is wanted, where they are not.
func (r Repository) changeLifecycle(ctx context.Context, client *ecr.Client) error {
	text, err := r.lifecycle(ctx, client)
	if err != nil {
		return err
	}

	untagged, keep, err := ours(text)
	if err == nil && untagged == r.Settings.UntaggedDays && keep == r.Settings.KeepImages {
		return nil
	}

	return r.putLifecycle(ctx, client, text)
}

// putLifecycle puts our rules into a policy and gives it to the repository.
func (r Repository) putLifecycle(ctx context.Context, client *ecr.Client, existing string) error {
	text, err := merged(existing, r.Settings)
	if err != nil {
		return fmt.Errorf("change the lifecycle policy of repository %q: %w", r.Name, err)
	}

	if text == "" {
		_, err = client.DeleteLifecyclePolicy(ctx, &ecr.DeleteLifecyclePolicyInput{RepositoryName: aws.String(r.Name)})
		if session.Is(err, noLifecycle) {
			return nil
		}
	} else {
		_, err = client.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: aws.String(r.Name), LifecyclePolicyText: aws.String(text)})
	}

	return session.Worded(err, "set the lifecycle policy of repository %q", r.Name)
}
