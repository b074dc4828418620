package finding

// Rule is one thing that can be wrong, under an identifier that never changes its meaning.
// GK1xx: files and front matter, GK2xx: catalogs and model, GK3xx: links.
type Rule struct {
	ID       string
	Severity Severity
	Title    Text
	Explain  Text
}

// The rules of files, front matter and Markdown.
var (
	Encoding        = rule("GK101", Error, "文件不是 UTF-8 编码", "file is not UTF-8", "网页和搜索只认 UTF-8。Windows 记事本的“ANSI”就是 GB18030，请另存为 UTF-8。", "The portal and its search read UTF-8 only. What Windows Notepad calls ANSI is GB18030 here: save the file as UTF-8.")
	NulByte         = rule("GK102", Error, "文件含有 NUL 字节", "file has a NUL byte", "NUL 字节说明文件损坏，或者并不是文本文件。", "A NUL byte means that the file is damaged or not a text file.")
	TooLarge        = rule("GK103", Error, "文件超过 10 MB", "file is above 10 MB", "正文文件应当只有文字；大表格、图片和扫描件请作为附件。", "A document holds text; large tables, pictures and scans belong in attachments.")
	Symlink         = rule("GK104", Error, "符号链接指向 content 之外", "symbolic link leaves content", "只发布 content 文件夹内的文件，以免误公开其他资料。", "Only files inside content are published, so that nothing else is made public by mistake.")
	StrayFile       = rule("GK105", Warning, "文件放错了位置", "file in a place that is not read", "公开信息放在 content/units/<单位>/<领域>/ 下，其他位置的文件不会发布。", "Disclosures live in content/units/<unit>/<field>/; files elsewhere are not published.")
	NoContent       = rule("GK106", Error, "没有可编译的内容", "nothing to compile", "content 文件夹不存在或为空时不会重建门户，原有门户保持不变。", "Where content is absent or empty the portal is not rebuilt and the old one stays.")
	NoFrontMatter   = rule("GK110", Error, "缺少文件头", "front matter is missing", "每个 Markdown 文件以两行 --- 之间的文件头开始，写明标题、事项、日期等。", "Each Markdown file begins with front matter between two lines of ---: title, item, dates.")
	OpenFront       = rule("GK111", Error, "文件头没有结束", "front matter is not closed", "文件头以单独一行 --- 结束。", "Front matter ends with a line that is just ---.")
	FullWidthColon  = rule("GK112", Error, "文件头用了全角冒号", "full-width colon in front matter", "文件头里项目名后面用半角冒号和一个空格。", "In front matter a key is followed by a half-width colon and a space.")
	TabInFront      = rule("GK113", Error, "文件头含有制表符", "tab in front matter", "文件头的缩进只用空格。", "Front matter is indented with spaces only.")
	FrontSyntax     = rule("GK114", Error, "文件头写法有误", "front matter cannot be read", "文件头每行一项：“项目: 内容”。内容里有特殊符号时用半角双引号括起来。", "Front matter has one \"key: value\" a line; a value with special marks stands in double quotes.")
	UnknownKey      = rule("GK115", Error, "未知的项目名", "unknown key", "项目名写错时内容会悄悄丢失，所以未知项目名是错误。", "A mistyped key would lose its value in silence, so an unknown key is an error.")
	DuplicateKey    = rule("GK116", Error, "项目重复", "duplicate key", "同一项目（包括中英文两种写法）只能写一次。", "A key, in either language, may stand only once.")
	WrongType       = rule("GK117", Error, "内容的类型不对", "value of the wrong kind", "例如应为一段文字却写成了列表。", "For example a list where a text belongs.")
	MissingKey      = rule("GK118", Error, "缺少必填项目", "required key is missing", "缺少这一项就无法发布。", "Without this key the file cannot be published.")
	WrongValue      = rule("GK119", Error, "内容不在允许的范围内", "value is not one of the allowed", "这一项只能取列出的几个值。", "This key takes one of a few values.")
	BadDate         = rule("GK120", Error, "日期有误", "not a date", "日期写作 2022-10-08，必要时加时间 2022-10-08 09:30。", "Write dates as 2022-10-08, with a time where needed: 2022-10-08 09:30.")
	DateForm        = rule("GK121", Info, "日期写法不规范", "date in another form", "可以理解，但统一写成 2022-10-08 便于检查和排序。", "Understood; the one form 2022-10-08 is easier to compare and to sort.")
	FutureDate      = rule("GK122", Warning, "发布日期在将来", "date of publication lies in the future", "到发布日期才会发布。", "The document is published when its day has come.")
	DateOrder       = rule("GK123", Warning, "发布日期早于成文日期", "published before it was formed", "文件先形成后公开，两个日期很可能写反了。", "A document is formed before it is published; the two dates may be swapped.")
	BadSlug         = rule("GK124", Error, "文件名不能用作网址", "file name cannot be an address", "网址里不能有空格、?、#、% 等符号。", "An address cannot hold spaces, ?, # or %.")
	RawHTML         = rule("GK130", Warning, "正文含有 HTML 代码", "raw HTML in the text", "HTML 代码不会输出，文字保留。请改用 Markdown 写法。", "HTML is not passed through, its text is kept. Use Markdown instead.")
	UnsafeAddress   = rule("GK131", Error, "链接地址不安全", "unsafe link address", "javascript:、data: 等地址会执行代码或夹带内容，已去掉链接、保留文字。", "javascript:, data: and the like run code or smuggle content; the link is removed, its text kept.")
	HeadingMark     = rule("GK132", Warning, "标题标记后缺少空格", "heading mark without a space", "# 后面要有一个空格才是标题。", "A # makes a heading only with a space after it.")
	BadExtension    = rule("GK133", Error, "文件类型不能公开", "kind of file that is not published", "程序、脚本和网页文件会在读者的电脑或本站里运行代码，不作为附件公开。", "Programs, scripts and web pages run code on the reader's machine or in this site; they are not published as attachments.")
	ExternalPicture = rule("GK134", Warning, "图片在别的网站上", "picture of another site", "门户不向其他网站发出任何请求，图片要存放在本站。", "The portal makes no request to other sites; pictures are kept with it.")
	ForeignFile     = rule("GK140", Info, "输出文件夹里有不是本程序写的文件", "file in the output that was not written by this program", "保留不动。如果是多余的，请自行删除。", "It is left alone. Delete it by hand where it is not wanted.")
)

