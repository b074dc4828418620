package finding

import (
	"cmp"
	"slices"
	"strings"
)

// Rule is one thing that can be wrong, under an identifier that never changes its meaning.
// GK1xx: files and front matter, GK2xx: catalogs and model, GK3xx: links, GK4xx: timeliness and coverage, GK5xx: privacy, GK6xx: text and
// accessibility.
type Rule struct {
	ID       string
	Severity Severity
	Title    Text
	Explain  Text
}

// The rules of files, front matter and Markdown.
var (
	Encoding         = rule("GK101", Error, "文件不是 UTF-8 编码", "file is not UTF-8", "网页和搜索只认 UTF-8。Windows 记事本的“ANSI”就是 GB18030，请另存为 UTF-8。", "The portal and its search read UTF-8 only. What Windows Notepad calls ANSI is GB18030 here: save the file as UTF-8.")
	NulByte          = rule("GK102", Error, "文件含有 NUL 字节", "file has a NUL byte", "NUL 字节说明文件损坏，或者并不是文本文件。", "A NUL byte means that the file is damaged or not a text file.")
	TooLarge         = rule("GK103", Error, "文件超过 10 MB", "file is above 10 MB", "正文文件应当只有文字；大表格、图片和扫描件请作为附件。", "A document holds text; large tables, pictures and scans belong in attachments.")
	Symlink          = rule("GK104", Error, "符号链接指向 content 之外", "symbolic link leaves content", "只发布 content 文件夹内的文件，以免误公开其他资料。", "Only files inside content are published, so that nothing else is made public by mistake.")
	StrayFile        = rule("GK105", Warning, "文件放错了位置", "file in a place that is not read", "公开信息放在 content/units/<单位>/<领域>/ 下，其他位置的文件不会发布。", "Disclosures live in content/units/<unit>/<field>/; files elsewhere are not published.")
	LostText         = rule("GK108", Error, "文档没有被读取", "document that is not read", "放错了文件夹，或文件名不以 .md 结尾的文档，不会发布，也不会检查。公开信息直接放在 content/units/<单位>/<领域>/ 下。", "A document in a wrong folder, or whose name does not end in .md, is neither published nor checked. Disclosures lie in content/units/<unit>/<field>/ itself.")
	PortableName     = rule("GK107", Error, "文件名不能通用", "name that not every system can have", "编辑人员用 Windows、macOS 和 Linux。有的名字 Windows 上不能有（con、aux、nul，含 : ? * 等符号，以点或空格结尾），有的名字只差大小写，在 Windows 和 macOS 上会互相覆盖。", "Editors use Windows, macOS and Linux. Windows cannot have some names (con, aux, nul, with : ? *, ending with a dot or a space), and names that differ in case only overwrite each other on Windows and macOS.")
	NoContent        = rule("GK106", Error, "没有可编译的内容", "nothing to compile", "content 文件夹不存在或为空时不会重建门户，原有门户保持不变。", "Where content is absent or empty the portal is not rebuilt and the old one stays.")
	NoFrontMatter    = rule("GK110", Error, "缺少文件头", "front matter is missing", "每个 Markdown 文件以两行 --- 之间的文件头开始，写明标题、事项、日期等。", "Each Markdown file begins with front matter between two lines of ---: title, item, dates.")
	OpenFront        = rule("GK111", Error, "文件头没有结束", "front matter is not closed", "文件头以单独一行 --- 结束。", "Front matter ends with a line that is just ---.")
	FullWidthColon   = rule("GK112", Error, "文件头用了全角冒号", "full-width colon in front matter", "文件头里项目名后面用半角冒号和一个空格。", "In front matter a key is followed by a half-width colon and a space.")
	TabInFront       = rule("GK113", Error, "文件头含有制表符", "tab in front matter", "文件头的缩进只用空格。", "Front matter is indented with spaces only.")
	FrontSyntax      = rule("GK114", Error, "文件头写法有误", "front matter cannot be read", "文件头每行一项：“项目: 内容”。内容里有特殊符号时用半角双引号括起来。", "Front matter has one \"key: value\" a line; a value with special marks stands in double quotes.")
	UnknownKey       = rule("GK115", Error, "未知的项目名", "unknown key", "项目名写错时内容会悄悄丢失，所以未知项目名是错误。", "A mistyped key would lose its value in silence, so an unknown key is an error.")
	DuplicateKey     = rule("GK116", Error, "项目重复", "duplicate key", "同一项目（包括中英文两种写法）只能写一次。", "A key, in either language, may stand only once.")
	WrongType        = rule("GK117", Error, "内容的类型不对", "value of the wrong kind", "例如应为一段文字却写成了列表。", "For example a list where a text belongs.")
	MissingKey       = rule("GK118", Error, "缺少必填项目", "required key is missing", "缺少这一项就无法发布。", "Without this key the file cannot be published.")
	WrongValue       = rule("GK119", Error, "内容不在允许的范围内", "value is not one of the allowed", "这一项只能取列出的几个值。", "This key takes one of a few values.")
	BadDate          = rule("GK120", Error, "日期有误", "not a date", "日期写作 2022-10-08，必要时加时间 2022-10-08 09:30。", "Write dates as 2022-10-08, with a time where needed: 2022-10-08 09:30.")
	DateForm         = rule("GK121", Info, "日期写法不规范", "date in another form", "可以理解，但统一写成 2022-10-08 便于检查和排序。", "Understood; the one form 2022-10-08 is easier to compare and to sort.")
	FutureDate       = rule("GK122", Warning, "发布日期在将来", "date of publication lies in the future", "到发布日期才会发布。", "The document is published when its day has come.")
	DateOrder        = rule("GK123", Warning, "发布日期早于成文日期", "published before it was formed", "文件先形成后公开，两个日期很可能写反了。", "A document is formed before it is published; the two dates may be swapped.")
	BadSlug          = rule("GK124", Error, "文件名不能用作网址", "file name cannot be an address", "网址里不能有空格、?、#、% 等符号。", "An address cannot hold spaces, ?, # or %.")
	ExpiresOrder     = rule("GK125", Error, "有效期至早于发布日期", "expires before it is published", "有效期至是显示的最后一天；早于发布日期的信息谁也看不到，多半是年份写错了。", "expires is the last day on which a document is shown; one that expires before it is published is seen by nobody, most likely for a wrong year.")
	WorkdayLine      = rule("GK127", Error, "工作日历有误", "fault in the calendar of working days", "content/workdays.csv 每行一天：日期,holiday 或 workday,名称；只写与普通周历不同的日子。", "content/workdays.csv has a line a day: date,holiday or workday,name; only days that differ from plain weeks.")
	RawHTML          = rule("GK130", Warning, "正文含有 HTML 代码", "raw HTML in the text", "HTML 代码不会输出，文字保留。请改用 Markdown 写法。", "HTML is not passed through, its text is kept. Use Markdown instead.")
	UnsafeAddress    = rule("GK131", Error, "链接地址不安全", "unsafe link address", "javascript:、data: 等地址会执行代码或夹带内容，已去掉链接、保留文字。", "javascript:, data: and the like run code or smuggle content; the link is removed, its text kept.")
	HeadingMark      = rule("GK132", Warning, "标题标记后缺少空格", "heading mark without a space", "# 后面要有一个空格才是标题。", "A # makes a heading only with a space after it.")
	BadExtension     = rule("GK133", Error, "文件类型不能公开", "kind of file that is not published", "程序、脚本和网页文件会在读者的电脑或本站里运行代码，不作为附件公开。", "Programs, scripts and web pages run code on the reader's machine or in this site; they are not published as attachments.")
	ExternalPicture  = rule("GK134", Warning, "图片在别的网站上", "picture of another site", "门户不向其他网站发出任何请求，图片要存放在本站。", "The portal makes no request to other sites; pictures are kept with it.")
	LinkMark         = rule("GK135", Warning, "链接用了全角括号", "link with full-width brackets", "[文字](地址) 的方括号和圆括号都要是半角的，否则读者看到的是括号和地址，点不开。", "The brackets of [text](address) are ASCII; with full-width ones readers see brackets and an address that leads nowhere.")
	EmptyText        = rule("GK136", Warning, "正文是空的", "empty text", "没有正文也没有附件的页面，群众打开什么也看不到。", "A page without text and attachments shows nothing to those who open it.")
	ExpiredAllowance = rule("GK141", Warning, "豁免已到期", "allowance has run out", "豁免只到截止日期为止，之后问题照常报告。请重新核实。", "An allowance holds until its day; then the finding is reported again. Look at it anew.")
	UnusedAllowance  = rule("GK142", Info, "豁免没有用上", "allowance that is not used", "豁免的问题已经不存在，可以删去；写了“内容”的，只管那个号码或那个附件，没有写的不管附件里的个人信息。", "What was allowed is no longer found; the allowance can go. One with what is for that value or attachment alone, one without it is for no personal data in attachments.")
	GonePage         = rule("GK143", Warning, "已公开的页面不再有了", "page that was public is gone", "上一次构建有、这一次没有的页面。改了文件名或文件夹的，用“旧地址”把原来的网址引到新页面；已经公开的信息不应悄悄消失。只在页面消失的那次构建报告。", "A page that the last build had and this one has not. Where a file or folder was renamed, aliases lead from the old address to the new page; what was public is not to vanish in silence. It is reported once, by the build with which the page goes.")
	ForeignFile      = rule("GK140", Info, "输出文件夹里有不是本程序写的文件", "file in the output that was not written by this program", "保留不动。如果是多余的，请自行删除。", "It is left alone. Delete it by hand where it is not wanted.")
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
	NearItem         = rule("GK215", Warning, "增加的事项与目录里的几乎相同", "added item that is nearly one of the catalog", "单位自己的说明里，标题与目录完全一致才是调整那个事项；差一个字就成了本单位增加的新事项。", "In a unit's own notes a heading changes an item of the catalog only where it is the same to the letter; with one character off it adds a new one.")
	DuplicateIndex   = rule("GK220", Error, "索引号重复", "index number stands twice", "索引号在全区内唯一。先发布的保留，后发布的不发布。", "An index number is unique in the district. The document published first keeps it, the later one is left out.")
	DuplicateAddress = rule("GK221", Error, "网址重复", "address stands twice", "两个文件不能用同一个网址。先发布的保留，后发布的不发布。", "Two files cannot share an address. The document published first keeps it, the later one is left out.")
	AliasConflict    = rule("GK222", Error, "旧地址与现有网址冲突", "alias is an address in use", "旧地址只能是已经没有页面的地址；这条旧地址已忽略。", "An alias must be an address without a page; this one is ignored.")
	UnknownUnit      = rule("GK223", Error, "未知的单位", "unknown unit", "每个单位文件夹里要有写明名称和层级的 _index.md。", "Each unit's folder has an _index.md with its name and level.")
	ReservedAddress  = rule("GK224", Error, "网址是保留字", "address is reserved", "fields、pages、search、supervision 等名称已被门户使用。", "Names such as fields, pages, search and supervision belong to the portal itself.")
	NoAttachment     = rule("GK225", Error, "附件不存在", "attachment is absent", "附件与正文文件放在同一个文件夹里，文件名要完全一致。", "Attachments lie beside the document under exactly the given name.")
	UnusedFile       = rule("GK227", Info, "文件没有用上", "file that is not used", "放在文档旁边，但没有文档把它列为附件或链接到它，所以不会公开。可能是忘了写“附件”，或文件名不一致。", "It lies beside documents, but none has it among its attachments or links to it, so that it is not published. Perhaps the attachments were forgotten, or the name differs.")
	EmptyFile        = rule("GK228", Warning, "附件是空文件", "empty attachment", "0 字节的文件打不开，多半是没有复制完整。", "A file of no bytes cannot be opened; most likely it was not copied whole.")
	BrokenField      = rule("GK226", Error, "领域目录有错，其公开信息未发布", "disclosures left out with their field's catalog", "目录文件无法读取时，该领域的公开信息都无法归类。", "Where a catalog cannot be read, nothing can be filed under it.")
	DuplicateWord    = rule("GK230", Warning, "同义词重复", "synonym stands twice", "一个说法只能在一组里。一组可以有几个规范用语。", "A word may stand in one group only; a group may have several official words.")
	ShortWord        = rule("GK231", Warning, "同义词太短", "synonym too short", "单个字会把整句话拆散，不能作为同义词。", "A single character would tear sentences apart.")
)

