package policy

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestPolicies_AreScopedByResource(t *testing.T) {
	t.Parallel()

	for _, at := range places {
		for name, documents := range samples(at) {
			t.Run(at.Partition+"/"+name, func(t *testing.T) {
				t.Parallel()

				for _, document := range documents {
					if document.Empty() {
						continue
					}

					judge(t, at, strings.HasPrefix(name, "Trust"), document)
				}
			})
		}
	}
}

func judge(t *testing.T, at Place, trust bool, document Document) {
	t.Helper()

	text := document.JSON()
	for _, problem := range Forbidden(text) {
		t.Errorf("%s in %s", problem, text)
	}

	limit := ManagedLimit // both kinds of policies have room for each alone
	if trust {
		limit = TrustLimit
	}

	if document.Size() > limit {
		t.Errorf("%d characters are more than %d", document.Size(), limit)
	}

	for _, match := range anyARN.FindAllStringSubmatch(text, -1) {
		if match[1] != at.Partition {
			t.Errorf("an ARN is of %s and not of %s: %s", match[1], at.Partition, text)
		}
	}

	var sids []string
	for _, statement := range document.Statement {
		sids = append(sids, statement.Sid)
	}

	slices.Sort(sids)

	if sids[0] == "" || len(slices.Compact(slices.Clone(sids))) != len(sids) {
		t.Errorf("Sids are missing or repeated: %v", sids)
	}
}

func TestPolicies_AreAllAmongTheSamples(t *testing.T) {
	t.Parallel()

	known := samples(places[0])

	files := token.NewFileSet()

	entries, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}

	found := 0

	for _, entry := range entries {
		if strings.HasSuffix(entry, "_test.go") {
			continue
		}

		file, err := parser.ParseFile(files, entry, nil, 0)
		if err != nil {
			t.Fatal(err)
		}

		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || !function.Name.IsExported() || function.Recv != nil || !makesPolicy(function) {
				continue
			}

			found++

			if len(known[function.Name.Name]) == 0 {
				t.Errorf("%s makes a policy that nobody judges: add it to samples", function.Name.Name)
			}
		}
	}

	if found != len(known) {
		t.Errorf("%d functions make policies, and there are samples of %d", found, len(known))
	}
}

func makesPolicy(function *ast.FuncDecl) bool {
	if function.Type.Results == nil {
		return false
	}

	return slices.ContainsFunc(function.Type.Results.List, func(field *ast.Field) bool {
		name, ok := field.Type.(*ast.Ident)

		return ok && (name.Name == "Document" || name.Name == "Statement")
	})
}

func TestPolicies_HaveAReasonForEveryActionWithoutLimit(t *testing.T) {
	t.Parallel()

	used := map[string]bool{}

	for _, documents := range samples(places[0]) {
		for _, document := range documents {
			for _, statement := range document.Statement {
				if slices.Contains(statement.Resource, "*") {
					for _, action := range statement.Action {
						used[action] = true
					}
				}
			}
		}
	}

	for action, reason := range unlimited {
		if !used[action] || reason == "" {
			t.Errorf("%s is on the list and not used, or has no reason", action)
		}
	}
}

func TestPolicies_LeaveOutWhatIsNotThere(t *testing.T) {
	t.Parallel()

	at := places[0]
	for name, document := range map[string]Document{
		"bucket":       ArtifactClient(at, Bucket{}),
		"repositories": RegistryPush(nil),
		"prefix":       SecretsClient(at, "", "arn:aws:kms:eu-west-1:123456789012:key/1"),
		"group":        ModelPackageGroupClient(at, ""),
		"secrets":      AppRunnerInstance(at, ""),
	} {
		if !document.Empty() || document.JSON() != "" {
			t.Errorf("without %s there is still %s", name, document.JSON())
		}
	}

	if text := SageMakerRuntime(at, Runtime{Role: at.RoleARN("", "r")}).JSON(); strings.Contains(text, "s3:") || strings.Contains(text, "ecr:") ||
		strings.Contains(text, "kms:") || strings.Contains(text, "ec2:") {
		t.Errorf("a runtime without bucket, repositories, key and network may use them: %s", text)
	}
}

