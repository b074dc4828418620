// Package parallel is the one loop that spreads work over goroutines. Results are written by index, so that nothing depends on the order.
package parallel

import "sync"

// batch is how many indexes a worker takes at once: few enough to share the end of the work, enough to make taking cheap.
const batch = 32

// Do calls do once for each index below n, on a number of workers that count from 0. It returns when all calls have returned.
func Do(workers, n int, do func(worker, i int)) { inBatches(workers, n, batch, do) }

// Each is Do for calls that take long: a worker takes them one by one.
func Each(workers, n int, do func(worker, i int)) { inBatches(workers, n, 1, do) }

func inBatches(workers, n, batch int, do func(worker, i int)) {
	spans := make(chan int)
	var wg sync.WaitGroup
	for w := range max(1, workers) {
		wg.Go(func() {
			for start := range spans {
				for i := start; i < min(start+batch, n); i++ {
					do(w, i)
				}
			}
		})
	}
	for i := 0; i < n; i += batch {
		spans <- i
	}
	close(spans)
	wg.Wait()
}
