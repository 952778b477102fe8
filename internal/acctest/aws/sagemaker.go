package aws

import (
	"net/http"
	"slices"
	"strings"
)

const sagemakerTarget = "SageMaker."

// createModelPackageGroup stands in for the refusal of a second group of the same name.
func (d *Double) createModelPackageGroup(q *request) answer {
	name := q.text("ModelPackageGroupName")
	if d.hasGroup(q, name) {
		return failure(q, http.StatusBadRequest, "ConflictException", "Model Package Group already exists: "+q.arn("model-package-group/"+name))
	}

	a := d.moto(q)
	if a.ok() {
		d.setGroup(q, name, true)
	}

	return a
}

func (d *Double) setGroup(q *request, name string, exists bool) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.modelGroups[q.key("model-package-group", name)] = exists
}

// hasGroup says whether a group exists; moto still knows those that were deleted.
func (d *Double) hasGroup(q *request, name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()

	return d.modelGroups[q.key("model-package-group", name)]
}

func noGroup(q *request, name string) answer {
	return failure(q, http.StatusBadRequest, "ValidationException", "ModelPackageGroup "+q.arn("model-package-group/"+name)+" does not exist.")
}

// describeModelPackageGroup stands in for groups that were deleted, which moto still has.
func (d *Double) describeModelPackageGroup(q *request) answer {
	name := q.text("ModelPackageGroupName")
	name = name[strings.LastIndex(name, "/")+1:] // it may be an ARN

	if !d.hasGroup(q, name) {
		return noGroup(q, name)
	}

	return d.moto(q)
}

// listModelPackageGroups stands in for the same.
func (d *Double) listModelPackageGroups(q *request) answer {
	return d.moto(q).json(func(answer fields) {
		groups := array(answer["ModelPackageGroupSummaryList"])
		answer["ModelPackageGroupSummaryList"] = slices.DeleteFunc(groups, func(group any) bool {
			return !d.hasGroup(q, text(object(group)["ModelPackageGroupName"]))
		})
	})
}

// deleteModelPackageGroup stands in for an operation that moto lacks. A group with packages stays, as on AWS.
func (d *Double) deleteModelPackageGroup(q *request) answer {
	name := q.text("ModelPackageGroupName")
	if !d.hasGroup(q, name) {
		return noGroup(q, name)
	}

	packages := d.ask(q, "sagemaker", http.MethodPost, "/", sagemakerTarget+"ListModelPackages", encode(fields{"ModelPackageGroupName": name}))
	if list, ok := decode(packages.body)["ModelPackageSummaryList"].([]any); ok && len(list) > 0 {
		return failure(q, http.StatusBadRequest, "ConflictException",
			"Model Package Group cannot be deleted because it still contains Model Packages: "+q.arn("model-package-group/"+name))
	}

	d.setGroup(q, name, false)

	return ofJSON(fields{})
}

// noPipeline stands in for the code of a pipeline that does not exist; moto's is that of a wrong request.
func (d *Double) noPipeline(q *request) answer {
	a := d.moto(q)
	if a.status/100 == 4 && strings.Contains(string(a.body), "Could not find pipeline") {
		return failure(q, http.StatusBadRequest, "ResourceNotFound", "Pipeline '"+q.arn("pipeline/"+q.text("PipelineName"))+"' does not exist.")
	}

	return a
}
