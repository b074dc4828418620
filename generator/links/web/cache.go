package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cache keeps the addresses that were OK, each until it expires. A nil Cache is empty and keeps nothing.
type Cache struct {
	mu      sync.Mutex
	entries map[string]entry // policy, line feed, address
}

// cacheVersion is the first line of a file; any other file is taken for empty.
const cacheVersion = `{"gongkai-links":2}`

type entry struct {
	URL    string    `json:"url"`
	Policy string    `json:"policy"`
	Until  time.Time `json:"until"`
	Status int       `json:"status"`
	Final  string    `json:"final,omitempty"`
	Advice []Advice  `json:"advice,omitempty"`
}

func (e *entry) key() string { return e.Policy + "\n" + e.URL }

// LoadCache reads a file that Save wrote. A file that is missing or damaged, or has another version, is an empty cache; the error is
// one of reading.
func LoadCache(name string) (*Cache, error) {
	c := &Cache{entries: map[string]entry{}}
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read cache of links: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() || lines.Text() != cacheVersion {
		return c, nil
	}
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.URL == "" || e.Until.IsZero() {
			return &Cache{entries: map[string]entry{}}, nil
		}
		c.entries[e.key()] = e
	}
	if lines.Err() != nil {
		return &Cache{entries: map[string]entry{}}, nil
	}
	return c, nil
}

// Save replaces the file by what the cache has and is not expired.
func (c *Cache) Save(name string, now time.Time) (err error) {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var b bytes.Buffer
	b.WriteString(cacheVersion + "\n")
	var keys []string
	for key, e := range c.entries {
		if e.Until.After(now) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, strings.Compare)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for _, key := range keys {
		if err := encoder.Encode(c.entries[key]); err != nil {
			return fmt.Errorf("save cache of links: %w", err)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp")
	if err != nil {
		return fmt.Errorf("save cache of links: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("save cache of links: %w", err)
		}
	}()
	_, err = f.Write(b.Bytes())
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func (c *Cache) get(address, policy string, now time.Time, r *Result) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[policy+"\n"+address]
	if !ok || !e.Until.After(now) {
		return false
	}
	*r = Result{URL: r.URL, State: OK, Reason: Answered, Status: e.Status, Final: e.Final, Advice: e.Advice, Cached: true}
	return true
}

func (c *Cache) put(address, policy string, until time.Time, r *Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[string]entry{}
	}
	e := entry{address, policy, until, r.Status, r.Final, r.Advice}
	c.entries[e.key()] = e
}