// The rules of links.
var (
	BrokenLink     = rule("GK301", Error, "站内链接打不开", "broken internal link", "链接指向的页面不存在。", "The page that the link points to does not exist.")
	BrokenAnchor   = rule("GK302", Error, "链接的段落不存在", "broken anchor", "页面存在，但没有链接 # 后面的标题。", "The page exists but has no heading with the name after the #.")
	BrokenFile     = rule("GK303", Error, "链接的文件或图片不存在", "broken link to a file or picture", "文件要与正文放在一起，大小写也要一致。", "The file must lie beside the document; upper and lower case matter.")
	BrokenExternal = rule("GK305", Error, "外部链接失效", "broken external link", "只有明确失效的才算：404、410，两次确认域名不存在，两次确认拒绝连接。", "Only what is certain: 404, 410, a host that does not exist and a refused connection, both confirmed twice.")
	MovedExternal  = rule("GK306", Info, "外部链接已永久转移", "external link has moved for good", "对方给出了新的地址，改过来就不再依赖转向。", "The other site names a new address; with it the link no longer depends on a redirect.")
	ForeignHost    = rule("GK307", Warning, "外部链接转到了无关的网站", "external link leads to an unrelated site", "域名可能过期后被他人注册。请打开核对，链接到违法内容属于单项否决。", "The domain may have lapsed and been taken. Look at it: a link to unlawful content is a veto.")
	ExternalTLS    = rule("GK308", Warning, "外部链接的证书有问题", "certificate of an external link is at fault", "证书过期、域名不符或不受信任，读者的浏览器会提示危险。", "Expired, for another host, or not trusted: readers' browsers warn of it.")
	ExternalUnsure = rule("GK309", Info, "外部链接无法判断", "external link cannot be judged", "对方拒绝程序访问、暂时出错或太慢。不算失效，可以用“免查外链”说明。", "The other site turns programs away, fails for the moment or is too slow. It does not count as broken; external_ok can say so.")
	WrongCase      = rule("GK310", Error, "链接的大小写不一致", "link differs in case", "Windows 上能打开，放到服务器上就打不开。", "It opens on Windows and not on the server.")
	NoIndexPage    = rule("GK311", Error, "链接的文件夹没有首页", "folder without index.html", "文件夹里没有 index.html，服务器不会显示内容。", "The folder has no index.html, so that a server shows nothing.")
	NoFinalSlash   = rule("GK312", Info, "链接缺少结尾的斜线", "link lacks its final slash", "多一次转向；有的静态主机打不开。", "It costs a redirect, and some static hosts do not answer it.")
	OutsidePortal  = rule("GK313", Warning, "链接指向门户之外的本站地址", "link leaves the portal's path", "门户放在子目录下时，以 / 开头的地址会跑到外面。", "Where a portal lives under a path, addresses that begin with / leave it.")
	InsecureLink   = rule("GK314", Warning, "加密网页里用了不加密的地址", "http address in an https page", "浏览器会拦截不加密的图片、脚本和样式。", "Browsers block pictures, scripts and styles that are not encrypted.")
	EmptyLink      = rule("GK315", Warning, "链接是空的", "link without an address", "写上地址，或去掉链接。", "Give an address, or remove the link.")
	MalformedLink  = rule("GK316", Error, "链接地址写法有误", "malformed address", "例如 https:/x、a%zz。", "For example https:/x or a%zz.")
	BadContact     = rule("GK317", Warning, "邮件或电话链接没有内容", "mail or telephone link without one", "mailto: 后面写邮箱，tel: 后面写号码。", "mailto: is followed by an address, tel: by a number.")
	LinkToUnlisted = rule("GK304", Error, "链接指向未发布的文件", "link to an unpublished document", "草稿、未到发布日期或有错误的文件没有页面。", "A draft, a document that is not yet due, or one with an error has no page.")
)

