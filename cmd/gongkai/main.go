// Command gongkai (公开) compiles the Markdown disclosure catalogs of a Chinese district into a static portal.
//
// It exits with 0 when all is well, 1 when there are findings at or above --fail-on, 2 for a mistake in the call or the settings, and 3
// for trouble of the machine.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/generator/finding"
)

func main() {
	os.Exit(run(os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitClean    = 0
	exitFindings = 1
	exitUsage    = 2
	exitInternal = 3
)

// app is what the commands share.
type app struct {
	env            func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	lang           finding.Language
	code           int // of a command that ended without an error
}

// say returns the text in the language of the call.
func (a *app) say(zh, en string, args ...any) string { return finding.T(zh, en, args...).In(a.lang) }

// usageError is a mistake in the call or the settings.
type usageError struct{ error }

func run(args []string, env func(string) string, stdout, stderr io.Writer) int {
	a := &app{env: env, stdin: os.Stdin, stdout: stdout, stderr: stderr, lang: language(args, env)}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return a.code
	}
	var usage usageError
	ofCall := errors.As(err, &usage)
	if !ofCall {
		err, ofCall = callFault(err, a.lang)
	}
	fmt.Fprintln(stderr, "gongkai: "+err.Error())
	if ofCall {
		return exitUsage
	}
	return exitInternal
}

// language is Chinese unless --lang or LANG says otherwise. It is read before the flags, because their help is in it, too.
func language(args []string, env func(string) string) finding.Language {
	lang := env("LANG")
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			lang = value
		} else if arg == "--lang" && i+1 < len(args) {
			lang = args[i+1]
		}
	}
	if strings.HasPrefix(lang, "en") {
		return finding.English
	}
	return finding.Chinese
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "gongkai",
		Short:         a.say("把 Markdown 政务公开目录编译成静态门户", "compile Markdown disclosure catalogs into a static portal"),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().String("lang", "", a.say("信息的语言：zh 或 en", "language of messages: zh or en"))
	root.PersistentFlags().BoolP("help", "h", false, a.say("显示帮助", "show help"))
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.SetUsageTemplate(a.say(usageZH, usageEN))
	root.AddCommand(a.buildCommand(), a.previewCommand(), a.newCommand(), a.checkCommand(), a.searchCommand(), a.serveCommand(), a.corpusCommand())
	root.AddCommand(a.fixCommand(), a.fmtCommand())
	root.AddCommand(a.schemaCommand(), a.completionCommand(root))
	a.completeFlags(root)
	return root
}

const (
	usageZH = `用法：
  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} <命令>{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} <命令>

命令：{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

选项：
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
	usageEN = `Usage:
  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} <command>{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} <command>

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
)
