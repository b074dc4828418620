package audit

import (
	"cmp"
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

//go:embed indicators.yaml
var indicatorsFile []byte

// Indicators are what an inspection rates, as data: regions have their own.
type Indicators struct {
	Total      float64     `yaml:"total"`
	Pass       float64     `yaml:"pass"` // fewer points than this fail
	Veto       []Indicator `yaml:"veto"`
	Deductions []Indicator `yaml:"deductions"`
	Unjudged   []string    `yaml:"unjudged"` // what no generator can judge
}

// Indicator is one rule of an inspection. Judge names what looks for its cases; the rest are the judge's figures.
type Indicator struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"`
	Judge     string   `yaml:"judge"`
	Rules     []string `yaml:"rules"`
	Kinds     []string `yaml:"kinds"`
	Pages     string   `yaml:"pages"` // home: what stands on the home page, other: what does not; empty for both
	Days      int      `yaml:"days"`
	Months    int      `yaml:"months"`
	Missing   int      `yaml:"missing"`
	Limit     int      `yaml:"limit"` // from how many cases on the rule is met
	Points    float64  `yaml:"points"`
	Max       float64  `yaml:"max"`       // the indicator's own points: no more is deducted
	Each      bool     `yaml:"each"`      // points are for each case
	Confirmed bool     `yaml:"confirmed"` // read in a public copy of the rule; others are hints and cost nothing
}

// DefaultIndicators returns the indicators of the State Council's office.
func DefaultIndicators() Indicators {
	in, err := ParseIndicators(indicatorsFile)
	if err != nil {
		panic(err) // the built-in file is tested
	}
	return in
}

// ParseIndicators reads a file of indicators. The error says what is wrong and where.
func ParseIndicators(text []byte) (Indicators, error) {
	var in Indicators
	if err := yaml.UnmarshalWithOptions(text, &in, yaml.Strict()); err != nil {
		return in, fmt.Errorf("read the indicators: %w", err)
	}
	for _, i := range slices.Concat(in.Veto, in.Deductions) {
		if i.Pages != "" && i.Pages != "home" && i.Pages != "other" {
			return in, fmt.Errorf("read the indicators: %s: pages is home or other", i.ID)
		}
		if judges[i.Judge] == nil {
			return in, fmt.Errorf("read the indicators: %s: there is no judge %q", i.ID, i.Judge)
		}
		if i.Limit < 1 {
			return in, fmt.Errorf("read the indicators: %s: limit is at least 1", i.ID)
		}
	}
	return in, nil
}

// Evidence is what an inspection looks at.
type Evidence struct {
	Coverage *Coverage
	Findings []finding.Finding
	// Unseen maps the identifier of a rule that nothing was looked at for to the reason: no cases of it say nothing.
	Unseen map[string]finding.Text
	// Host is that of the portal's address.
	Host string
	// Forms reports whether a 办事指南 mentions a form, and has none to download.
	Forms func(*site.Disclosure) bool
	// Guides maps the content path of each 办事指南 to the key elements that it lacks.
	Guides map[string][]string
	// Interprets reports whether a 政策解读 links to a document; nil where links are not known.
	Interprets func(*site.Disclosure) bool
	// Found reports whether a search for the title has the document on its first page; nil where there is no index.
	Found func(*site.Disclosure) (bool, error)
}

// Card is an estimate of what an inspection would say.
type Card struct {
	Veto       []Mark
	Deductions []Mark
	Unjudged   []string
	Vetoed     bool
	Deducted   float64 // by confirmed indicators
	Score      float64 // what is left of the total
	Total      float64
	Passed     bool
}

// Mark is one indicator and its cases.
type Mark struct {
	Indicator
	Judged bool         // false where the evidence is missing
	Why    finding.Text // it is, where that is known
	Hit    bool
	Cost   float64
	Cases  []Case
}

// Case is one piece of evidence.
type Case struct {
	Path string // in the content; may be empty
	Text string
}

