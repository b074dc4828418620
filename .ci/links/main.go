// Command links checks the links of a folder of HTML, prints what it found and how long that took, and fails where something is wrong.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"gongkai/generator/links/folder"
)

func main() {
	base := flag.String("base", "", "address that the folder is published at")
	jobs := flag.Int("jobs", 0, "files read at a time")
	flag.Parse()
	start := time.Now()
	r, err := folder.Check(flag.Arg(0), folder.Options{BaseURL: *base, Jobs: *jobs})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range r.Problems {
		fmt.Printf("%s:%d:%d: %v: %s -> %s (%s)\n", p.File, p.Line, p.Column, p.Kind, p.Value, p.Target, p.Suggestion)
	}
	fmt.Fprintf(os.Stderr, "%d pages, %d style sheets, %d internal links, %d external addresses, %d problems in %v\n",
		r.Pages, r.Sheets, r.Internal, len(r.External), len(r.Problems), time.Since(start).Round(time.Millisecond))
	if len(r.Problems) > 0 {
		os.Exit(1)
	}
}
