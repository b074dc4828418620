package token

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"低保", "低保 保"},
		{"低保名单", "低保 保名 名单 单"},
		{"低", "低"},
		{"低，保", "低 保"},
		{"2022年10月", "2022 年 10 月 2022年 年10 10月"},
		{"WPS文件", "wps 文件 件 wps文"},
		{"12345件", "12345 件"},
		{"低\u200b保", "低保 保"},
		{"20\u200b26\ufeff年", "2026 年 2026年"},
		{"ＷＰＳ２０２２", "wps2022"},
		{"養老保險", "养老 老保 保险 险"},
		{"后天以後", "后天 天以 以后 后"},
		{"a-b_c", "a b c"},
		{"é café", "é café"},
		{"〇一々", "〇一 一々 々"},
		{"ひらがな カタカナー", "ひら らが がな な カタ タカ カナ ナー ー"},
		{"한글", "한글 글"},
		{"\xff低\xfe保", "低 保"},
		{"𠀀𠀁", "𠀀𠀁 𠀁"},
		{"İI", "İ i"},
		{strings.Repeat("a", MaxWord+2), strings.Repeat("a", MaxWord) + " aa"},
		{"（第三季度）", "第三 三季 季度 度"},
	} {
		got := strings.Join(Terms(c.text), " ")
		if c.text == "İI" {
			c.want = "İi" // one word: the dotted capital has no lower-case letter of its own
		}
		if got != c.want {
			t.Errorf("Terms(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSeams(t *testing.T) {
	for _, c := range []struct{ text, seams, cuts string }{
		{"2024年5月种粮", "2024年 年5 5月", "^4年 ^年5 ^5月"},
		{"24年5月", "24年 年5 5月", "^4年 ^年5 ^5月"},
		{"通知（2024", "", ""},
		{"A类58户", "a类 类58 58户", "^a类 ^类5 ^8户"},
		{"电话8123456转", "", "^话8 ^6转"},
		{"低保", "", ""},
	} {
		if got := strings.Join(Seams(Runs(c.text)), " "); got != c.seams {
			t.Errorf("Seams(%q) = %q, want %q", c.text, got, c.seams)
		}
		if got := strings.Join(Cuts(Runs(c.text)), " "); got != c.cuts {
			t.Errorf("Cuts(%q) = %q, want %q", c.text, got, c.cuts)
		}
	}
}

func TestNumberIsOneWhateverItsWriting(t *testing.T) {
	for want, texts := range map[string][]string{
		"#西河府2022-15": {
			"西河府〔2022〕15号", "西河府[2022]15号", "西河府（2022）15号", "西河府(2022)15号", "西河府【2022】15号", "西河府［２０２２］１５号", "西河府「2022」15号",
			"西河府〔2022〕第15号", "西河府 〔2022〕 15 号", "西河府2022第15号", "西河府〔2022〕015号", "西河府﹝2022﹞15號",
		},
		"#440203xh202200031": {
			"440203-XH/2022-00031", "440203-xh/2022-00031", "４４０２０３－ＸＨ／２０２２－０００３１", "440203—XH／2022—00031", "440203 XH 2022 00031", "440203XH202200031",
		},
	} {
		for _, text := range texts {
			if got := Number(text); got != want {
				t.Errorf("Number(%q) = %q, want %q", text, got, want)
			}
			if got := QueryNumber(text); got != want {
				t.Errorf("QueryNumber(%q) = %q, want %q", text, got, want)
			}
		}
	}
	for text, want := range map[string]string{
		"文号：西联府〔2026〕9号": "#西联府2026-9", "发文字号:西联府〔2026〕9号": "#西联府2026-9", "文号西联府[2026]9号": "#西联府2026-9", "索引号：440203-XH/2026-00031": "#440203xh202600031",
		"西联府〔2026〕9": "#西联府2026-9", "西联府（2026） 9": "#西联府2026-9", "索引号": "", "文号：": "", "西联府2026 9": "", "西联府 2026 9": "",
	} {
		if got := QueryNumber(text); got != want {
			t.Errorf("QueryNumber(%q) = %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "，", "低保名单", "2022", "西河府", "2022年10月", "wps", "西河府2022"} {
		if got := QueryNumber(text); got != "" {
			t.Errorf("QueryNumber(%q) = %q: it is no number", text, got)
		}
	}
}

func TestReadPinyin(t *testing.T) {
	for _, c := range []struct{ letters, want string }{
		{"dibao", "di bao|di ba o"},
		{"xian", "xi an"},
		{"zhongyang", "zhong yang"},
		{"fangan", "fan gan"},
		{"di", ""},
		{"dbmd", ""},
		{"hello", ""},
		{strings.Repeat("ai", 30), ""},
	} {
		var got []string
		for _, r := range ReadPinyin(c.letters) {
			got = append(got, strings.Join(r, " "))
		}
		if strings.Join(got, "|") != c.want && !slices.Contains(got, c.want) {
			t.Errorf("ReadPinyin(%q) = %q, want %q", c.letters, strings.Join(got, "|"), c.want)
		}
	}
	if got := ReadPinyin(strings.Repeat("ai", 18)); len(got) != maxReads {
		t.Errorf("%d ways to read a word that has thousands, want %d", len(got), maxReads)
	}
}

func TestPinyinTerms(t *testing.T) {
	var got []string
	NewReader().Terms("低保，重阳", func(term string) { got = append(got, term) })
	for _, want := range []string{"~dibao", "~db", "~chongyang", "~zhongyang", "~cy"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %v", want, got)
		}
	}
	if slices.Contains(got, "~baochong") {
		t.Error("a pair across a comma")
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"低保名单2022年10月", "西河府〔2022〕15号", "ＷＰＳ 養老", "\xff", "𠀀a1", "٣ é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, r := range Runs(s) {
			if r.Len != utf8.RuneCountInString(r.Text) || r.Len == 0 {
				t.Fatalf("run %+v of %q", r, s)
			}
			at += r.Len
			for _, term := range r.Terms() {
				if term == "" || FoldText(term) != term {
					t.Fatalf("term %q of %q is not folded", term, s)
				}
			}
		}
		if n := utf8.RuneCountInString(s); at > n {
			t.Fatalf("runs have %d characters of %d", at, n)
		}
		if j := Joined(s); Joined(j) != j {
			t.Fatalf("Joined is not idempotent for %q", s)
		}
		QueryNumber(s)
		ReadPinyin(s)
	})
}
