package disk

import "sync"

var locks sync.Map

// Lock keeps components that are applied at the same time from getting in each other's way at one place. It waits for its
// turn and returns what ends it. path is absolute.
func Lock(path string) (unlock func()) {
	mutex, _ := locks.LoadOrStore(path, &sync.Mutex{})

	lock, ok := mutex.(*sync.Mutex)
	if !ok {
		return func() {} // unreachable: nothing else is stored
	}

	lock.Lock()

	return lock.Unlock
}