// The rules of timeliness and coverage.
var (
	LatePublication = rule("GK401", Warning, "公开超过时限", "published late", "从成文日期的次日起，到发布日期为止，按事项的公开时限计算工作日；事项没有写时限的，按《政府信息公开条例》第二十六条的20个工作日。一个事项有几个时限时取最长的。", "Working days from the day after formation to publication, against the item's 公开时限; an item that states none is held to the 20 working days of article 26 of the 政府信息公开条例. Of several limits the longest counts.")
	YearUnknown     = rule("GK402", Warning, "缺少年度工作日历，不能判断", "year without a calendar of working days", "时限算到了 content/workdays.csv 没有的年份。国务院办公厅的放假通知一般在上一年10月底至12月发布，请补上。不会猜测。", "A limit reaches into a year that content/workdays.csv does not have. The State Council's office announces each year between October and December of the year before. Nothing is guessed.")
	Overdue         = rule("GK403", Warning, "定期公开的事项逾期", "item with a rhythm is overdue", "事项要求按月、季度、半年、年度或每隔一段时间公开，最近一期到期还没有公开。", "The item is to be disclosed monthly, quarterly, half-yearly, yearly or at intervals, and what was due last is missing.")
	StaleColumn     = rule("GK404", Warning, "栏目长期不更新", "column not updated", "期限由 site.yaml 的“栏目更新期限”决定，默认按《政府网站与政务新媒体检查指标》：首页、动态两周，通知公告、政策文件6个月。", "The periods are those of columns in site.yaml; by default those of the inspection indicators: home page and news two weeks, notices and policy six months.")
	ShortNotice     = rule("GK405", Warning, "公示期不足", "public notice too short", "从发布日期的次日到有效期至，不足事项规定的公示天数。", "From the day after publication to expires there are fewer days than the item's 公示 demands.")
	NoticeStays     = rule("GK406", Warning, "含个人信息的公示没有写有效期至", "notice with personal data has no end", "涉及个人的名单公示，公示期满后应当撤下。写明“有效期至”，到期自动撤下，原地址保留简短说明。", "Lists of persons come down when their period of notice has ended. Give expires: the page is then withdrawn on its day and its address answers with a short notice.")
	StillPublished  = rule("GK407", Error, "到期信息仍在门户上", "expired document is still on the portal", "有效期至已过，但输出文件夹里的页面是到期前生成的。", "expires has passed, but the page in the output folder was made before.")
	Backdated       = rule("GK408", Warning, "发布日期早于提交日期", "date of publication before the first commit", "门户的内容以提交为准，发布日期比首次提交早很多，可能是倒填日期；伪造发布日期属于单项否决情形。成批导入（一次提交30个以上文件）不判断。", "What is on the portal came with a commit; a date of publication long before the first one may be backdated, which the inspection rates as forged. Imports of 30 files and more in one commit are not judged.")
	Redated         = rule("GK409", Warning, "成批改动发布日期", "dates of publication changed in bulk", "一次提交把多个已有文件的发布日期改为较新的日期，可能是为了显得更新过。", "One commit moved the dates of many existing documents forward, which may be meant to look like updates.")
	HistoryUnknown  = rule("GK410", Info, "提交历史不完整，日期没有核对", "history is incomplete, dates were not compared", "浅克隆只有最近的提交。CI 里请取全部历史（fetch-depth: 0）。", "A shallow clone has the newest commits only. Let CI fetch the whole history (fetch-depth: 0).")
	BlankColumn     = rule("GK420", Warning, "空白栏目", "blank column", "单位的这个领域没有任何公开信息，也没有声明不涉及。确实没有的，写明“不涉及”的理由，或发布一条说明。", "The unit has disclosed nothing in the field and has not declared it not applicable. Where there is nothing, say why in not_applicable, or publish a note.")
	BlankColumns    = rule("GK421", Warning, "空白栏目过多", "too many blank columns", "《政府网站与政务新媒体检查指标》：空白栏目5个及以上属于单项否决。", "Inspection indicators: five blank columns and more are a veto.")
)

