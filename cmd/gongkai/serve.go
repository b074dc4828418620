package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/build"
	"gongkai/generator/search"
	"gongkai/generator/serve"
)

// serveFlags are the flags of gongkai serve.
type serveFlags struct {
	siteFlags
	addr    string
	metrics bool
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: a.say("提供门户和搜索接口的正式服务器", "serve the portal and its search"),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.serve(f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	a.addSiteFlags(cmd, &f.siteFlags)
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8080", a.say("监听地址；对外服务写成 :8080 或放在反向代理之后", "address to listen on; write :8080, or put it behind a proxy, to serve others"))
	flags.BoolVar(&f.metrics, "metrics", false, a.say("在 /metrics 提供 Prometheus 指标", "serve Prometheus metrics at /metrics"))
	return cmd
}

func (a *app) serve(f serveFlags) error {
	portal := f.portal()
	if info, err := os.Stat(portal); err != nil || !info.IsDir() {
		return usageError{errors.New(a.say("%s 里还没有门户，请先运行 gongkai build", "there is no portal in %s yet; run gongkai build first", portal))}
	}
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	server, err := serve.New(serve.Options{
		Public:  portal,
		Version: versionOf(portal),
		Open: func() (*serve.Site, error) {
			id, err := build.SearchID(portal)
			if errors.Is(err, fs.ErrNotExist) { // built with --no-search: the pages are there all the same
				return &serve.Site{Base: "/"}, nil
			}
			if err != nil {
				return nil, err
			}
			dir, err := build.SearchDir(portal)
			if err != nil {
				return nil, err
			}
			main, err := search.Attached(dir, id, build.SearchTemplate)
			if err != nil {
				return nil, err
			}
			base, err := search.Attached(dir, id, build.SearchBase)
			if err != nil {
				return nil, err
			}
			x, err := search.Open(dir, id)
			if err != nil {
				return nil, err
			}
			return &serve.Site{Engine: x, SearchMain: string(main), Base: string(base)}, nil
		},
		Metrics: f.metrics, Log: log, Now: time.Now,
	})
	if errors.Is(err, search.ErrOutdated) {
		return usageError{errors.New(a.say("搜索索引是别的版本做的，请重新运行 gongkai build", "the search index was made by another version; run gongkai build again"))}
	}
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return server.Run(ctx, f.addr, func(at net.Addr) {
		fmt.Fprintln(a.stderr, a.say("门户在 http://%s/ ，按 Ctrl+C 停止", "the portal is at http://%s/ ; Ctrl+C stops", at))
	})
}

// versionOf returns what tells builds in a folder apart: the index, whether the folder was exchanged for another, and the search page, which a server keeps
// and a small change replaces alone.
func versionOf(portal string) func() (string, error) {
	var last os.FileInfo
	exchanged := 0
	return func() (string, error) {
		info, err := os.Stat(portal)
		if err != nil {
			return "", err
		}
		if last != nil && !os.SameFile(last, info) {
			exchanged++
		}
		last = info
		id, err := build.SearchID(portal)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		page := time.Time{}
		if info, statErr := os.Stat(filepath.Join(portal, "search", "index.html")); statErr == nil {
			page = info.ModTime()
		}
		return fmt.Sprintf("%s-%d-%d", id, exchanged, page.UnixNano()), err
	}
}