// The rules of catalogs and the model.
var (
	ItemWithoutGroup = rule("GK201", Error, "二级事项缺少一级事项", "### without ##", "目录里 ## 是一级事项，### 是它下面的二级事项。", "In a catalog ## is the first-level item and ### a second-level item under it.")
	UnknownColumn    = rule("GK202", Error, "未知的目录栏目", "unknown catalog column", "目录的栏目是：公开内容、公开依据、公开时限、公开主体、公开渠道、公开对象、公开方式、公开层级。", "The columns of a catalog are 公开内容 公开依据 公开时限 公开主体 公开渠道 公开对象 公开方式 公开层级.")
	DuplicateColumn  = rule("GK203", Error, "同一事项的栏目重复", "column stands twice in one item", "同一事项的一个栏目只写一行，多个值用“；”隔开。", "A column stands once in an item; several values are separated by ；.")
	DuplicateItem    = rule("GK204", Error, "事项重复", "item stands twice", "“一级/二级”是事项的身份，在一个领域内不能重复。", "The path first/second identifies an item and must be unique in its field.")
	CatalogText      = rule("GK205", Warning, "目录里有无法识别的内容", "text in a catalog that is not read", "目录只认 ## 和 ### 标题以及“- 栏目：内容”的列表。", "A catalog is read from ## and ### headings and lists of \"- column: value\".")
	CatalogConflict  = rule("GK206", Error, "领域重复", "field stands twice", "领域的网址名和序号都不能重复。", "The address name and the number of a field must be unique.")
	UnknownLevel     = rule("GK207", Error, "未知的公开层级", "unknown level", "公开层级是：县级、乡级、村级。", "The levels are 县级, 乡级 and 村级.")
	UnknownField     = rule("GK210", Error, "未知的领域", "unknown field", "单位下的文件夹名必须是 content/fields 里某个领域的网址名。", "A folder below a unit is named as a field of content/fields.")
	UnknownItem      = rule("GK211", Error, "未知的事项", "unknown item", "事项必须是本领域目录里的“一级/二级”。", "The item must be a path first/second of the field's catalog.")
	ItemSeparator    = rule("GK212", Warning, "事项的分隔符不对", "item path with a wrong separator", "一级和二级事项之间用 / 隔开；写成别的符号时按能认出的事项处理。", "The levels of an item are separated by /; another mark is understood where the item is clear.")
	ForeignItem      = rule("GK213", Warning, "事项不属于本单位", "item does not concern the unit", "该事项的公开层级不含本单位，或本单位已声明不公开、不涉及。信息照常发布，请改正其中一处。", "The item is for another level, or the unit has declared it omitted or not applicable. The disclosure is published all the same; one of the two wants mending.")
	MissingReason    = rule("GK214", Error, "缺少理由", "reason is missing", "声明不公开事项或不涉及，必须说明理由。", "An omitted item or a field that does not concern the unit needs a reason.")
	DuplicateIndex   = rule("GK220", Error, "索引号重复", "index number stands twice", "索引号在全区内唯一。先发布的保留，后发布的不发布。", "An index number is unique in the district. The document published first keeps it, the later one is left out.")
	DuplicateAddress = rule("GK221", Error, "网址重复", "address stands twice", "两个文件不能用同一个网址。先发布的保留，后发布的不发布。", "Two files cannot share an address. The document published first keeps it, the later one is left out.")
	AliasConflict    = rule("GK222", Error, "旧地址与现有网址冲突", "alias is an address in use", "旧地址只能是已经没有页面的地址；这条旧地址已忽略。", "An alias must be an address without a page; this one is ignored.")
	UnknownUnit      = rule("GK223", Error, "未知的单位", "unknown unit", "每个单位文件夹里要有写明名称和层级的 _index.md。", "Each unit's folder has an _index.md with its name and level.")
	ReservedAddress  = rule("GK224", Error, "网址是保留字", "address is reserved", "fields、pages、search、supervision 等名称已被门户使用。", "Names such as fields, pages, search and supervision belong to the portal itself.")
	NoAttachment     = rule("GK225", Error, "附件不存在", "attachment is absent", "附件与正文文件放在同一个文件夹里，文件名要完全一致。", "Attachments lie beside the document under exactly the given name.")
	BrokenField      = rule("GK226", Error, "领域目录有错，其公开信息未发布", "disclosures left out with their field's catalog", "目录文件无法读取时，该领域的公开信息都无法归类。", "Where a catalog cannot be read, nothing can be filed under it.")
	DuplicateWord    = rule("GK230", Warning, "同义词重复", "synonym stands twice", "一个说法只能在一组里。一组可以有几个规范用语。", "A word may stand in one group only; a group may have several official words.")
	ShortWord        = rule("GK231", Warning, "同义词太短", "synonym too short", "单个字会把整句话拆散，不能作为同义词。", "A single character would tear sentences apart.")
)

// The rules of links.
var (
	BrokenLink     = rule("GK301", Error, "站内链接打不开", "broken internal link", "链接指向的页面不存在。", "The page that the link points to does not exist.")
	BrokenAnchor   = rule("GK302", Error, "链接的段落不存在", "broken anchor", "页面存在，但没有链接 # 后面的标题。", "The page exists but has no heading with the name after the #.")
	BrokenFile     = rule("GK303", Error, "链接的文件或图片不存在", "broken link to a file or picture", "文件要与正文放在一起，大小写也要一致。", "The file must lie beside the document; upper and lower case matter.")
	LinkToUnlisted = rule("GK304", Error, "链接指向未发布的文件", "link to an unpublished document", "草稿、未到发布日期或有错误的文件没有页面。", "A draft, a document that is not yet due, or one with an error has no page.")
)

var rules []*Rule

// Rules returns all rules, sorted by identifier.
func Rules() []*Rule { return rules }

func rule(id string, severity Severity, titleZH, titleEN, explainZH, explainEN string) *Rule {
	r := &Rule{id, severity, Text{titleZH, titleEN}, Text{explainZH, explainEN}}
	rules = append(rules, r)
	return r
}
