package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// BenchmarkCheck asks 2,000 addresses on 40 hosts that take 50 ms for each answer, with the standard pace.
func BenchmarkCheck(b *testing.B) {
	w := newWorld(b, func(http.ResponseWriter, *http.Request) { time.Sleep(50 * time.Millisecond) }, nil)
	w.Pace, w.Sleep, w.Header, w.Total = 0, nil, 0, 0
	var addresses []string
	for i := range 2000 {
		addresses = append(addresses, fmt.Sprintf("http://h%02d.example/%d", i%40, i))
	}
	for b.Loop() {
		for _, r := range Check(b.Context(), addresses, w.Options) {
			if r.State != OK {
				b.Fatalf("%+v", r)
			}
		}
	}
}
