package aws

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const dbSubnetGroup = "DBSubnetGroupName"

var subnetZone = regexp.MustCompile(`<availabilityZone>([^<]+)</availabilityZone>`)

// rdsAsk makes a call to RDS.
func (d *Double) rdsAsk(q *request, action string, form url.Values) answer {
	form.Set("Action", action)
	form.Set("Version", "2014-10-31")

	return d.ask(q, "rds", http.MethodPost, "/", "", []byte(form.Encode()))
}

// createSubnetGroup stands in for the refusal of a second group of a name, which moto puts in the place of the first, and of
// subnets in one zone.
func (d *Double) createSubnetGroup(q *request) answer {
	name := q.form().Get(dbSubnetGroup)
	if d.rdsAsk(q, "DescribeDBSubnetGroups", url.Values{dbSubnetGroup: {name}}).ok() {
		return failure(q, http.StatusBadRequest, "DBSubnetGroupAlreadyExists", "The DB subnet group '"+name+"' already exists.")
	}

	if d.inOneZone(q) {
		return tooFewZones(q)
	}

	return d.moto(q)
}

// modifySubnetGroup stands in for an operation after which moto has no such group any more. The changed group takes the place
// of the one that was.
func (d *Double) modifySubnetGroup(q *request) answer {
	form := q.form()
	name := form.Get(dbSubnetGroup)

	was := d.rdsAsk(q, "DescribeDBSubnetGroups", url.Values{dbSubnetGroup: {name}})

	switch {
	case !was.ok():
		return was
	case d.inOneZone(q):
		return tooFewZones(q)
	}

	if form.Get("DBSubnetGroupDescription") == "" {
		form.Set("DBSubnetGroupDescription", first(was.body, "DBSubnetGroupDescription"))
	}

	d.keepTags(q, form, first(was.body, "DBSubnetGroupArn"))

	a := d.rdsAsk(q, "CreateDBSubnetGroup", form)
	if !a.ok() {
		return a
	}

	d.moveInstances(q, name)

	a.body = bytes.ReplaceAll(a.body, []byte("CreateDBSubnetGroupRes"), []byte("ModifyDBSubnetGroupRes"))

	return a
}

// keepTags adds what an object is tagged with to the form of the one that replaces it.
func (d *Double) keepTags(q *request, form url.Values, arn string) {
	var tags struct {
		List []struct {
			Key   string `xml:"Key"`
			Value string `xml:"Value"`
		} `xml:"ListTagsForResourceResult>TagList>Tag"`
	}

	a := d.rdsAsk(q, "ListTagsForResource", url.Values{"ResourceName": {arn}})
	if xml.Unmarshal(a.body, &tags) != nil {
		return
	}

	for i, tag := range tags.List {
		form.Set(fmt.Sprintf("Tags.Tag.%d.Key", i+1), tag.Key)
		form.Set(fmt.Sprintf("Tags.Tag.%d.Value", i+1), tag.Value)
	}
}

// moveInstances makes instances of a group that was replaced show the new one.
func (d *Double) moveInstances(q *request, group string) {
	for _, one := range dbInstance.FindAll(d.rdsAsk(q, "DescribeDBInstances", url.Values{}).body, -1) {
		if name := first(one, dbParameter); name != "" && strings.EqualFold(first(one, dbSubnetGroup), group) {
			d.rdsAsk(q, "ModifyDBInstance", url.Values{dbParameter: {name}, dbSubnetGroup: {group}})
		}
	}
}

// inOneZone is true where the subnets of a call exist and are in fewer than two zones.
func (d *Double) inOneZone(q *request) bool {
	form := url.Values{"Action": {"DescribeSubnets"}, "Version": {"2016-11-15"}}

	for key, ids := range q.form() {
		if at, ok := strings.CutPrefix(key, "SubnetIds.SubnetIdentifier."); ok {
			form["SubnetId."+at] = ids
		}
	}

	a := d.ask(q, "ec2", http.MethodPost, "/", "", []byte(form.Encode()))
	if !a.ok() {
		return false // which of them do not exist is moto's to say
	}

	var zones []string
	for _, zone := range subnetZone.FindAllSubmatch(a.body, -1) {
		zones = append(zones, string(zone[1]))
	}

	slices.Sort(zones)

	return len(slices.Compact(zones)) < 2
}

func tooFewZones(q *request) answer {
	return failure(q, http.StatusBadRequest, "DBSubnetGroupDoesNotCoverEnoughAZs",
		"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Cover at least 2 AZs.")
}

// first is the text of the first element of a name, empty if there is none.
func first(body []byte, element string) string {
	decoder := xml.NewDecoder(bytes.NewReader(body))

	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}

		if start, ok := token.(xml.StartElement); ok && start.Name.Local == element {
			var value string

			_ = decoder.DecodeElement(&value, &start) // what is cut off has no text

			return value
		}
	}
}
