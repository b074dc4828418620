package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/finding"
	"gongkai/generator/preview"
	"gongkai/generator/preview/watch"
	"gongkai/generator/report"
	"gongkai/themes"
)

// previewFlags are the flags of gongkai preview.
type previewFlags struct {
	source, addr, clock string
	follow, poll        bool
}

func (a *app) previewCommand() *cobra.Command {
	var f previewFlags
	cmd := &cobra.Command{
		Use:   "preview",
		Short: a.say("边改边看：保存后浏览器里立刻显示", "show the portal while it is being edited"),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.preview(f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 和 themes 的文件夹", "folder that holds content and themes"))
	fs.StringVar(&f.addr, "addr", "127.0.0.1:1313", a.say("监听地址；端口 0 表示任选一个", "address to listen on; port 0 takes any"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一时刻预览（默认现在）", "moment to preview for (default: now)"))
	fs.BoolVar(&f.follow, "follow", false, a.say("保存哪个文件，浏览器就打开哪个页面", "the browser opens the page of the file that was saved"))
	fs.BoolVar(&f.poll, "poll", false, a.say("不用系统的文件通知，定时查看（网络盘、共享文件夹）", "look at the files again and again instead of being told (network drives)"))
	return cmd
}

func (a *app) preview(f previewFlags) error {
	now := time.Now
	if f.clock != "" {
		at, err := a.clock(f.clock)
		if err != nil {
			return err
		}
		now = func() time.Time { return at }
	}
	work, err := filepath.Abs(filepath.Join(f.source, ".gongkai", "preview.search"))
	if err != nil {
		return err
	}
	server, err := preview.New(preview.Options{
		Source: f.source, Themes: themes.FS, Now: now, Jobs: 2 * runtime.GOMAXPROCS(0), IndexDir: work, Language: a.lang, Report: a.previewed,
		Log: slog.New(slog.NewTextHandler(a.stderr, nil)),
	})
	if err != nil {
		return a.explain(err)
	}
	defer server.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return a.runPreview(ctx, server, f)
}

// runPreview listens and passes on what changes until ctx ends.
func (a *app) runPreview(ctx context.Context, server *preview.Server, f previewFlags) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return fmt.Errorf("%s: %w", a.say("这个地址不能用，请用 --addr 换一个端口", "the address cannot be used; choose another port with --addr"), err)
	}
	changes, closeWatch, err := a.watch(f)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer closeWatch()
	go func() {
		for c := range changes {
			server.Update(c)
		}
	}()
	go server.Survey(ctx.Done(), 300*time.Millisecond)
	web := &http.Server{Handler: server.Handler(localHosts(listener.Addr())), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = web.Close() // browsers keep their streams open for ever
	}()
	address := "http://" + listener.Addr().String() + server.Base()
	if f.follow {
		address += "?follow"
	}
	fmt.Fprintln(a.stderr, a.say("预览在 %s ，改好文件保存即可看到，按 Ctrl+C 停止", "the preview is at %s ; save a file to see it; Ctrl+C stops", address))
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// localHosts returns which Host headers are let in: the address that is listened on, by number or as localhost. A page of another site that is opened beside
// the preview could otherwise read drafts by giving its own name this machine's address.
func localHosts(at net.Addr) func(string) bool {
	_, port, _ := net.SplitHostPort(at.String())
	return func(host string) bool {
		name, p, err := net.SplitHostPort(host)
		if err != nil {
			name, p = host, "80"
		}
		ip := net.ParseIP(strings.Trim(name, "[]"))
		return p == port && (name == "localhost" || ip != nil)
	}
}

// previewed tells in the terminal what became of a change.
func (a *app) previewed(r preview.Report) {
	errorsFound, warnings, _ := finding.Count(r.Findings)
	switch {
	case r.Err != nil:
		fmt.Fprintln(a.stderr, a.say("改动还显示不出来，门户保持原样：%v", "the change cannot be shown, the portal stays as it was: %v", r.Err))
		return
	case r.Survey:
		fmt.Fprintln(a.stderr, a.say("已看过全部页面（%d 毫秒）：错误 %d，警告 %d", "looked through all pages (%d ms): %d errors, %d warnings", r.Took.Milliseconds(), errorsFound, warnings))
	default:
		fmt.Fprintln(a.stderr, a.say("%s 已更新（%d 毫秒）", "%s updated (%d ms)", strings.Join(r.Paths[:min(3, len(r.Paths))], "、"), r.Took.Milliseconds()))
	}
	var own []finding.Finding
	for _, f := range r.Findings {
		for _, p := range r.Paths {
			if f.Position.Path == p {
				own = append(own, f)
			}
		}
	}
	if r.Survey {
		own = r.Findings[:min(20, len(r.Findings))]
	}
	_ = report.Text(a.stderr, own, a.lang, a.colour(a.stderr)) // the terminal is gone
}

// watch starts watching content and theme.
func (a *app) watch(f previewFlags) (<-chan preview.Change, func() error, error) {
	w, err := watch.New(watch.Options{
		Root: f.source, Dirs: []string{"content", "themes/default"}, Debounce: 25 * time.Millisecond, Longest: 250 * time.Millisecond, Every: 300 * time.Millisecond, Poll: f.poll,
	})
	if err != nil {
		return nil, nil, err
	}
	if polling, why := w.Polling(); polling && why != nil {
		fmt.Fprintln(a.stderr, a.say("系统不能通知文件改动（%v），改为定时查看，显示会慢一点。Linux 上文件夹太多时，可调大 fs.inotify.max_user_watches",
			"the system cannot tell of changes (%v); files are looked at again and again, which is slower. On Linux with very many folders raise fs.inotify.max_user_watches", why))
	}
	out := make(chan preview.Change)
	go func() {
		defer close(out)
		for c := range w.Changes() {
			out <- preview.Change(c)
		}
	}()
	return out, w.Close, nil
}
