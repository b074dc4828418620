package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"gongkai/generator/source"
)

// schemaCommand prints the JSON Schema by which editors check front matter while it is written.
func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema " + strings.Join(source.SchemaKinds(), "|"),
		Short:     a.say("输出文件头的 JSON Schema，供编辑器边写边检查", "print the JSON Schema of front matter, for editors"),
		Args:      cobra.ExactArgs(1),
		ValidArgs: source.SchemaKinds(),
		RunE: func(_ *cobra.Command, args []string) error {
			schema, ok := source.Schema(args[0], a.lang)
			if !ok {
				return usageError{errors.New(a.say("没有“%s”，可以是 %s", "there is no %q; it is one of %s", args[0], strings.Join(source.SchemaKinds(), "、")))}
			}
			_, err := a.stdout.Write(schema)
			return err
		},
	}
}
