package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/generator/finding"
)

var update = flag.Bool("update", false, "write the golden files")

// sample is a few findings, one of each severity, among them one without a line and one in a path with spaces and Chinese.
func sample() *Report {
	return &Report{FailOn: finding.Error, Findings: []finding.Finding{
		finding.New(finding.StrayFile, finding.Position{Path: "content/b"}, finding.T("放错了位置", "misplaced"), finding.Text{}),
		finding.New(finding.IdentityNumber, finding.Position{Path: "content/units/西河 镇/a.md", Line: 12, Column: 3},
			finding.T("含公民身份号码 4402**************", "id-number 4402**************"), finding.T("写成 440203********1237", "write 440203********1237")),
		finding.New(finding.SkippedHeading, finding.Position{Path: "content/units/西河 镇/a.md", Line: 14, Column: 1},
			finding.T("标题从 1 级跳到了 3 级", "the heading goes from level 1 to level 3"), finding.T("改用 ##", "use ##")),
	}}
}

// hostile are findings whose texts try to break out of every format.
func hostile() *Report {
	r := &Report{FailOn: finding.Warning}
	for i, text := range []string{
		"两行\n第二行\r\n第三行", "::error::假的 %0A", "a,b:c=d;\"e\" 'f'", "| 表格 | `代码` | <script>alert(1)</script> | [链接](javascript:x)",
		"控制\x00\x01\x1b[31m字符\x7f", "😀 \u202e反向\u202c \ufffe", "]]> &amp; <!-- -->", "@某人 #1 *强调* _下划线_", strings.Repeat("长", 100<<10), "=HYPERLINK(1)",
	} {
		r.Findings = append(r.Findings, finding.New(finding.StrayFile, finding.Position{Path: fmt.Sprintf("content/%d,a:b\n%%.md", i), Line: i, Column: i},
			finding.Text{ZH: text, EN: text}, finding.Text{ZH: text, EN: text}))
	}
	return r
}

func write(t testing.TB, format string, r *Report, lang finding.Language) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, r, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares each format with a file that is small enough to read. SARIF has all rules, so only its results are kept.
func TestGolden(t *testing.T) {
	for _, format := range Formats() {
		for lang, suffix := range map[finding.Language]string{finding.Chinese: "zh", finding.English: "en"} {
			got := write(t, format, sample(), lang)
			if format == "sarif" {
				at := strings.LastIndex(got, `"language"`)
				got = got[at:]
				for i := range finding.Rules() { // the place of a rule changes with every new one
					got = strings.ReplaceAll(got, fmt.Sprintf("\"ruleIndex\": %d,", i), "\"ruleIndex\": N,")
				}
			}
			name := filepath.Join("testdata", "golden."+suffix+"."+format)
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from %s; look at it and run with -update:\n%s", format, name, got)
			}
		}
	}
}

func TestJSONFollowsItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Report{sample(), hostile(), {}} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(write(t, "json", r, finding.Chinese)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Error(err)
		}
		lines := strings.Split(strings.TrimSuffix(write(t, "ndjson", r, finding.Chinese), "\n"), "\n")
		for i := range r.Findings {
			if !json.Valid([]byte(lines[i])) {
				t.Errorf("line %d is no JSON", i+1)
			}
		}
	}
}

// TestSARIFFollowsTheStandard validates against the schema of SARIF 2.1.0, and knows every property.
func TestSARIFFollowsTheStandard(t *testing.T) {
	for name, r := range map[string]*Report{"sample": sample(), "hostile": hostile(), "empty": {}} {
		text := write(t, "sarif", r, finding.English)
		parsed, err := sarif.FromString(text)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := parsed.Validate(); err != nil {
			t.Error(name, err)
		}
		strict := json.NewDecoder(strings.NewReader(text))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&sarif.Report{}); err != nil {
			t.Error(name, err)
		}
		if got, want := len(parsed.Runs[0].Results), len(r.Findings); got != want {
			t.Errorf("%s: %d results, want %d", name, got, want)
		}
		for _, x := range parsed.Runs[0].Results {
			if rule := parsed.Runs[0].Tool.Driver.Rules[x.RuleIndex]; *rule.ID != *x.RuleID {
				t.Errorf("%s: index %d is %s, not %s", name, x.RuleIndex, *rule.ID, *x.RuleID)
			}
		}
	}
}

func TestJUnitFollowsItsSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("xmllint is missing; .ci/run installs it")
		}
		t.Skip("xmllint is missing")
	}
	for name, r := range map[string]*Report{"sample": sample(), "hostile": hostile(), "empty": {}} {
		cmd := exec.Command(xmllint, "--noout", "--huge", "--schema", "testdata/junit.xsd", "-")
		cmd.Stdin = strings.NewReader(write(t, "junit", r, finding.Chinese))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%.2000s", name, err, out)
		}
	}
}

// TestHostileTexts holds that no text begins a line or a command of its own.
func TestHostileTexts(t *testing.T) {
	r := hostile()
	for _, line := range strings.Split(strings.TrimSuffix(write(t, "github", r, finding.Chinese), "\n"), "\n") {
		if !strings.HasPrefix(line, "::warning file=") || strings.Count(line[2:], "::") < 1 {
			t.Errorf("%.120q", line)
		}
	}
	if n := strings.Count(write(t, "github", r, finding.Chinese), "\n"); n != len(r.Findings) {
		t.Errorf("%d lines of commands, want %d", n, len(r.Findings))
	}
	md := write(t, "markdown", r, finding.Chinese)
	for _, bad := range []string{"<script", "[链接](javascript", "@某人", "\x1b"} {
		if strings.Contains(md, bad) {
			t.Errorf("the comment has %q", bad)
		}
	}
	if n := utf8.RuneCountInString(md); n > 65536 {
		t.Errorf("the comment has %d characters", n)
	}
	if !strings.Contains(md, "没有列出") {
		t.Error("the comment does not say that it is cut")
	}
	var issues []gitlabIssue
	if err := json.Unmarshal([]byte(write(t, "gitlab", r, finding.Chinese)), &issues); err != nil || len(issues) != len(r.Findings) {
		t.Errorf("%d issues, %v", len(issues), err)
	}
	for _, x := range issues {
		if x.Description == "" || x.Fingerprint == "" || x.Location.Path == "" || x.Location.Lines.Begin < 1 || x.CheckName == "" {
			t.Errorf("%+v", x)
		}
	}
}

func TestFingerprintsStayWhenLinesMove(t *testing.T) {
	r := sample()
	before := Fingerprints(r.Findings)
	for i := range r.Findings {
		r.Findings[i].Position.Line += 7
	}
	for i, print := range Fingerprints(r.Findings) {
		if print != before[i] {
			t.Errorf("%d changed", i)
		}
	}
	twice := append(sample().Findings, sample().Findings...)
	seen := map[string]bool{}
	for _, print := range Fingerprints(twice) {
		if seen[print] {
			t.Error("two findings have one fingerprint")
		}
		seen[print] = true
	}
}

func TestFingerprintsOfTheSameAndOfOtherFindings(t *testing.T) {
	of := func(rule *finding.Rule, key, zh string) string {
		f := finding.New(rule, finding.Position{Path: "content/a.md"}, finding.Text{ZH: zh}, finding.Text{}).About(key)
		return Fingerprints([]finding.Finding{f})[0]
	}
	for _, c := range []struct {
		name      string
		rule      *finding.Rule
		key1, one string
		key2, two string
		same      bool
	}{
		{"an improvement is no new finding", finding.BlankColumns, "blank", "空白栏目共 50 个", "blank", "空白栏目共 49 个", true},
		{"a day that moves with the clock", finding.FutureDate, "", "发布日期 2026-12-01 还没有到", "", "发布日期 2026-12-02 还没有到", true},
		{"a day in Chinese", finding.FutureDate, "", "2026年9月30日之后没有更新", "", "2026年10月1日之后没有更新", true},
		{"a size", finding.TooLarge, "", "文件有 12.5 MB，超过 10 MB", "", "文件有 13 MB，超过 10 MB", true},
		{"a count of the rest", finding.IdentityNumber, "", "含身份证号 4402**1234，其后还有 2 处", "", "含身份证号 4402**1234，其后还有 3 处", true},
		{"a cell that moved", finding.IdentityNumber, "", "附件 名单.xlsx › Sheet1!B3 含身份证号", "", "附件 名单.xlsx › Sheet1!B14 含身份证号", true},
		{"columns have names", finding.StaleColumn, "首页", "栏目“首页”最近一次更新是 2026-10-12", "通知", "栏目“首页”最近一次更新是 2026-10-12", false},
		{"masked values", finding.MobileNumber, "", "含手机号码 138****8000", "", "含手机号码 139****8001", false},
		{"quoted names with figures", finding.BrokenLink, "", "链接的文件“2026-10-08.md”不存在", "", "链接的文件“2026-10-09.md”不存在", false},
	} {
		if same := of(c.rule, c.key1, c.one) == of(c.rule, c.key2, c.two); same != c.same {
			t.Errorf("%s: taken for the same: %t", c.name, same)
		}
	}
}

