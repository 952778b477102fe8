package kube

import "time"

const (
	// graceShort is for reasons that need somebody to change something: an image that is not there.
	graceShort = 25 * time.Second
	// graceLong is for reasons that now and then heal by themselves.
	graceLong = 60 * time.Second
	// graceSchedule leaves an autoscaler the time to begin.
	graceSchedule = 2 * time.Minute
	// graceNone marks what is worth saying only when the time is up.
	graceNone time.Duration = -1
)

// trouble is one reason why an object is not ready.
type trouble struct {
	// key stays the same while the reason does.
	key string
	// text is for people and may change, as with a counter.
	text string
	// grace is how long the reason may stand before waiting is given up.
	grace time.Duration
}

// sightings knows since when a trouble has been seen without a break.
type sightings map[string]time.Time

// lasting notes the troubles seen now, and returns those whose grace is over.
func (s sightings) lasting(now time.Time, seen map[string]trouble) map[string]trouble {
	for key := range s {
		if _, still := seen[key]; !still {
			delete(s, key)
		}
	}

	final := map[string]trouble{}

	for key, t := range seen {
		since, known := s[key]
		if !known {
			since = now
			s[key] = now
		}

		if t.grace != graceNone && now.Sub(since) >= t.grace {
			final[key] = t
		}
	}

	return final
}
