package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/generator/source"
)

// schemaCommand writes the JSON Schemas by which editors check front matter and settings while they are written.
func (a *app) schemaCommand() *cobra.Command {
	output := ""
	cmd := &cobra.Command{
		Use:   "schema [" + strings.Join(source.SchemaKinds(), "|") + "]",
		Short: a.say("输出文件头和设置的 JSON Schema，供编辑器边写边检查", "write the JSON Schemas of front matter and settings, for editors"),
		Long: a.say("输出文件头和设置的 JSON Schema，供编辑器边写边检查。不写种类时，把每一种写成 -o 文件夹里的 <种类>.schema.json。",
			"Writes the JSON Schema of the front matter of a kind of file, or of a settings file. Without a kind, each is written to <kind>.schema.json in the folder of -o."),
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: source.SchemaKinds(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.writeSchema(args[0], output)
			}
			if output == "" {
				return usageError{errors.New(a.say("写明种类（%s），或用 -o 给出一个文件夹", "name a kind (%s), or a folder with -o", strings.Join(source.SchemaKinds(), "、")))}
			}
			for _, kind := range source.SchemaKinds() {
				if err := a.writeSchema(kind, filepath.Join(output, kind+".schema.json")); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", a.say("写入这个文件；不写种类时是文件夹", "write to this file; a folder where no kind is named"))
	return cmd
}

// writeSchema writes one schema to a file, or to standard output where there is no name.
func (a *app) writeSchema(kind, name string) error {
	schema, ok := source.Schema(kind, a.lang)
	if !ok {
		return usageError{errors.New(a.say("没有“%s”，可以是 %s", "there is no %q; it is one of %s", kind, strings.Join(source.SchemaKinds(), "、")))}
	}
	if name == "" {
		_, err := a.stdout.Write(schema)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, schema, 0o644)
}
