package main

import (
	"errors"
	"regexp"
	"testing"
	"unicode"

	"gongkai/generator/finding"
)

// What the command line reader and the template language say is said in Chinese.
func TestFaultsAreSaidInChinese(t *testing.T) {
	for _, text := range []string{
		`unknown command "buld" for "gongkai"` + "\n\nDid you mean this?\n\tbuild\n", `unknown flag: --nix`, `unknown shorthand flag: 'x' in -x`,
		`flag needs an argument: --clock`, `flag needs an argument: 'j' in -j`,
		`invalid argument "many" for "-j, --jobs" flag: strconv.ParseInt: parsing "many": invalid syntax`,
		`accepts 1 arg(s), received 2`, `requires at least 1 arg(s), only received 0`,
	} {
		said, ok := callFault(errors.New(text), finding.Chinese)
		if !ok || !hasHan(said.Error()) || englishWords.MatchString(said.Error()) {
			t.Errorf("%q becomes %q", text, said)
		}
		if said, ok := callFault(errors.New(text), finding.English); !ok || said.Error() != text {
			t.Errorf("in English %q becomes %q", text, said)
		}
	}
	if _, ok := callFault(errors.New("open x: no such file"), finding.Chinese); ok {
		t.Error("a trouble of the machine is taken for a fault of the call")
	}
	for text, want := range map[string]string{
		`the theme cannot be used: template: home.html:3: function "nix" not defined`:                                                             `模板 home.html:3: 没有函数 nix`,
		`the theme cannot be used: page /: template: home.html:3:4: executing "main" at <.Nix>: can't evaluate field Nix in type render.HomePage`: `页面 /：模板 home.html:3: “.Nix”：没有 Nix 这一项`,
		`the theme cannot be used: template: home.html:7: unclosed action`:                                                                        `模板 home.html:7: {{ 没有配对的 }}`,
		`the theme cannot be used: template: home.html:7: unexpected EOF`:                                                                         `模板 home.html:7: 文件到这里就断了，缺少 {{end}}`,
	} {
		if got := themeFault(errors.New(text), finding.Chinese); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

// englishWords finds words in a row.
var englishWords = regexp.MustCompile(`[a-z]{2,} [a-z]{2,} [a-z]{2,}`)

func hasHan(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