// Score judges the indicators. The error is one of Evidence.Found.
func (in *Indicators) Score(e Evidence) (Card, error) {
	c := Card{Unjudged: in.Unjudged, Total: in.Total}
	for i, list := range [][]Indicator{in.Veto, in.Deductions} {
		for _, x := range list {
			cases, judged, err := judges[x.Judge](&x, &e)
			if err != nil {
				return c, err
			}
			m := Mark{Indicator: x, Judged: judged, Hit: judged && len(cases) >= x.Limit, Cases: cases}
			if !judged {
				for _, id := range x.Rules {
					m.Why = cmp.Or(m.Why, e.Unseen[id])
				}
			}
			if m.Hit {
				m.Cost = x.Points
				if x.Each {
					m.Cost *= float64(len(cases))
				}
				m.Cost = min(m.Cost, x.Max)
			}
			if i == 0 {
				m.Cost = 0
				c.Vetoed = c.Vetoed || m.Hit && x.Confirmed
				c.Veto = append(c.Veto, m)
				continue
			}
			if x.Confirmed {
				c.Deducted += m.Cost
			}
			c.Deductions = append(c.Deductions, m)
		}
	}
	c.Score = max(0, in.Total-c.Deducted)
	c.Passed = !c.Vetoed && c.Score >= in.Pass
	return c, nil
}

// judges look for the cases of an indicator.
var judges = map[string]func(*Indicator, *Evidence) ([]Case, bool, error){
	"finding":         judgeFindings,
	"column-age":      judgeColumn,
	"stale-columns":   judgeStale,
	"overdue-columns": judgeOverdue,
	"domain":          judgeDomain,
	"tags":            judgeTags,
	"forms":           judgeForms,
	"blank-columns":   judgeBlank,
	"guides":          judgeGuides,
	"interpretations": judgeInterpretations,
	"marks":           judgeMarks,
	"search":          judgeSearch,
}

// judgeFindings takes the findings of some rules. Where a rule was not looked at, that nothing was found is no judgement.
func judgeFindings(x *Indicator, e *Evidence) ([]Case, bool, error) {
	var out []Case
	for _, f := range e.Findings {
		// what the settings say stands on the home page and on every other; what documents say does not
		home := f.Position.Path == settingsFile
		if slices.Contains(x.Rules, f.Rule.ID) && (x.Pages == "" || home == (x.Pages == "home")) {
			out = append(out, Case{f.Position.String(), f.Message.ZH})
		}
	}
	unseen := slices.ContainsFunc(x.Rules, func(id string) bool { return e.Unseen[id] != finding.Text{} })
	return out, len(out) > 0 || !unseen, nil
}

// judgeColumn looks at the newest disclosure of one column.
func judgeColumn(x *Indicator, e *Evidence) ([]Case, bool, error) {
	s := e.Coverage.Site
	column := site.ColumnPolicy{Kinds: x.Kinds}
	for _, d := range s.Disclosures { // newest first
		if d.Withdrawn || !column.Covers(d) {
			continue
		}
		if due := d.Published.AddMonths(x.Months).AddDays(x.Days); due.Before(s.Now.Date) {
			return []Case{{d.Source.Path, fmt.Sprintf("最近一次更新是 %s，应在 %s 前更新", d.Published.Date, due)}}, true, nil
		}
		return nil, true, nil
	}
	return nil, false, nil // there is no such column
}

func judgeStale(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	out, _, err := judgeFindings(&Indicator{Rules: []string{finding.StaleColumn.ID}}, e)
	return out, true, err
}

func judgeBlank(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	var out []Case
	for i := range e.Coverage.Cells {
		if c := &e.Coverage.Cells[i]; c.State == Empty {
			out = append(out, Case{path.Join(contentDir, "units", c.UnitField.Unit.Slug, c.UnitField.Field.Slug), c.UnitField.Unit.Name + "：" + c.UnitField.Field.Name})
		}
	}
	return out, true, nil
}

// judgeOverdue counts the columns, of each unit and field, whose items demand something new.
func judgeOverdue(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	var out []Case
	for i := range e.Coverage.Cells {
		c := &e.Coverage.Cells[i]
		for k := range c.Gaps {
			if g := &c.Gaps[k]; !g.Blank() {
				out = append(out, Case{path.Join(contentDir, "units", c.UnitField.Unit.Slug, c.UnitField.Field.Slug),
					c.UnitField.Unit.Name + "：" + g.Item.Path() + "，" + g.Problem().ZH})
				break
			}
		}
	}
	return out, true, nil
}

func judgeDomain(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	if e.Host == "" {
		return nil, false, nil
	}
	host := strings.ToLower(e.Host)
	for _, end := range []string{".gov.cn", ".政务", ".xn--zfr164b"} {
		if strings.HasSuffix(host, end) {
			return nil, true, nil
		}
	}
	return []Case{{settingsFile, "网址的域名是 " + e.Host}}, true, nil
}

