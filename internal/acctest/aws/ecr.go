package aws

import "time"

// tokenLife is how long a login to the registry lasts.
const tokenLife = 12 * time.Hour

// putImageScanning stands in for turning scans off, which moto does not notice: a client may leave false out.
func (d *Double) putImageScanning(q *request) answer {
	on := object(q.json()["imageScanningConfiguration"])["scanOnPush"] == true

	a := d.moto(q)
	if a.ok() {
		d.mu.Lock()
		defer d.mu.Unlock()

		d.scanOnPush[q.key("repository", q.text("repositoryName"))] = on
	}

	return a.json(func(answer fields) { answer["imageScanningConfiguration"] = fields{"scanOnPush": on} })
}

// describeRepositories stands in for what putImageScanning keeps.
func (d *Double) describeRepositories(q *request) answer {
	return d.moto(q).json(func(answer fields) {
		repositories := array(answer["repositories"])

		d.mu.Lock()
		defer d.mu.Unlock()

		for _, r := range repositories {
			repository := object(r)
			if on, ok := d.scanOnPush[q.key("repository", text(repository["repositoryName"]))]; ok {
				repository["imageScanningConfiguration"] = fields{"scanOnPush": on}
			}
		}
	})
}

func (d *Double) deleteRepository(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.mu.Lock()
		defer d.mu.Unlock()

		delete(d.scanOnPush, q.key("repository", q.text("repositoryName")))
	}

	return a
}

// authorizationToken stands in for an expiry that is in the future; moto's has been over for years.
func (d *Double) authorizationToken(q *request) answer {
	return d.moto(q).json(func(answer fields) {
		all := array(answer["authorizationData"])
		for _, one := range all {
			object(one)["expiresAt"] = time.Now().Add(tokenLife).Unix()
		}
	})
}
