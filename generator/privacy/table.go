package privacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// column is what a table's heading says of the values under it.
type column uint8

const (
	otherColumn column = iota
	identityColumn
	passportColumn
	taiwanColumn // a permit of 8 digits
	accountColumn
	phoneColumn
	plateColumn
	homeColumn
	siteColumn    // where a house or land lies, which registers of rights publish by law
	addressColumn // of a person or of an office: the other columns tell
	codeColumn
	weakCodeColumn
	amountColumn
	personColumn
	officeColumn
)

// columns are the headings of one table.
type columns struct {
	roles           []column
	persons, office bool // there is a column for people's names, for bodies or their staff
	fresh           bool // the last row was a heading as well
	unit            bool // a row said in which unit the figures are
}

func (c *columns) reset() { *c = columns{roles: c.roles[:0], unit: c.unit} }

// figures reports whether the table is one of figures, not of persons.
func (c *columns) figures() bool { return c.unit && !c.persons }

func (c *columns) at(i int) column {
	if i < len(c.roles) {
		return c.roles[i]
	}
	return otherColumn
}

// read takes the row as a heading if it is one: words that name columns, and no number of any length. A second row of headings right
// below the first fills in; a later one without any digit replaces them.
func (c *columns) read(row []string) {
	known := 0
	for _, text := range row {
		c.unit = c.unit || namesUnit(text)
		if i := nextDigit(text, 0); i >= 0 {
			if len(c.roles) > 0 || hasLongNumber(text[i:]) {
				c.fresh = false
				return
			}
		}
	}
	for _, text := range row {
		if heading(text) != otherColumn {
			known++
		}
	}
	if known == 0 || len(c.roles) > 0 && !c.fresh && known < 2 {
		c.fresh = false
		return
	}
	if !c.fresh {
		c.reset()
	}
	for i, text := range row {
		role := heading(text)
		switch {
		case i >= len(c.roles):
			c.roles = append(c.roles, role)
		case role != otherColumn:
			c.roles[i] = role
		}
	}
	c.fresh = true
	c.persons, c.office = false, false
	for _, role := range c.roles {
		c.persons = c.persons || role == personColumn
		c.office = c.office || role == officeColumn
	}
}

func hasLongNumber(text string) bool {
	n := 0
	for i := 0; i < len(text); {
		c, size := charAt(text, i)
		if i += size; isDigit(c) || c == '*' {
			n++
		} else {
			n = 0
		}
		if n == 5 {
			return true
		}
	}
	return false
}

// namesUnit reports whether the text says in which unit the figures below it are, as in （单位：万元）; 工作单位：… does not.
func namesUnit(text string) bool {
	if len(text) > 120 {
		return false
	}
	i := strings.Index(text, "单位")
	if i < 0 {
		return false
	}
	if r, _ := utf8.DecodeLastRuneInString(text[:i]); unicode.Is(unicode.Han, r) {
		return false
	}
	unit := strings.TrimLeft(text[i+len("单位"):], "：: \u3000")
	if end := strings.IndexAny(unit, "）)、，,；;/|\t\r\n "); end >= 0 {
		unit = unit[:end]
	}
	return slices.Contains([]string{"元", "万元", "亿元", "千元", "百万元", "万美元", "%", "％", "亩", "公顷", "吨", "万吨", "人", "万人", "户", "人次", "个", "平方米", "立方米"}, unit)
}

// isPeriod reports whether a heading is a year, a quarter or a month: 2025年, 2026年1-9月, 2025年度.
func isPeriod(name string) bool {
	digits := 0
	if name == "" || !isDigit(name[0]) {
		return false
	}
	for _, r := range name {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("年月度第一二三四季上下半全期同数至-—－~～", r):
			return false
		}
	}
	return digits >= 4 && strings.Contains(name, "年")
}