// judgeTags looks at what the tags need: the renderer writes them on every page, and leaves out one that would be empty.
func judgeTags(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	if c := &e.Coverage.Site.Config; c.SiteIDCode == "" {
		return []Case{{settingsFile, "没有写网站标识码，页面缺标签 SiteIDCode"}}, true, nil
	}
	return nil, true, nil
}

func judgeForms(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	if e.Forms == nil || len(e.Guides) == 0 {
		return nil, false, nil
	}
	var out []Case
	for _, d := range e.Coverage.Site.Disclosures {
		if _, guide := e.Guides[d.Source.Path]; guide && !d.Withdrawn && e.Forms(d) {
			out = append(out, Case{d.Source.Path, "提到了表格，没有附上"})
		}
	}
	return out, true, nil
}

func judgeGuides(x *Indicator, e *Evidence) ([]Case, bool, error) {
	if len(e.Guides) == 0 {
		return nil, false, nil
	}
	var out []Case
	all := 0
	for _, d := range e.Coverage.Site.Disclosures {
		missing, guide := e.Guides[d.Source.Path]
		if !guide || d.Withdrawn {
			continue
		}
		all++
		if len(missing) >= x.Missing {
			out = append(out, Case{d.Source.Path, "缺 " + strings.Join(missing, "、")})
		}
	}
	x.Limit = max(1, min(x.Limit, all)) // fewer guides in all: every one
	return out, all > 0, nil
}

func judgeInterpretations(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	if e.Interprets == nil {
		return nil, false, nil
	}
	var out []Case
	any := false
	for _, d := range e.Coverage.Site.Disclosures {
		if d.Kind != "政策解读" || d.Withdrawn {
			continue
		}
		any = true
		if !e.Interprets(d) {
			out = append(out, Case{d.Source.Path, d.Title})
		}
	}
	return out, any, nil
}

func judgeMarks(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	c := &e.Coverage.Site.Config
	var out []Case
	for _, m := range []struct{ name, value string }{
		{"主办单位", c.Organizer}, {"联系方式", c.Contact}, {"ICP备案编号", c.ICP}, {"公安备案号", c.PoliceNo},
		{"网站标识码", c.SiteIDCode}, {"党政机关标识地址", c.OrgMarkURL}, {"找错地址", c.ReportURL},
	} {
		if m.value == "" {
			out = append(out, Case{settingsFile, "没有写" + m.name})
		}
	}
	return out, true, nil
}

// searchSample is how many titles are searched for: a search of each would take longer than all else.
const searchSample = 200

func judgeSearch(_ *Indicator, e *Evidence) ([]Case, bool, error) {
	if e.Found == nil {
		return nil, false, nil
	}
	var out []Case
	ds := e.Coverage.Site.Disclosures
	step := max(1, len(ds)/searchSample)
	for i := 0; i < len(ds); i += step {
		if ds[i].Withdrawn {
			continue
		}
		found, err := e.Found(ds[i])
		if err != nil {
			return nil, true, err
		}
		if !found {
			out = append(out, Case{ds[i].Source.Path, "搜索标题“" + ds[i].Title + "”，第一页没有"})
		}
	}
	return out, true, nil
}

// guideElements are the key elements of a 办事指南 and the words that announce them (国办秘函〔2019〕19号, 服务不实用).
var guideElements = []struct {
	name  string
	words []string
}{
	{"事项名称", []string{"事项名称", "办理事项", "服务事项", "业务名称"}},
	{"设定依据", []string{"设定依据", "法律依据", "政策依据", "办理依据", "依据"}},
	{"申请条件", []string{"条件", "办理对象", "申请对象", "适用对象", "适用范围", "服务对象", "谁可以", "哪些人"}},
	{"办理材料", []string{"材料", "需要带", "证件"}},
	{"办理地点", []string{"办理地点", "办理窗口", "地址", "地点", "窗口", "服务中心"}},
	{"办理时间", []string{"办理时间", "办公时间", "受理时间", "工作时间", "开放时间", "服务时间", "接待时间", "营业时间", "时限", "工作日", "上午"}},
	{"联系电话", []string{"电话", "0751-", "12345", "联系方式"}},
	{"办理流程", []string{"流程", "程序", "步骤", "办理环节", "审核", "怎么办"}},
}

// MissingElements returns the key elements that the text of a 办事指南 does not mention. A guide names its matter in its title.
func MissingElements(text []byte) []string {
	var out []string
	for i, e := range guideElements {
		if i == 0 {
			continue
		}
		if !slices.ContainsFunc(e.words, func(w string) bool { return strings.Contains(string(text), w) }) {
			out = append(out, e.name)
		}
	}
	return out
}
