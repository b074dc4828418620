package preview

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"gongkai/generator/finding"
)

// message is what browsers are told.
type message struct {
	Edition  int64    `json:"edition"`
	Address  string   `json:"address,omitempty"` // of the page that was edited, under the portal's path
	Changed  bool     `json:"changed"`           // pages may be other ones
	Error    string   `json:"error,omitempty"`   // what keeps the change from being shown
	Errors   int      `json:"errors"`
	Warnings int      `json:"warnings"`
	Infos    int      `json:"infos"`
	Faults   []fault  `json:"faults"` // the first ones, those of the edited files before the others
	Paths    []string `json:"paths,omitempty"`
}

// fault is a finding as the overlay shows it.
type fault struct {
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Place    string `json:"place"`
	Message  string `json:"message"`
	Mend     string `json:"mend,omitempty"`
	Edited   bool   `json:"edited,omitempty"` // in a file of this change
}

// mostFaults is how many findings an overlay lists.
const mostFaults = 50

// message says what is to be said of an edition after a change of paths; none where nothing but the findings is new.
func (s *Server) message(e *edition, paths []string, err error) *message {
	m := &message{Edition: e.number.Load(), Changed: len(paths) > 0 && err == nil, Paths: paths, Faults: []fault{}}
	if err != nil {
		m.Error = err.Error()
	}
	edited := map[string]bool{}
	for _, p := range paths {
		edited[p] = true
		if address, ok := e.pages[p]; ok && m.Address == "" {
			m.Address = e.base.Path[:len(e.base.Path)-1] + address
		}
	}
	findings := s.findingsOf(e, paths)
	m.Errors, m.Warnings, m.Infos = finding.Count(findings)
	for _, own := range []bool{true, false} {
		for _, f := range findings {
			if edited[f.Position.Path] == own && len(m.Faults) < mostFaults {
				m.Faults = append(m.Faults, fault{
					f.Rule.Severity.String(), f.Rule.ID, f.Position.String(), f.Message.In(s.opt.Language), f.Mend.In(s.opt.Language), own,
				})
			}
		}
	}
	return m
}

// hub sends messages to the browsers that listen.
type hub struct {
	mu   sync.Mutex
	open map[*client]bool
}

// client is one browser. Where it is slow only the last message waits for it: each tells all there is.
type client struct{ next chan *message }

func (h *hub) send(m *message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.open {
		waiting := *m
		select {
		case before := <-c.next:
			waiting.Changed = waiting.Changed || before.Changed
			if waiting.Address == "" {
				waiting.Address = before.Address
			}
		default:
		}
		c.next <- &waiting
	}
}

func (h *hub) join() *client {
	c := &client{next: make(chan *message, 1)}
	h.mu.Lock()
	h.open[c] = true
	h.mu.Unlock()
	return c
}

func (h *hub) leave(c *client) {
	h.mu.Lock()
	delete(h.open, c)
	h.mu.Unlock()
}

// heartbeat keeps connections open that would be taken for dead.
const heartbeat = 20 * time.Second

// events answers with a stream of messages (server-sent events): first what holds now, then each change.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	c := s.hub.join()
	defer s.hub.leave(c)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	write := func(m *message) bool {
		text, err := json.Marshal(m)
		if err != nil {
			return false
		}
		_, err = fmt.Fprintf(w, "data: %s\n\n", text)
		return err == nil && control.Flush() == nil
	}
	s.mu.Lock()
	now := s.message(s.current.Load(), nil, s.failed)
	s.mu.Unlock()
	if !write(now) {
		return
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case m := <-c.next:
			if !write(m) {
				return
			}
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": \n\n"); err != nil || control.Flush() != nil {
				return
			}
		}
	}
}