// headings are looked for in this order; "=" asks for the whole heading, "$" for its end.
var headings = []struct {
	role  column
	words []string
}{
	{officeColumn, []string{
		"联系人", "$负责人", "代表人", "=单位", "单位名称", "机构", "企业名称", "公司名称", "$名称", "=学校", "=医院", "=部门", "=科室", "=网点", "=门店", "=窗口", "=职务", "职务", "职称",
		"=工作单位", "经营者", "=站点", "场所", "接种点", "=办公地址", "办公", "执业地点", "开户单位", "经营地", "营业地", "注册地", "单位地址", "工作地",
		"项目地", "施工地", "建设地", "生产地",
	}},
	{identityColumn, []string{"身份证", "身份号码", "公民身份", "证件号", "残疾证号", "残疾人证"}},
	{taiwanColumn, []string{"台胞证", "台湾居民"}},
	{passportColumn, []string{"护照", "通行证"}},
	{accountColumn, []string{"账号", "帐号", "账户", "帐户", "卡号", "一卡通", "银行卡", "存折"}},
	{phoneColumn, []string{"手机", "电话", "联系方式", "联系号码"}},
	{plateColumn, []string{"车牌", "号牌", "=车号"}},
	{siteColumn, []string{"坐落", "座落"}},
	{homeColumn, []string{"住址", "家庭地址", "居住地", "户籍地", "户籍所在地", "户口所在地", "家庭住"}},
	{codeColumn, []string{
		"信用代码", "机构代码", "索引号", "文号", "项目代码", "项目编码", "项目编号", "宗地", "地块", "图斑", "许可证", "证书编号", "证书号", "备案", "合同", "订单", "流水号", "受理", "案号", "案件", "条码", "条形码", "批号", "序列号",
		"资产编号", "设备编号", "发票", "户号", "单元号", "产权证", "准考证", "学号", "考号", "工号", "登记号", "执照", "样品", "报告编号", "事项编码", "区划代码", "单号", "耳标",
	}},
	{amountColumn, []string{"元）", "元)", "金额", "面积", "数量", "合计", "单价", "总价", "余额", "收入", "支出", "预算", "决算", "投资", "总值", "产值", "增加值", "总额", "产量", "人数", "户数",
		"=本年", "=上年", "=本期", "=上期", "=上年同期", "=同比", "=累计", "=数值", "=指标值", "$完成数", "$完成情况"}},
	{weakCodeColumn, []string{"$编号", "$代码", "$编码", "$序号", "$证号", "=号码", "=号"}},
	{personColumn, []string{
		"$姓名", "=户主", "户主", "=申请人", "$救助对象", "=保障对象", "$补贴对象", "$补助对象", "=受助人", "=领取人", "=受益人", "=持卡人", "=持证人", "=老人", "=学生", "=残疾人", "=承包方", "=承包户", "=使用权人", "=权利人", "=被征收人", "=户代表", "=当事人", "=家长", "=监护人",
	}},
	{addressColumn, []string{"地址", "=住所"}},
}

// blanks removes what spreads or decorates a heading: 姓　名, **姓名**.
var blanks = strings.NewReplacer(" ", "", "　", "", "*", "", "\n", "", "\r", "", "\u00a0", "")

// heading returns what the text names as a column's heading.
func heading(text string) column {
	if len(text) == 0 || len(text) > 60 {
		return otherColumn
	}
	text = blanks.Replace(text)
	if utf8.RuneCountInString(text) > 16 {
		return otherColumn
	}
	name := text
	if i := strings.IndexAny(text, "（("); i > 0 {
		name = text[:i]
	}
	if isPeriod(name) {
		return amountColumn
	}
	for _, h := range headings {
		for _, w := range h.words {
			switch w[0] {
			case '=':
				if name == w[1:] {
					return h.role
				}
			case '$':
				if strings.HasSuffix(name, w[1:]) {
					return h.role
				}
			default:
				if strings.Contains(text, w) {
					return h.role
				}
			}
		}
	}
	return otherColumn
}

// lines follows the text's lines as far as the search has come, for tables in running text.
type lines struct {
	start, end int // the line last asked for
	known      bool
	table      bool
	separator  byte
	index      int // how many separators stand before counted
	counted    int
	columns    columns
	read       int // headings were read up to here
	row        []string
}

