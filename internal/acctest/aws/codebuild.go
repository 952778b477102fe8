package aws

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// createProject stands in for what moto loses or refuses of a project: limits, defaults, sources without a location.
func (d *Double) createProject(q *request) answer {
	project := q.json()
	asked := maps.Clone(project)

	if source := maps.Clone(object(project["source"])); source["location"] == nil || source["location"] == "" {
		source["location"] = "none" // moto wants one, also where there is no source
		asked["source"] = source
	}

	changed := *q
	changed.body = encode(asked)

	a := d.moto(&changed)
	if !a.ok() {
		return a
	}

	kept := fields{"timeoutInMinutes": 60, "queuedTimeoutInMinutes": 480}
	keep(kept, project)

	d.mu.Lock()
	d.projects[q.key("project", text(project["name"]))] = kept
	d.mu.Unlock()

	return a.json(func(answer fields) { maps.Copy(object(answer["project"]), kept) })
}

// keep takes over what a call says of a project.
func keep(kept, said fields) {
	maps.Copy(kept, said)

	if limit, ok := kept["concurrentBuildLimit"]; ok && string(encode(limit)) == "-1" {
		delete(kept, "concurrentBuildLimit") // how a limit is taken away
	}

	if on, ok := kept["badgeEnabled"]; ok {
		kept["badge"] = fields{"badgeEnabled": on}
		delete(kept, "badgeEnabled")
	}
}

// updateProject stands in for an operation that moto lacks.
func (d *Double) updateProject(q *request) answer {
	name := q.text("name")

	project := d.project(q, name)
	if project == nil {
		return failure(q, http.StatusBadRequest, "ResourceNotFoundException", "Project cannot be found: "+q.arn("project/"+name))
	}

	d.mu.Lock()

	kept := maps.Clone(d.projects[q.key("project", name)])
	if kept == nil {
		kept = fields{}
	}

	keep(kept, q.json())
	kept["lastModified"] = time.Now().Unix()
	d.projects[q.key("project", name)] = kept
	d.mu.Unlock()

	maps.Copy(project, kept)

	return ofJSON(fields{"project": project})
}

// project is what moto knows of a project; nil is one that does not exist.
func (d *Double) project(q *request, name string) fields {
	a := d.ask(q, "codebuild", http.MethodPost, "/", "CodeBuild_20161006.BatchGetProjects", encode(fields{"names": []string{name}}))
	if projects, ok := decode(a.body)["projects"].([]any); ok && len(projects) > 0 {
		return object(projects[0])
	}

	return nil
}

// batchGetProjects stands in for what was kept of projects, and for the list of those that do not exist.
func (d *Double) batchGetProjects(q *request) answer {
	return d.moto(q).json(func(answer fields) {
		missing := array(q.json()["names"])
		projects := array(answer["projects"])

		d.mu.Lock()
		defer d.mu.Unlock()

		for _, p := range projects {
			project := object(p)
			maps.Copy(project, d.projects[q.key("project", text(project["name"]))])

			missing = slices.DeleteFunc(missing, func(name any) bool { return name == project["name"] || name == project["arn"] })
		}

		answer["projectsNotFound"] = missing
	})
}

func (d *Double) deleteProject(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.mu.Lock()
		defer d.mu.Unlock()

		delete(d.projects, q.key("project", q.text("name")))
	}

	return a
}
