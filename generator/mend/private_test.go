package mend

import (
	"slices"
	"strings"
	"testing"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/privacy"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

var testDay = calendar.NewDate(2026, 11, 23)

var testScanner = privacy.NewScanner(testDay)

// FuzzTexts holds that masks, brackets and punctuation are mended at once: nothing is left for a second run, and no address of a link changes.
func FuzzTexts(f *testing.F) {
	f.Add("张三,身份证号440203198001011236。[西河府(2026)15号](西河府(2026)15号.pdf)\n", []byte{0, 2, 10, 11, 5, 19})
	f.Add("| 姓名 | 手机 |\n| --- | --- |\n| 李某某 | 13800000001 |\n`一,二`[x](tel:13800000001)\n```\n三,四\n", []byte{22, 15, 23, 31, 15, 24, 8})
	f.Add("4402031980010112**西河府[2026]第15号西河府（2026）1号;家住建设路12号3栋502室", []byte{37, 36, 38, 35, 34, 33, 41, 15})
	file := &file{TextFile: fileAt(f, disclosurePath)}
	var all []finding.Finding
	for _, rule := range finding.Rules() {
		all = append(all, finding.New(rule, finding.Position{Path: file.Path}, finding.Text{}, finding.Text{}))
	}
	mended := func(body string) (string, bool) {
		r := &round{run: &run{scanner: testScanner}, site: &site.Site{}, findings: map[string][]finding.Finding{file.Path: all}}
		text := []byte("---\n标题: 甲\n---\n" + body)
		x := &textFile{file: file, text: text}
		var ok bool
		if x.front, ok = file.Front(text); !ok {
			return "", false
		}
		x.keys, _ = file.Keys(text)
		edits := sortEdits(slices.Concat(r.maskEdits(x), r.bracketEdits(x), r.punctuationEdits(x)))
		return string(splice(text, edits)[x.front.Body:]), true
	}
	f.Fuzz(func(t *testing.T, body string, choice []byte) {
		for _, c := range choice[:min(len(choice), 30)] {
			body += fragments[int(c)%len(fragments)]
		}
		if _, ok := source.CleanText([]byte(body)); !ok || strings.ContainsAny(body, "\r") {
			return
		}
		got := body
		for range maxRounds {
			next, ok := mended(got)
			if !ok {
				return
			}
			if next == got {
				break
			}
			got = next
		}
		if again, _ := mended(got); again != got {
			t.Errorf("%q becomes %q, and never ends: %q", body, got, again)
		}
		if before, after := addressTexts(body), addressTexts(got); !slices.Equal(before, after) {
			t.Errorf("%q becomes %q: addresses %q are %q", body, got, before, after)
		}
	})
}

// fragments is what fuzzed texts are made of beside bytes.
var fragments = []string{
	"张三", "，", ",", ";", ":", "\n", "\n\n", " ", "|", "\n| --- | --- |\n", "身份证号", "440203198001011236", "44020319800101123", "X", "手机", "13800000001", "138-0000-0001", "*", "**",
	"西河府[2026]第15号", "西河府（2026）", "1号", "[", "](", ")", "(", "<", ">", "`", "```\n", "https://a.example/13800000001", "tel:", "[甲]: ", "住建设路12号3栋502室", "粤F12345", "6222021234567890128",
	"E12345678", "护照", "账号", "4402031980010112**", "\\", "家庭住址", "号", "2026", "第", "〔2026〕",
}

func addressTexts(text string) []string {
	var out []string
	for _, s := range addressesIn([]byte(text)) {
		out = append(out, text[s.start:s.end])
	}
	return out
}