// column returns what the heading above the number says, and whether the table is one of persons or of bodies.
func (f *search) column() (role column, persons, office bool) {
	if f.cell != nil {
		return f.cell.role, f.cell.persons, f.cell.office
	}
	l := &f.lines
	l.moveTo(f.text, f.buffer.at[0])
	if !l.table {
		return otherColumn, false, false
	}
	l.index += strings.Count(f.text[l.counted:f.buffer.at[0]], string(l.separator))
	l.counted = f.buffer.at[0]
	return l.columns.at(l.index), l.columns.persons, l.columns.office
}

func (f *search) role() column {
	role, _, _ := f.column()
	return role
}

func (f *search) inPersonsTable() bool {
	_, persons, _ := f.column()
	return persons
}

// inFigures reports whether the number stands in a table of figures.
func (f *search) inFigures() bool {
	if f.cell != nil {
		return f.cell.figures
	}
	f.column()
	return f.lines.table && f.lines.columns.figures()
}

// rowLabel returns the first cell of the number's row that is not empty, if the number stands in a table.
func (f *search) rowLabel() string {
	if f.cell != nil {
		return f.cell.first
	}
	f.column()
	if !f.lines.table {
		return ""
	}
	for cell := range strings.SplitSeq(f.text[f.lines.start:f.buffer.at[0]], string(f.lines.separator)) {
		if cell = strings.TrimSpace(cell); cell != "" {
			return cell
		}
	}
	return ""
}

// moveTo goes forward to the line of the offset.
func (l *lines) moveTo(text string, i int) {
	if l.known && i < l.end {
		return
	}
	l.known = true
	l.start = l.end + strings.LastIndexByte(text[l.end:i], '\n') + 1
	l.end = len(text)
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		l.end = i + n
	}
	l.separator, l.table = rowSeparator(text[l.start:l.end])
	l.index, l.counted = 0, l.start
	if !l.table {
		return
	}
	for l.read < l.start {
		line, _, _ := strings.Cut(text[l.read:], "\n")
		l.read = min(len(text), l.read+len(line)+1)
		separator, ok := rowSeparator(line)
		if !ok {
			l.columns.reset()
			if strings.TrimSpace(line) != "" {
				l.columns.unit = namesUnit(line)
			}
			continue
		}
		l.row = l.row[:0]
		for cell := range strings.SplitSeq(line, string(separator)) {
			l.row = append(l.row, strings.TrimSpace(cell))
		}
		l.columns.read(l.row)
	}
}

// rowSeparator returns what separates the cells of a line that is a row of a table.
func rowSeparator(line string) (byte, bool) {
	if strings.HasPrefix(strings.TrimLeft(line, " >"), "|") {
		return '|', true
	}
	return '\t', strings.IndexByte(line, '\t') >= 0
}

// cell is one cell of a spreadsheet.
type cell struct {
	role            column
	persons, office bool
	figures         bool
	left            string // the nearest cell to the left that is not empty
	first           string // the first cell of the row that is not empty
}

// CellMatch is a match in a cell; Row and Column count from 0 in the rows given, offsets are those in the cell.
type CellMatch struct {
	Row, Column int
	Match
}

// Table reads one table in blocks of rows and remembers its headings. It belongs to one goroutine.
type Table struct {
	columns columns
	search  search // kept for its buffer
}

// Table returns a table without rows.
func (s *Scanner) Table() *Table { return &Table{search: search{scanner: s}} }

// Find appends the matches in the table's next rows to dst.
func (t *Table) Find(dst []CellMatch, rows [][]string) []CellMatch {
	f := &t.search
	var c cell // one for all rows: BenchmarkTable
	for r, row := range rows {
		t.columns.read(row)
		c = cell{persons: t.columns.persons, office: t.columns.office, figures: t.columns.figures()}
		for i, text := range row {
			if n := nextDigit(text, 0); n >= 0 {
				c.role = t.columns.at(i)
				f.text, f.found, f.done, f.cell = text, f.found[:0], 0, &c
				f.run(n)
				for _, m := range f.found {
					dst = append(dst, CellMatch{r, i, m})
				}
			}
			if strings.TrimSpace(text) != "" {
				c.left = text
				if c.first == "" {
					c.first = text
				}
			}
		}
	}
	return dst
}

// FindTable is Find for rows that are one whole table.
func (s *Scanner) FindTable(dst []CellMatch, rows [][]string) []CellMatch {
	return s.Table().Find(dst, rows)
}
