package aws

import (
	"net/http"
	"net/url"
	"regexp"
)

var (
	natID    = regexp.MustCompile(`<natGatewayId>([^<]*)</natGatewayId>`)
	natState = regexp.MustCompile(`<state>[^<]*</state>`)
)

// createNATGateway stands in for a gateway that is pending for a while; moto's is available at once.
func (d *Double) createNATGateway(q *request) answer {
	a := d.moto(q)
	if m := natID.FindSubmatch(a.body); a.ok() && m != nil {
		d.hold(q, NATGateways, string(m[1]), "pending", nil)
		a.body = natState.ReplaceAll(a.body, []byte("<state>pending</state>"))
	}

	return a
}

func (d *Double) deleteNATGateway(q *request) answer {
	a := d.moto(q)
	if a.ok() {
		d.hold(q, NATGateways, q.form().Get("NatGatewayId"), "deleting", nil)
	}

	return a
}

// describeNATGateways shows states to those who ask for one gateway, as waiters do.
func (d *Double) describeNATGateways(q *request) answer {
	a, form := d.moto(q), q.form()
	if id := form.Get("NatGatewayId.1"); id != "" && !form.Has("NatGatewayId.2") {
		if h := d.look(q, NATGateways, id); h != nil {
			a.body = natState.ReplaceAll(a.body, []byte("<state>"+h.state+"</state>"))
		}
	}

	return a
}

// ec2Value makes a call to EC2 and returns the first value of an element of its answer, empty if there is none.
func (d *Double) ec2Value(q *request, element string, form url.Values) string {
	form.Set("Version", "2016-11-15")

	a := d.ask(q, "ec2", http.MethodPost, "/", "", []byte(form.Encode()))
	if m := regexp.MustCompile(`<` + element + `>([^<]+)</` + element + `>`).FindSubmatch(a.body); m != nil {
		return string(m[1])
	}

	return ""
}
