package browser

import (
	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch turns on what listen listens to.
func watch() chromedp.Tasks { return chromedp.Tasks{log.Enable(), network.Enable(), audits.Enable()} }

// listen notes what the browser says about a page while it lives: on its console, in its log, among its issues (which is
// where refusals by the page's own policy are), and what it asks the network for.
func (p *Page) listen(address string) {
	chromedp.ListenTarget(p.ctx, func(event any) {
		switch event := event.(type) {
		case *log.EventEntryAdded:
			p.fault("log: %s (%s)", event.Entry.Text, event.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			p.fault("console: %s", event.Type)
		case *runtime.EventExceptionThrown:
			p.fault("exception: %s", event.ExceptionDetails.Error())
		case *audits.EventIssueAdded:
			p.fault("issue: %s", event.Issue.Code)
		case *network.EventRequestWillBeSent:
			// The icon is in the page itself; the browser calls reading it a request.
			if url := event.Request.URL; url != address && event.DocumentURL == address && !isData(url) {
				p.fault("request: %s", url)
			}
		}
	})
}

func isData(url string) bool { return len(url) > 5 && url[:5] == "data:" }