// The rules of privacy.
var (
	IdentityNumber = rule("GK501", Error, "含公民身份号码", "resident identity number", "公开信息不得含有完整的身份证号（《政府信息公开条例》第十五条）。隐去中间至少6位。", "Disclosures hold no full identity number (政府信息公开条例, article 15). Mask at least six characters.")
	MobileNumber   = rule("GK502", Error, "含手机号码", "mobile number", "个人手机号不公开。确需公开的工作联系手机，用“豁免”写明理由和截止日期。没有写“内容”的豁免只管正文；附件里的，在“内容”写附件的文件名，或者隐去后的号码（例如 138****8000）。", "Personal mobile numbers are not published. Where an official contact has one, declare an allowance with reason and day. Without what it is for the text alone; for an attachment, name the file under what, or the number as it would be masked (138****8000).")
	BankCard       = rule("GK503", Error, "含银行卡号", "bank card number", "发放补贴的名单不公开账号。", "Lists of payments do not show accounts.")
	Passport       = rule("GK504", Error, "含护照号码", "passport number", "护照、通行证号码属于个人信息。", "Numbers of passports and travel permits are personal data.")
	Plate          = rule("GK505", Error, "含车牌号", "vehicle plate", "车牌号可以查到个人。执法公告确需公开的，用“豁免”写明理由。", "A plate leads to its owner. Where an enforcement notice has to show it, declare an allowance.")
	HomeAddress    = rule("GK506", Error, "含完整家庭住址", "full home address", "与姓名并列的住址只写到村（社区），不写门牌。", "Beside a name, an address ends with the village or community, without house number.")
	WeakMask       = rule("GK507", Info, "隐去的位数太少", "weak mask", "身份证号隐去不足6位，或出生日期和顺序码都能看出。", "Fewer than six characters of an identity number are hidden, or date of birth and serial can both be read.")
	Unreadable     = rule("GK508", Warning, "附件无法检查", "attachment cannot be inspected", "附件损坏、加密、是旧格式或不支持的格式（如 rar），无法检查其中有没有个人信息。请换成可读的格式（xlsx、docx、pdf、ofd、csv、zip）。只有图片、录音、录像不检查。", "The attachment is damaged, encrypted, of an old kind or of one without a reader, such as rar, so that it cannot be searched for personal data. Use xlsx, docx, pdf, ofd, csv or zip. Pictures, sound and video alone are not looked into.")
	PrivateName    = rule("GK509", Error, "文件名含个人信息", "personal data in a file name", "文件名会成为网址的一部分；压缩包里的文件名，下载的人都看得到。", "A file's name becomes part of its address; names within an archive are seen by all who download it.")
)