func TestBaseline(t *testing.T) {
	r := sample()
	var b strings.Builder
	if err := WriteBaseline(&b, r.Findings[:2], finding.Chinese); err != nil {
		t.Fatal(err)
	}
	known, err := ReadBaseline(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if fresh, gone := known.Split(r.Findings); len(fresh) != 1 || fresh[0].Rule != finding.SkippedHeading || gone != 0 {
		t.Errorf("%v, %d gone", fresh, gone)
	}
	if fresh, gone := known.Split(nil); len(fresh) != 0 || gone != 2 {
		t.Errorf("%v, %d gone", fresh, gone)
	}
	for _, text := range []string{"{", "[]", `{"rule":"GK101"}`, b.String() + "x"} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add(`{"fingerprint":"00","rule":"GK101","path":"a","message":"b"}` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		known, err := ReadBaseline(strings.NewReader(text))
		if err == nil && known["\x00"].Fingerprint != "" {
			t.Error("impossible")
		}
		for print, k := range known {
			if print == "" || k.Fingerprint != print {
				t.Errorf("%q: %+v", print, k)
			}
		}
	})
}

func TestSelect(t *testing.T) {
	all := sample().Findings
	for _, c := range []struct {
		only, ignore []string
		want         int
	}{{nil, nil, 3}, {[]string{"GK5"}, nil, 1}, {[]string{"gk5xx", "GK601"}, nil, 2}, {nil, []string{"GK1", "GK501"}, 1}, {[]string{"GK5"}, []string{"GK501"}, 0}} {
		if got := len(Select(all, c.only, c.ignore)); got != c.want {
			t.Errorf("only %v, ignore %v: %d, want %d", c.only, c.ignore, got, c.want)
		}
	}
}

func TestFails(t *testing.T) {
	r := sample()
	for severity, want := range map[finding.Severity]bool{finding.Error: true, finding.Warning: true, finding.Info: true} {
		r.FailOn = severity
		if r.Failed() != want {
			t.Errorf("fail on %s: %v", severity, r.Failed())
		}
	}
	r.Findings = r.Findings[:1]
	r.FailOn = finding.Error
	if r.Failed() {
		t.Error("a warning fails where only errors should")
	}
	r.FailOn, r.Never = finding.Info, true
	if r.Failed() {
		t.Error("never fails all the same")
	}
}

func TestRulesReference(t *testing.T) {
	for _, lang := range []finding.Language{finding.Chinese, finding.English} {
		var b strings.Builder
		if err := Rules(&b, lang); err != nil {
			t.Fatal(err)
		}
		for _, rule := range finding.Rules() {
			if !strings.Contains(b.String(), "### "+rule.ID+" "+rule.Title.In(lang)) || rule.Explain.In(lang) == "" {
				t.Errorf("%s is not explained", rule.ID)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	r := &Report{}
	for i := range 50000 {
		f := sample().Findings[i%3]
		f.Position.Path = fmt.Sprintf("content/units/u%d/f/d%d.md", i%39, i)
		r.Findings = append(r.Findings, f)
	}
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				write(b, format, r, finding.Chinese)
			}
		})
	}
}