func TestPolicies_GiveTheActionsThatZenMLNeeds(t *testing.T) {
	t.Parallel()

	at := places[0]
	role, bucket := at.RoleARN("", "runtime"), Bucket{Name: "b"}

	for name, one := range map[string]struct {
		document Document
		needs    []string
	}{
		"artifacts": {ArtifactClient(at, bucket), []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"}},
		"push":      {RegistryPush([]string{at.RepositoryARN("a")}), []string{"ecr:PutImage", "ecr:GetAuthorizationToken", "ecr:DescribeRepositories"}},
		"orchestrator": {
			SageMakerOrchestratorClient(at, role),
			[]string{"sagemaker:CreatePipeline", "sagemaker:StopPipelineExecution", "sagemaker:CreateTrainingJob", "sagemaker:ListDomains", "iam:PassRole", "logs:GetLogEvents"},
		},
		"runtime": {SageMakerRuntime(at, Runtime{Role: role, Bucket: bucket}), []string{"s3:PutObject", "logs:PutLogEvents", "cloudwatch:PutMetricData", "events:PutRule"}},
		"secrets": {SecretsClient(at, "zenml/", ""), []string{"secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:TagResource", "secretsmanager:DeleteSecret"}},
		"build":   {CodeBuildClient(at.ProjectARN("p")), []string{"codebuild:StartBuild", "codebuild:BatchGetBuilds"}},
		"records": {FeatureStoreClient(at, role, ""), []string{"sagemaker:PutRecord", "sagemaker:GetRecord", "sagemaker:CreateFeatureGroup"}},
	} {
		for _, action := range one.needs {
			if !strings.Contains(one.document.JSON(), `"`+action+`"`) {
				t.Errorf("%s: %s is missing", name, action)
			}
		}
	}
}

func TestPolicies_ReachAsFarAsNamesPathsAndPrefixes(t *testing.T) {
	t.Parallel()

	at := places[1]

	for text, wants := range map[string][]string{
		ArtifactClient(at, Bucket{Name: "b", Prefix: "/team/x/"}).JSON():          {`"arn:aws-cn:s3:::b/team/x/*"`, `{"StringLike":{"s3:prefix":["team/x","team/x/*"]}}`},
		SageMakerOrchestratorClient(at, at.RoleARN("/ml/ops/", "runtime")).JSON(): {`"arn:aws-cn:iam::123456789012:role/ml/ops/runtime"`, `"sagemaker.amazonaws.com.cn"`},
		SageMakerOrchestratorClient(at, at.RoleARN("/", "runtime")).JSON():        {`"arn:aws-cn:iam::123456789012:role/runtime"`},
		RegistryPush([]string{at.RepositoryARN("a"), elsewhere(at)}).JSON():       {`"arn:aws-cn:ecr:cn-north-1:210987654321:repository/*"`, `"arn:aws-cn:ecr:cn-north-1:123456789012:repository/*"`},
		ModelPackageGroupClient(at, "Models").JSON():                              {`model-package-group/Models"`, `model-package-group/models"`, `model-package/Models/*"`},
		CodeBuildRole(at, Build{Project: "p"}).JSON():                             {`log-group:/aws/codebuild/p"`, `log-group:/aws/codebuild/p:*"`},
		SkyPilotAWS(at, SkyPilot{}).JSON():                                        {`"arn:aws-cn:ec2:*::image/ami-*"`, `role/skypilot-v1"`, `{"Null":{"aws:ResourceTag/ray-cluster-name":"false"}}`},
		SageMakerRuntime(at, Runtime{Role: "r", Bucket: Bucket{Key: "k"}}).JSON(): {`"kms:CreateGrant"`, `"kms:GrantIsForAWSResource":"true"`, `"kms:GenerateDataKey"`},
		Trust("sagemaker.amazonaws.com", at.Account).JSON():                       {`{"StringEquals":{"aws:SourceAccount":"123456789012"}}`},
	} {
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not in %s", want, text)
			}
		}
	}

	if text := Trust("build.apprunner.amazonaws.com", at.Account).JSON(); strings.Contains(text, "Condition") {
		t.Errorf("App Runner does not tell for which account it asks: %s", text)
	}
}

func TestManaged_AreOfThePartitionAndNotForAnything(t *testing.T) {
	t.Parallel()

	for _, at := range places {
		first, second := EKSVolumes(at.Partition)
		for _, policy := range append(append(EKSCluster(at.Partition), EKSNode(at.Partition)...), first, second) {
			if problem := ForbiddenManaged(policy.ARN); problem != "" || policy.Reason == "" || !strings.HasPrefix(policy.ARN, "arn:"+at.Partition+":iam::aws:policy/") {
				t.Errorf("%+v: %s", policy, problem)
			}
		}
	}

	if ForbiddenManaged("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess") == "" {
		t.Error("a policy with full access is taken")
	}
}

func TestDocument_IsOneTextInAnyOrder(t *testing.T) {
	t.Parallel()

	at := places[0]
	one, two := at.RepositoryARN("one"), at.RepositoryARN("two")

	if RegistryPush([]string{one, two}).JSON() != RegistryPush([]string{two, one, two}).JSON() {
		t.Error("the order of repositories changes the text")
	}

	text := CodeBuildClient(at.ProjectARN("p")).JSON()

	want := `{"Version":"2012-10-17","Statement":[{"Sid":"Build","Effect":"Allow","Action":["codebuild:BatchGetBuilds","codebuild:StartBuild","codebuild:StopBuild"],` +
		`"Resource":"arn:aws:codebuild:eu-west-1:123456789012:project/p"}]}`
	if text != want || !json.Valid([]byte(text)) {
		t.Errorf("got %s", text)
	}
}

func TestJoin_KeepsWhatIsSharedOnceAndSidsApart(t *testing.T) {
	t.Parallel()

	at := places[0]
	joined := Join(RegistryPull([]string{at.RepositoryARN("a")}), RegistryPull([]string{at.RepositoryARN("b")}), RegistryPull([]string{at.RepositoryARN("c")}))

	var sids []string
	for _, statement := range joined.Statement {
		sids = append(sids, statement.Sid)
	}

	if want := []string{"RegistryPull", "RegistryLogin", "RegistryPull2", "RegistryPull3"}; !slices.Equal(sids, want) {
		t.Errorf("got %v, want %v", sids, want)
	}
}