// The rules of text and accessibility: advice.
var (
	SkippedHeading = rule("GK601", Info, "标题跳级", "heading level skipped", "标题逐级使用，读屏软件靠它列出提纲。", "Headings go down one level at a time; screen readers make the outline of them.")
	NoAlternative  = rule("GK602", Info, "图片没有替代文字", "picture without alternative text", "看不到图片的人靠替代文字了解内容：![文字说明](图片.png)。", "Those who cannot see a picture read its alternative text: ![text](picture.png).")
	VagueLink      = rule("GK603", Info, "链接文字没有说明去向", "link text says nothing", "“点击这里”“详情”在读屏软件的链接列表里无法区分，写出目标的名称。", "点击这里 cannot be told apart in a screen reader's list of links; name the target.")
	NoTableHeader  = rule("GK604", Info, "表格没有表头", "table without a header row", "表头使读屏软件能读出每个格子属于哪一栏。", "With headings a screen reader can tell the column of each cell.")
	MixedBrackets  = rule("GK605", Info, "文号的括号不规范", "document number with other brackets", "发文字号的年份用六角括号〔〕（GB/T 9704-2012）。", "The year of a document number stands in 〔〕 (GB/T 9704-2012).")
	HalfWidth      = rule("GK606", Info, "中文里用了半角标点", "half-width punctuation in Chinese", "中文之间用全角标点：，。；：？！", "Between Chinese characters punctuation is full-width.")
)

var rules []*Rule

// Rules returns all rules, sorted by identifier.
func Rules() []*Rule {
	return slices.SortedFunc(slices.Values(rules), func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
}

// Covers reports whether the pattern names the rule: by its identifier, or by the beginning of it (GK5, GK5xx).
func Covers(pattern string, r *Rule) bool {
	p := strings.TrimRight(strings.ToUpper(pattern), "X")
	return len(p) >= len("GK1") && strings.HasPrefix(r.ID, p)
}

// IsRule reports whether the pattern names any rule.
func IsRule(pattern string) bool {
	return slices.ContainsFunc(rules, func(r *Rule) bool { return Covers(pattern, r) })
}

func rule(id string, severity Severity, titleZH, titleEN, explainZH, explainEN string) *Rule {
	r := &Rule{id, severity, Text{titleZH, titleEN}, Text{explainZH, explainEN}}
	rules = append(rules, r)
	return r
}
