package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus may ask. A nil one counts nothing.
type metrics struct {
	handler  http.Handler
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	searches prometheus.Histogram
}

// buckets reach from half a millisecond to ten seconds.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 2.5, 10}

func newMetrics(s *Server) *metrics {
	registry := prometheus.NewRegistry()
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gongkai_requests_total", Help: "Requests by what answered and status."}, []string{"handler", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gongkai_request_seconds", Help: "Time to answer.", Buckets: buckets}, []string{"handler"}),
		searches: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "gongkai_search_seconds", Help: "Time of the engine for a query.", Buckets: buckets}),
	}
	packed := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gongkai_packed_bytes", Help: "Compressed files kept in memory."}, func() float64 { return float64(s.packed.bytes()) })
	registry.MustRegister(m.requests, m.duration, m.searches, packed, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) request(handler string, code int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(handler, strconv.Itoa(code)).Inc()
		m.duration.WithLabelValues(handler).Observe(took.Seconds())
	}
}

func (m *metrics) search(took time.Duration) {
	if m != nil {
		m.searches.Observe(took.Seconds())
	}
}
