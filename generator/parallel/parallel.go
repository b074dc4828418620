// Package parallel is the one loop that spreads work over goroutines. Results are written by index, so that nothing depends on the order.
package parallel

import (
	"sync"
	"sync/atomic"
)

// batch is how many indexes a worker takes at once, at most: few enough to share the end of the work, enough to make taking cheap.
const batch = 32

// Do calls do once for each index below n, on a number of workers that count from 0. It returns when all calls have returned.
func Do(workers, n int, do func(worker, i int)) { inBatches(workers, n, batch, do) }

// Each is Do for calls that take long: a worker takes them one by one.
func Each(workers, n int, do func(worker, i int)) { inBatches(workers, n, 1, do) }

func inBatches(workers, n, batch int, do func(worker, i int)) {
	workers = max(1, workers)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				start := int(taken.Load())
				if start >= n {
					return
				}
				// smaller ones towards the end, where one that takes long would keep everybody waiting
				end := start + min(batch, 1+(n-start)/(4*workers))
				if taken.CompareAndSwap(int64(start), int64(end)) {
					for i := start; i < end; i++ {
						do(w, i)
					}
				}
			}
		})
	}
	wg.Wait()
}
