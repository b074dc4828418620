package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/finding"
	"gongkai/generator/report"
	"gongkai/generator/scaffold"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// completionCommand writes the script by which a shell completes commands, flags, units, fields and items.
func (a *app) completionCommand(root *cobra.Command) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: a.say("输出命令补全脚本", "write the completion script of a shell"),
		Long: a.say("按 Tab 补全命令、选项、单位、领域和事项。安装：\n\n"+
			"  bash        source <(gongkai completion bash)        写进 ~/.bashrc\n"+
			"  zsh         gongkai completion zsh > \"${fpath[1]}/_gongkai\"\n"+
			"  fish        gongkai completion fish > ~/.config/fish/completions/gongkai.fish\n"+
			"  PowerShell  gongkai completion powershell | Out-String | Invoke-Expression    写进 $PROFILE",
			"Tab completes commands, flags, units, fields and items. To install:\n\n"+
				"  bash        source <(gongkai completion bash)        in ~/.bashrc\n"+
				"  zsh         gongkai completion zsh > \"${fpath[1]}/_gongkai\"\n"+
				"  fish        gongkai completion fish > ~/.config/fish/completions/gongkai.fish\n"+
				"  PowerShell  gongkai completion powershell | Out-String | Invoke-Expression    in $PROFILE"),
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: shells,
		RunE: func(_ *cobra.Command, args []string) error {
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			}
			return root.GenPowerShellCompletionWithDesc(a.stdout)
		},
	}
}

// completeFlags tells the shell what the values of flags may be, for each command that has such flags.
func (a *app) completeFlags(cmd *cobra.Command) {
	values := map[string]cobra.CompletionFunc{
		"unit": a.completeUnits, "field": a.completeFields, "item": a.completeItems, "only": completeRules, "ignore": completeRules, "explain": completeRules,
		"fail-on": fixed("error", "warning", "info", "never"), "lang": fixed("zh", "en"), "level": fixed("县级", "乡级", "村级"), "sort": fixed("relevance", "date"),
	}
	if cmd.Name() == "check" {
		values["format"] = fixed(append(slices.Clone(report.Formats()), "xlsx", "csv", "gaps")...)
	} else {
		values["format"] = fixed("text", "json")
	}
	for name, complete := range values {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, complete) // fails only where it was registered before
		}
	}
	for _, name := range []string{"source", "destination"} {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.MarkFlagDirname(name)
		}
	}
	for _, sub := range cmd.Commands() {
		a.completeFlags(sub)
	}
}

func fixed(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

func completeRules(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, r := range finding.Rules() {
		out = append(out, r.ID+"\t"+r.Title.ZH)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// skeleton reads units and fields for the shell; nothing where there are none.
func skeleton(cmd *cobra.Command) *site.Site {
	dir, err := cmd.Flags().GetString("source")
	if err != nil {
		return nil
	}
	s, _, err := source.Load(source.Options{Dir: dir, Now: time.Now(), Jobs: 2, Skeleton: true})
	if err != nil {
		return nil
	}
	return s
}

// candidates returns the options that are meant by what was typed so far, by pinyin as well.
func candidates(options []scaffold.Option, typed string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for i, o := range options {
		if typed == "" || strings.HasPrefix(o.Value, typed) || slices.Contains(scaffold.Match(options, typed), i) {
			line := o.Value
			if o.Label != o.Value {
				line += "\t" + o.Label
			}
			out = append(out, line)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) completeUnits(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	s := skeleton(cmd)
	if s == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var options []scaffold.Option
	for _, u := range s.Units {
		options = append(options, scaffold.Option{Value: u.Slug, Label: u.Name})
	}
	return candidates(options, typed)
}

func (a *app) completeFields(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	s := skeleton(cmd)
	if s == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return candidates(fieldOptions(s), typed)
}

// fieldOptions are the fields, with the words that people have for them.
func fieldOptions(s *site.Site) []scaffold.Option {
	var options []scaffold.Option
	for _, f := range s.Fields {
		options = append(options, scaffold.Option{Value: f.Slug, Label: f.Name})
	}
	scaffold.AddSynonyms(options, &s.Synonyms)
	return options
}

// completeItems offers the items of the field that was named before, as they hold for the unit where one was.
func (a *app) completeItems(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	s := skeleton(cmd)
	if s == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	unit, _ := cmd.Flags().GetString("unit") // empty where the command has no such flag
	field, _ := cmd.Flags().GetString("field")
	var options []scaffold.Option
	for _, i := range scaffold.Match(fieldOptions(s), field) {
		f := s.Fields[i]
		items := f.Items
		for _, u := range s.Units {
			if unit != "" && (u.Slug == unit || u.Name == unit) {
				items = nil
				for _, e := range s.UnitField(u, f).Entries {
					items = append(items, e.Item)
				}
			}
		}
		for _, it := range items {
			options = append(options, scaffold.Option{Value: it.Path(), Label: it.Path()})
		}
	}
	scaffold.AddSynonyms(options, &s.Synonyms)
	return candidates(options, typed)
}
