package build

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/themes"
)

// kind is one way in which a district, its portal or what lies beside it changes between two builds.
type kind struct {
	name string
	// do makes the change, taking what it needs at random from w.r, and returns what it did; "" where there is nothing to change.
	do func(w *world) string
	// before are the changes without which this one has nothing to do at the beginning.
	before []string
	// together says that the change is much like another one and made in sequences only: trying it alone would find what the other finds.
	together bool
}

// kinds are all changes.
var kinds []kind

func init() {
	kinds = slices.Concat(documentKinds, fileKinds, catalogKinds, settingKinds, themeKinds, clockKinds, outputKinds, cacheKinds)
}

func kindNamed(name string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	return &kinds[i]
}

// said joins what a step did and where.
func said(parts ...any) string { return strings.TrimSuffix(fmt.Sprintln(parts...), "\n") }

// swapped returns the text with a word in the place of another one of as many bytes.
func swapped(text string) string {
	for _, pair := range [][2]string{{"办理条件", "申请条件"}, {"申请条件", "办理条件"}, {"张某", "李某"}, {"李某", "张某"}, {"一", "壹"}, {"内", "外"}} {
		if strings.Contains(text, pair[0]) {
			return strings.Replace(text, pair[0], pair[1], 1)
		}
	}
	return ""
}

var documentKinds = []kind{
	{name: "document added", do: func(w *world) string {
		w.made++
		unit, field := w.pick(worldUnits), w.pick(worldFields)
		name := fmt.Sprintf("content/units/%s/%s/new-%d.md", unit, field, w.made)
		w.write(name, w.documentText(unit, field, 100+w.r.IntN(40)+50*w.made, w.r.IntN(3)))
		return said("added", name)
	}},
	{name: "body edited", do: func(w *world) string {
		name := w.document()
		w.write(name, w.files[name]+fmt.Sprintf("\n又说一句：第%d遍。\n", w.r.IntN(1000)))
		return said("added a sentence to", name)
	}},
	{name: "body edited, same size", do: func(w *world) string {
		name := w.document()
		text := swapped(w.files[name])
		if text == "" {
			return ""
		}
		w.write(name, text)
		return said("swapped a word of", name)
	}},
	{name: "title edited", do: func(w *world) string {
		name := w.document()
		w.set(name, "标题", frontOf(w.files[name], "标题")+w.pick([]string{"（更正）", "（第二次）", "与说明"}))
		return said("renamed", name, "to", frontOf(w.files[name], "标题"))
	}},
	{name: "date edited", do: func(w *world) string {
		name := w.document()
		w.set(name, "发布日期", w.other(frontOf(w.files[name], "发布日期"), "2026-01-04", "2026-05-06", "2026-11-20", "2026-11-23", "2026-11-24", "2025-12-31"))
		return said("dated", name, frontOf(w.files[name], "发布日期"))
	}},
	{name: "item edited", do: func(w *world) string {
		name := w.document()
		items := worldItems[fieldOf(name)]
		w.set(name, "事项", items[w.r.IntN(len(items))][0])
		return said("filed", name, "under", frontOf(w.files[name], "事项"))
	}},
	{name: "item edited to one that does not exist", do: func(w *world) string {
		name := w.document()
		w.set(name, "事项", "没有/这一项")
		return said("filed", name, "under nothing")
	}},
	{name: "document renamed", do: func(w *world) string {
		from := w.document()
		w.made++
		to := path.Join(path.Dir(from), fmt.Sprintf("renamed-%d.md", w.made))
		w.rename(from, to)
		return said("renamed", from, "to", to)
	}},
	{name: "document renamed, with its old address", do: func(w *world) string {
		from := w.document()
		w.made++
		to := path.Join(path.Dir(from), fmt.Sprintf("renamed-%d.md", w.made))
		w.rename(from, to)
		w.set(to, "旧地址", "["+addressOf(from)+"]")
		return said("renamed", from, "to", to, "with an alias")
	}},
	{name: "linked document renamed", do: func(w *world) string {
		from := w.pick(w.list(func(name string) bool { return isDocument(name) && w.linked(name) }))
		if from == "" {
			return ""
		}
		w.made++
		to := path.Join(path.Dir(from), fmt.Sprintf("moved-%d.md", w.made))
		w.rename(from, to)
		return said("renamed", from, "which is linked, to", to)
	}},
	{name: "document deleted", do: func(w *world) string {
		name := w.document()
		w.remove(name)
		return said("deleted", name)
	}},
	{name: "document moved to another field", do: func(w *world) string {
		from := w.document()
		field := worldFields[(slices.Index(worldFields, fieldOf(from))+1+w.r.IntN(len(worldFields)-1))%len(worldFields)]
		w.made++
		to := fmt.Sprintf("content/units/%s/%s/moved-%d.md", unitOf(from), field, w.made)
		w.rename(from, to)
		w.set(to, "事项", worldItems[field][0][0])
		return said("moved", from, "to", to)
	}},
	{name: "document moved to another unit", do: func(w *world) string {
		from := w.document()
		w.made++
		to := fmt.Sprintf("content/units/%s/%s/moved-%d.md", w.other(unitOf(from), worldUnits...), fieldOf(from), w.made)
		w.rename(from, to)
		return said("moved", from, "to", to)
	}},
	{name: "status changed", do: func(w *world) string {
		name := w.document()
		now := w.pick([]string{"草稿", "审核中", ""})
		if frontOf(w.files[name], "状态") != "" {
			now = "已审核"
		}
		w.set(name, "状态", now)
		return said("status of", name, "is", now)
	}},
	{name: "draft approved", do: func(w *world) string {
		name := w.documentWith("状态: 草稿")
		if name == "" {
			return ""
		}
		w.set(name, "状态", "已审核")
		return said("approved", name)
	}},
	{name: "expiry edited", do: func(w *world) string {
		name := w.document()
		w.set(name, "有效期至", w.other(frontOf(w.files[name], "有效期至"), "2026-11-22", "2026-11-23", "2026-12-31", ""))
		return said(name, "expires on", frontOf(w.files[name], "有效期至"))
	}},
	{name: "validity edited", together: true, do: func(w *world) string {
		name := w.document()
		w.set(name, "有效性", w.other(frontOf(w.files[name], "有效性"), "废止", "失效", "有效"))
		return said("validity of", name, "is", frontOf(w.files[name], "有效性"))
	}},
	{name: "index number doubled", do: func(w *world) string {
		name, other := w.document(), w.document()
		w.set(name, "索引号", frontOf(w.files[other], "索引号"))
		return said(name, "has the index number of", other)
	}},
	{name: "document number edited", together: true, do: func(w *world) string {
		name := w.document()
		w.set(name, "文号", fmt.Sprintf("示办〔2026〕%d号", w.r.IntN(90)))
		return said(name, "has the number", frontOf(w.files[name], "文号"))
	}},
	{name: "summary edited", do: func(w *world) string {
		name := w.document()
		w.set(name, "摘要", w.other(frontOf(w.files[name], "摘要"), "新的摘要", "另一段摘要", ""))
		return said("summary of", name)
	}},
	{name: "kind edited", together: true, do: func(w *world) string {
		name := w.document()
		w.set(name, "体裁", w.other(frontOf(w.files[name], "体裁"), "公示", "通告", "意见"))
		return said("kind of", name, "is", frontOf(w.files[name], "体裁"))
	}},
	{name: "alias added", do: func(w *world) string {
		name := w.document()
		w.set(name, "旧地址", fmt.Sprintf("[/old/%d/]", w.r.IntN(30)))
		return said("alias of", name, "is", frontOf(w.files[name], "旧地址"))
	}},
	{name: "alias that is in use", do: func(w *world) string {
		name, other := w.document(), w.document()
		w.set(name, "旧地址", "["+addressOf(other)+"]")
		return said("alias of", name, "is the address of", other)
	}},
	{name: "address taken", do: func(w *world) string {
		name := w.document()
		other := w.pick(w.list(func(o string) bool { return isDocument(o) && path.Dir(o) == path.Dir(name) }))
		w.set(name, "网址名", trimmed(other))
		return said(name, "wants the address of", other)
	}},
	{name: "related edited", do: func(w *world) string {
		name := w.document()
		other := w.pick(w.list(func(o string) bool { return isDocument(o) && path.Dir(o) == path.Dir(name) }))
		w.set(name, "相关", "["+path.Base(other)+"]")
		return said(name, "is related to", other)
	}},
	{name: "related document renamed", do: func(w *world) string {
		name := w.documentWith("相关: [")
		if name == "" {
			return ""
		}
		other := path.Join(path.Dir(name), strings.Trim(frontOf(w.files[name], "相关"), "[]"))
		if w.files[other] == "" {
			return ""
		}
		w.set(other, "标题", frontOf(w.files[other], "标题")+"（改名）")
		return said("gave another title to", other, "which", name, "names")
	}},
	{name: "heading renamed", do: func(w *world) string {
		name := w.documentWith("## 一、办理条件")
		if name == "" {
			return ""
		}
		w.write(name, strings.Replace(w.files[name], "## 一、办理条件", "## 一、受理条件", 1))
		return said("renamed a heading of", name)
	}},
	{name: "heading renamed that an anchor points to", do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool {
			return isDocument(name) && w.linked(name) && strings.Contains(w.files[name], "## 一、办理条件")
		}))
		if name == "" {
			return ""
		}
		w.write(name, strings.Replace(w.files[name], "## 一、办理条件", "## 甲、条件", 1))
		return said("renamed the heading of", name, "that is linked")
	}},
	{name: "link added", do: func(w *world) string {
		name, other := w.document(), w.document()
		rel, err := filepath.Rel(path.Dir(name), other)
		must(err)
		fragment := w.pick([]string{"", "#一-办理条件", "#没有"})
		w.write(name, w.files[name]+"\n另见[另一件]("+filepath.ToSlash(rel)+fragment+")。\n")
		return said("linked from", name, "to", other, fragment)
	}},
	{name: "allowance added", do: func(w *world) string {
		name := w.documentWith("没有.xlsx")
		if name == "" {
			return ""
		}
		w.set(name, "豁免", "[{规则: GK303, 理由: 正在补, 截止: 2026-11-"+w.pick([]string{"22", "23", "30"})+"}]")
		return said("allowed what is missing in", name)
	}},
	{name: "carriage returns and a mark", do: func(w *world) string {
		name := w.document()
		w.write(name, "\ufeff"+strings.ReplaceAll(strings.TrimPrefix(w.files[name], "\ufeff"), "\n", "\r\n"))
		return said("saved", name, "as another editor does")
	}},
	{name: "file broken", do: func(w *world) string {
		name := w.document()
		w.write(name, strings.Replace(w.files[name], "标题: ", "标题：", 1))
		return said("full-width colon in", name)
	}},
	{name: "linked file broken", do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool { return isDocument(name) && w.linked(name) }))
		if name == "" {
			return ""
		}
		w.write(name, strings.Replace(w.files[name], "标题: ", "标题：", 1))
		return said("full-width colon in", name, "which is linked")
	}},
	{name: "file mended", before: []string{"title edited"}, do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool { return w.first[name] != "" && w.first[name] != w.files[name] }))
		if name == "" {
			return ""
		}
		w.write(name, w.first[name])
		return said("put back", name)
	}},
	{name: "file that was deleted put back", together: true, before: []string{"document deleted"}, do: func(w *world) string {
		gone := maps.Clone(w.first)
		maps.DeleteFunc(gone, func(name, _ string) bool { return w.files[name] != "" })
		names := make([]string, 0, len(gone))
		for name := range gone {
			names = append(names, name)
		}
		slices.Sort(names)
		name := w.pick(names)
		if name == "" {
			return ""
		}
		w.write(name, w.first[name])
		return said("put back", name)
	}},
}

// linked reports whether another document names the file in a link.
func (w *world) linked(name string) bool {
	for other, text := range w.files {
		if other != name && strings.Contains(text, "/"+path.Base(path.Dir(name))+"/"+path.Base(name)) && (strings.HasPrefix(other, "content/pages/") || unitOf(other) == unitOf(name)) {
			return true
		}
	}
	return false
}

func trimmed(name string) string { return strings.TrimSuffix(path.Base(name), ".md") }

// addressOf returns the address at which a document is published where it has no other name.
func addressOf(name string) string {
	return "/" + unitOf(name) + "/" + fieldOf(name) + "/" + trimmed(name) + "/"
}

func isAttachment(name string) bool {
	return strings.HasPrefix(name, "content/units/") && (strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".png"))
}

// file returns a file that is published as it is, with an ending.
func (w *world) file(ending string) string {
	return w.pick(w.list(func(name string) bool { return isAttachment(name) && strings.HasSuffix(name, ending) }))
}

// fileKinds are changes of attachments, pictures and other files, and of what the disk says of files.
var fileKinds = []kind{
	{name: "attachment swapped", do: func(w *world) string {
		name := w.file(".csv")
		if name == "" {
			return ""
		}
		w.write(name, w.files[name]+fmt.Sprintf("李某,%d\n", w.r.IntN(1000)))
		return said("another", name)
	}},
	{name: "attachment swapped, same size", do: func(w *world) string {
		name := w.file(".csv")
		if name == "" || swapped(w.files[name]) == "" {
			return ""
		}
		w.write(name, swapped(w.files[name]))
		return said("another", name, "of the same size")
	}},
	{name: "attachment removed", do: func(w *world) string {
		name := w.file(".csv")
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name, "which is attached")
	}},
	{name: "attachment added", do: func(w *world) string {
		name := w.document()
		w.made++
		file := fmt.Sprintf("新附件%d.csv", w.made)
		w.write(path.Join(path.Dir(name), file), "姓名\n王某\n")
		w.set(name, "附件", "["+file+"]")
		return said("attached", file, "to", name)
	}},
	{name: "linked file swapped, same size", together: true, do: func(w *world) string {
		name := w.file(".txt")
		if name == "" || swapped(w.files[name]) == "" {
			return ""
		}
		w.write(name, swapped(w.files[name]))
		return said("another", name, "of the same size")
	}},
	{name: "linked file removed", do: func(w *world) string {
		name := w.file(".txt")
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name, "which is linked")
	}},
	{name: "linked file renamed", together: true, do: func(w *world) string {
		name := w.file(".txt")
		if name == "" {
			return ""
		}
		w.made++
		w.rename(name, path.Join(path.Dir(name), fmt.Sprintf("表-%d.txt", w.made)))
		return said("renamed", name, "which is linked")
	}},
	{name: "missing file added", do: func(w *world) string {
		name := w.documentWith("没有.xlsx")
		if name == "" {
			return ""
		}
		w.write(path.Join(path.Dir(name), "没有.xlsx"), "现在有了")
		return said("added the file that", name, "links to")
	}},
	{name: "picture swapped", together: true, do: func(w *world) string {
		name := w.file(".png")
		if name == "" {
			return ""
		}
		w.write(name, fmt.Sprintf("还不是真的图%d", w.r.IntN(10)))
		return said("another", name)
	}},
	{name: "picture removed", together: true, do: func(w *world) string {
		name := w.file(".png")
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
	{name: "stray file", do: func(w *world) string {
		w.made++
		name := fmt.Sprintf("content/units/stray-%d.md", w.made)
		w.write(name, "x")
		return said("added", name)
	}},
	{name: "touched", do: func(w *world) string {
		names := w.list(func(string) bool { return true })
		name := w.pick(names)
		later := time.Now().Add(-time.Duration(1+w.r.IntN(5)) * time.Hour)
		must(os.Chtimes(w.full(name), later, later))
		return said("touched", name)
	}},
	{name: "all touched", do: func(w *world) string {
		for name := range w.files {
			must(os.WriteFile(w.full(name), []byte(w.files[name]), 0o644))
		}
		return "wrote every file as it was"
	}},
	{name: "edited unseen", do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool { return isDocument(name) && swapped(w.files[name]) != "" }))
		if name == "" {
			return ""
		}
		w.writeUnseen(name, swapped(w.files[name]))
		return said("swapped a word of", name, "and set its time back")
	}},
	{name: "attachment edited unseen", do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool { return isAttachment(name) && swapped(w.files[name]) != "" }))
		if name == "" {
			return ""
		}
		w.writeUnseen(name, swapped(w.files[name]))
		return said("swapped a word of", name, "and set its time back")
	}},
	{name: "settings edited unseen", do: func(w *world) string {
		name := "content/site.yaml"
		if !strings.Contains(w.files[name], "示例区") {
			return ""
		}
		w.writeUnseen(name, strings.Replace(w.files[name], "示例区", "示范区", 1))
		return "swapped a word of the settings and set the time back"
	}},
}

// writeUnseen writes a file so that size and time of modification stay what they were.
func (w *world) writeUnseen(name, text string) {
	info, err := os.Stat(w.full(name))
	must(err)
	if info.Size() != int64(len(text)) {
		must(fmt.Errorf("%s: another size", name))
	}
	w.write(name, text)
	must(os.Chtimes(w.full(name), info.ModTime(), info.ModTime()))
}

func (w *world) catalog() string {
	return w.pick(w.list(func(name string) bool { return strings.HasPrefix(name, "content/fields/") }))
}

func (w *world) unit() string {
	return w.pick(w.list(func(name string) bool {
		return strings.HasPrefix(name, "content/units/") && strings.Count(name, "/") == 3 && path.Base(name) == "_index.md"
	}))
}

func (w *world) declaration() string {
	return w.pick(w.list(func(name string) bool {
		return strings.Count(name, "/") == 4 && path.Base(name) == "_index.md"
	}))
}

// undeclared returns where a unit could say something of its own on a field and does not yet.
func (w *world) undeclared() string {
	var names []string
	for _, u := range worldUnits {
		for _, f := range worldFields {
			if name := "content/units/" + u + "/" + f + "/_index.md"; w.files[name] == "" {
				names = append(names, name)
			}
		}
	}
	return w.pick(names)
}

var catalogKinds = []kind{
	{name: "catalog column edited", do: func(w *world) string {
		name := w.catalog()
		w.write(name, strings.Replace(w.files[name], "- 公开内容：", "- 公开内容：修订后", 1))
		return said("a column of", name)
	}},
	{name: "deadline edited", do: func(w *world) string {
		name := w.catalog()
		w.write(name, strings.Replace(w.files[name], "公开时限：20个工作日", "公开时限：3个工作日", 1))
		return said("a limit of", name)
	}},
	{name: "item renamed", do: func(w *world) string {
		name := w.catalog()
		lines := strings.SplitAfter(w.files[name], "\n")
		var at []int
		for i, l := range lines {
			if strings.HasPrefix(l, "### ") {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			return ""
		}
		i := at[w.r.IntN(len(at))]
		old := strings.TrimSpace(lines[i])
		lines[i] = old + "事项\n"
		w.write(name, strings.Join(lines, ""))
		return said("renamed", old, "of", name)
	}},
	{name: "item added", do: func(w *world) string {
		name := w.catalog()
		w.made++
		w.write(name, w.files[name]+fmt.Sprintf("## 新的\n### 第%d项\n- 公开内容：新的内容\n", w.made))
		return said("added an item to", name)
	}},
	{name: "item removed", do: func(w *world) string {
		name := w.catalog()
		at := strings.LastIndex(w.files[name], "\n### ")
		if at < 0 {
			return ""
		}
		w.write(name, w.files[name][:at+1])
		return said("removed the last item of", name)
	}},
	{name: "levels edited", do: func(w *world) string {
		name := w.catalog()
		levels := w.pick([]string{"县级", "村级", "乡级；村级"})
		if old := strings.Index(w.files[name], "- 公开层级：县级"); old >= 0 {
			w.write(name, strings.Replace(w.files[name], "- 公开层级：县级", "- 公开层级："+levels, 1))
		} else {
			w.write(name, strings.Replace(w.files[name], "- 公开主体：", "- 公开层级："+levels+"\n- 公开主体：", 1))
		}
		return said("levels in", name, "are", levels)
	}},
	{name: "catalog renamed", together: true, do: func(w *world) string {
		name := w.catalog()
		w.set(name, "title", frontOf(w.files[name], "title")+"（修订）")
		return said("title of", name)
	}},
	{name: "catalog moved", together: true, do: func(w *world) string {
		name := w.catalog()
		w.set(name, "number", strconv.Itoa(1+w.r.IntN(20)))
		return said("number of", name, "is", frontOf(w.files[name], "number"))
	}},
	{name: "catalog broken", do: func(w *world) string {
		name := w.catalog()
		w.write(name, strings.Replace(w.files[name], "---\n", "", 1))
		return said("no front matter in", name)
	}},
	{name: "catalog removed", do: func(w *world) string {
		name := w.catalog()
		if len(w.list(func(n string) bool { return strings.HasPrefix(n, "content/fields/") })) < 3 {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
	{name: "unit renamed", do: func(w *world) string {
		name := w.unit()
		w.set(name, "名称", frontOf(w.files[name], "名称")+"新")
		return said("name of", name)
	}},
	{name: "unit's full name", together: true, do: func(w *world) string {
		name := w.unit()
		w.set(name, "全称", "示例区"+frontOf(w.files[name], "名称")+"人民政府")
		return said("full name of", name)
	}},
	{name: "unit's level", do: func(w *world) string {
		name := w.unit()
		w.set(name, "层级", w.other(frontOf(w.files[name], "层级"), "县级", "乡级", "村级"))
		return said("level of", name, "is", frontOf(w.files[name], "层级"))
	}},
	{name: "unit's parent", do: func(w *world) string {
		name := w.unit()
		w.set(name, "上级", w.other(frontOf(w.files[name], "上级"), append([]string{"", "nobody"}, worldUnits...)...))
		return said("parent of", name, "is", frontOf(w.files[name], "上级"))
	}},
	{name: "unit's order", do: func(w *world) string {
		name := w.unit()
		w.set(name, "排序", strconv.Itoa(1+w.r.IntN(9)))
		return said("order of", name, "is", frontOf(w.files[name], "排序"))
	}},
	{name: "unit's text", together: true, do: func(w *world) string {
		name := w.unit()
		w.write(name, w.files[name]+"\n再写一段。\n")
		return said("text of", name)
	}},
	{name: "unit's telephone", together: true, do: func(w *world) string {
		name := w.unit()
		w.set(name, "电话", fmt.Sprintf("0751-000%04d", w.r.IntN(10000)))
		return said("telephone of", name)
	}},
	{name: "unit added", do: func(w *world) string {
		w.made++
		name := fmt.Sprintf("content/units/new%d/_index.md", w.made)
		w.write(name, "---\n名称: 新设单位\n层级: 乡级\n---\n")
		return said("added", name)
	}},
	{name: "unit closed", do: func(w *world) string {
		name := w.unit()
		if name == "" || len(w.list(func(n string) bool { return strings.Count(n, "/") == 3 && path.Base(n) == "_index.md" })) < 3 {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
	{name: "declared not applicable", do: func(w *world) string {
		name := w.undeclared()
		if name == "" {
			return ""
		}
		w.write(name, "---\n不涉及: 没有这类事项\n---\n")
		return said("declared", name)
	}},
	{name: "item omitted", do: func(w *world) string {
		name := w.undeclared()
		if name == "" {
			return ""
		}
		w.write(name, "---\n不公开事项:\n  - 事项: "+worldItems[fieldOf(name)][1][0]+"\n    理由: 由区里公开\n---\n")
		return said("omitted an item in", name)
	}},
	{name: "item of a unit's own", together: true, do: func(w *world) string {
		name := w.undeclared()
		if name == "" {
			return ""
		}
		w.write(name, "---\n---\n## 自有\n### 清单\n- 公开内容：本单位的清单\n")
		return said("an item of its own in", name)
	}},
	{name: "declaration edited", together: true, do: func(w *world) string {
		name := w.declaration()
		if name == "" {
			return ""
		}
		w.write(name, strings.ReplaceAll(strings.ReplaceAll(w.files[name], "公开", "公布"), "没有", "并没有"))
		return said("edited", name)
	}},
	{name: "declaration removed", do: func(w *world) string {
		name := w.declaration()
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
}

func (w *world) page() string {
	return w.pick(w.list(func(name string) bool {
		return strings.HasPrefix(name, "content/pages/") && strings.HasSuffix(name, ".md")
	}))
}

// setting states a key of the settings anew.
func (w *world) setting(key string, values ...string) string {
	if w.files["content/site.yaml"] == "" {
		return ""
	}
	w.set("content/site.yaml", key, w.other(frontOf(w.files["content/site.yaml"], key), values...))
	return said("settings:", key, "is", frontOf(w.files["content/site.yaml"], key))
}

// settingKinds are changes of what all pages depend on.
var settingKinds = []kind{
	{name: "page size", do: func(w *world) string { return w.setting("每页条数", "3", "4", "7", "50") }},
	{name: "feed size", together: true, do: func(w *world) string { return w.setting("订阅条数", "2", "5", "20") }},
	{name: "newest on the home page", together: true, do: func(w *world) string { return w.setting("首页条数", "1", "3", "10") }},
	{name: "disclosures under an item", together: true, do: func(w *world) string { return w.setting("事项下条数", "1", "3", "10") }},
	{name: "portal renamed", do: func(w *world) string { return w.setting("名称", "示例区政务公开网", "示例区公开平台") }},
	{name: "district renamed", together: true, do: func(w *world) string { return w.setting("地区", "示例市示例区", "示范区") }},
	{name: "demonstration banner", together: true, do: func(w *world) string { return w.setting("演示说明", "这是演示", "仍是演示", "") }},
	{name: "supervision pages", do: func(w *world) string { return w.setting("督查页面", "true", "false") }},
	{name: "default deadline", do: func(w *world) string { return w.setting("默认公开时限", "5", "15") }},
	{name: "address in the settings", do: func(w *world) string {
		return w.setting("网址", "https://www.shifan.gov.example/", "https://www.shili.gov.example/gongkai/")
	}},
	{name: "settings broken", together: true, do: func(w *world) string { return w.setting("没有这一项", "1") }},
	{name: "settings removed", do: func(w *world) string {
		if w.files["content/site.yaml"] == "" {
			return ""
		}
		w.remove("content/site.yaml")
		return "removed the settings"
	}},
	{name: "synonyms edited", do: func(w *world) string {
		w.made++
		w.write("content/synonyms.yaml", fmt.Sprintf("词组:\n  - 规范用语: [名单公示]\n    俗称: [谁吃低保, 第%d个说法]\n  - 规范用语: [部门预算]\n    俗称: [钱怎么花]\n", w.made))
		return "edited the synonyms"
	}},
	{name: "synonyms removed", together: true, do: func(w *world) string {
		if w.files["content/synonyms.yaml"] == "" {
			return ""
		}
		w.remove("content/synonyms.yaml")
		return "removed the synonyms"
	}},
	{name: "working days edited", do: func(w *world) string {
		w.write("content/workdays.csv", w.files["content/workdays.csv"]+fmt.Sprintf("2026-0%d-0%d,holiday,临时\n", 1+w.r.IntN(9), 1+w.r.IntN(9)))
		return "edited the working days"
	}},
	{name: "working days removed", together: true, do: func(w *world) string {
		if w.files["content/workdays.csv"] == "" {
			return ""
		}
		w.remove("content/workdays.csv")
		return "removed the working days"
	}},
	{name: "page edited", do: func(w *world) string {
		name := w.page()
		if name == "" {
			return ""
		}
		w.write(name, w.files[name]+"\n补充一段。\n")
		return said("edited", name)
	}},
	{name: "page renamed", together: true, do: func(w *world) string {
		name := w.page()
		if name == "" {
			return ""
		}
		w.set(name, "标题", frontOf(w.files[name], "标题")+"（试行）")
		return said("another title for", name)
	}},
	{name: "page's heading renamed", do: func(w *world) string {
		name := "content/pages/apply.md"
		if !strings.Contains(w.files[name], "## 一、办法") {
			return ""
		}
		w.write(name, strings.Replace(w.files[name], "## 一、办法", "## 一、程序", 1))
		return said("renamed the heading of", name, "that is linked")
	}},
	{name: "page's order", together: true, do: func(w *world) string {
		name := w.page()
		if name == "" {
			return ""
		}
		w.set(name, "排序", strconv.Itoa(1+w.r.IntN(9)))
		return said("order of", name)
	}},
	{name: "page added", together: true, do: func(w *world) string {
		w.made++
		name := fmt.Sprintf("content/pages/new-%d.md", w.made)
		w.write(name, "---\n标题: 新页面\n---\n见[指南](guide.md)。\n")
		return said("added", name)
	}},
	{name: "page removed", do: func(w *world) string {
		name := w.page()
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
	{name: "page's attachment swapped, same size", do: func(w *world) string {
		name := "content/pages/指南.txt"
		if w.files[name] == "" {
			return ""
		}
		w.write(name, strings.NewReplacer("一", "二", "二", "一").Replace(w.files[name]))
		return said("another", name)
	}},
	{name: "address by option", do: func(w *world) string {
		w.baseURL = w.pick([]string{"https://www.example.org/", "https://www.example.org/under/a/path/", "http://www.example.org/under/", ""})
		return said("address is", w.baseURL)
	}},
	{name: "address that is none", do: func(w *world) string {
		w.baseURL = "nowhere"
		return "an address that is none"
	}},
	{name: "address by option taken back", before: []string{"address that is none"}, do: func(w *world) string {
		if w.baseURL == "" {
			return ""
		}
		w.baseURL = ""
		return "address of the settings"
	}},
	{name: "search toggled", do: func(w *world) string {
		w.noSearch = !w.noSearch
		return said("without search:", w.noSearch)
	}},
	{name: "search back again", before: []string{"search toggled", "body edited"}, do: func(w *world) string {
		if !w.noSearch {
			return ""
		}
		w.noSearch = false
		return "with search again"
	}},
	{name: "other number of workers", do: func(w *world) string {
		w.jobs = 1 + w.r.IntN(5)
		return said("workers:", w.jobs)
	}},
}

// overridden writes a file of the theme into the district: the built-in one, changed.
func (w *world) overridden(name string, change func(text string) string) string {
	text, err := fs.ReadFile(themes.FS, "default/"+name)
	must(err)
	w.write("themes/default/"+name, change(string(text)))
	return said("overrode", name)
}

// template overrides a template with a sentence in front of a part of it.
func (w *world) template(name, part string) string {
	w.made++
	return w.overridden("templates/"+name, func(text string) string {
		if !strings.Contains(text, part) {
			must(fmt.Errorf("%s has no %s", name, part))
		}
		return strings.Replace(text, part, fmt.Sprintf("<p>自己的%d</p>", w.made)+part, 1)
	})
}

// linkedByTheme returns the document that the footer has a link to.
func (w *world) linkedByTheme() string {
	footer := w.files["themes/default/templates/footer.html"]
	return w.pick(w.list(func(name string) bool { return isDocument(name) && strings.Contains(footer, addressOf(name)+"#") }))
}

var themeKinds = []kind{
	{name: "footer overridden", do: func(w *world) string { return w.template("footer.html", `<div class="footer-marks">`) }},
	{name: "row overridden", do: func(w *world) string { return w.template("row.html", `<p class="row-meta">`) }},
	{name: "disclosure overridden", do: func(w *world) string { return w.template("disclosure.html", `<div class="prose">`) }},
	{name: "answer overridden", do: func(w *world) string { return w.template("search-main.html", `<p class="search-status"`) }},
	{name: "broken link in the theme", do: func(w *world) string {
		w.made++
		w.write("themes/default/templates/footer.html", fmt.Sprintf(`<footer>{{.District}} <a href="/nowhere/%d/">没有</a></footer>`, w.made))
		return "a footer with a link to nothing"
	}},
	{name: "link to a document in the theme", do: func(w *world) string {
		name := w.document()
		w.write("themes/default/templates/footer.html", `<footer>{{.District}} <a href="`+addressOf(name)+`#一-办理条件">有的</a></footer>`)
		return said("a footer with a link to", name)
	}},
	{name: "document removed that the theme links to", before: []string{"link to a document in the theme"}, do: func(w *world) string {
		name := w.linkedByTheme()
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("deleted", name, "which the footer links to")
	}},
	{name: "heading renamed that the theme links to", before: []string{"link to a document in the theme"}, do: func(w *world) string {
		name := w.linkedByTheme()
		if name == "" {
			return ""
		}
		w.write(name, strings.Replace(w.files[name], "## 一、办理条件", "## 甲、条件", 1))
		return said("renamed a heading of", name, "which the footer links to")
	}},
	{name: "template broken", do: func(w *world) string {
		w.write("themes/default/templates/home.html", "{{define \"main\"}}{{if .}}{{end}}{{end}}{{end}}")
		return "a template that cannot be read"
	}},
	{name: "template that fails", do: func(w *world) string {
		w.write("themes/default/templates/disclosure.html", "{{define \"main\"}}<p>{{.NoSuchThing}}</p>{{end}}")
		return "a template that cannot be executed"
	}},
	{name: "styles overridden", do: func(w *world) string {
		w.made++
		return w.overridden("assets/01-base.css", func(text string) string { return text + fmt.Sprintf("\np{margin:%dpx}\n", w.made) })
	}},
	{name: "script overridden", do: func(w *world) string {
		w.made++
		return w.overridden("assets/app.js", func(text string) string { return text + fmt.Sprintf("\nwindow.made=%d\n", w.made) })
	}},
	{name: "styles added", do: func(w *world) string {
		w.made++
		w.write(fmt.Sprintf("themes/default/assets/1%d-own.css", w.made%10), "p{color:#123}")
		return "added a sheet of styles"
	}},
	{name: "override removed", before: []string{"row overridden"}, do: func(w *world) string {
		name := w.pick(w.list(func(name string) bool { return strings.HasPrefix(name, "themes/") }))
		if name == "" {
			return ""
		}
		w.remove(name)
		return said("removed", name)
	}},
	{name: "overrides removed", before: []string{"template that fails", "styles added"}, do: func(w *world) string {
		names := w.list(func(name string) bool { return strings.HasPrefix(name, "themes/") })
		for _, name := range names {
			w.remove(name)
		}
		if len(names) == 0 {
			return ""
		}
		return said("removed", names)
	}},
}

// clockStep lets some time pass; a negative one goes back.
func clockStep(name string, d time.Duration) kind {
	return kind{name: name, do: func(w *world) string {
		w.now = w.now.Add(d)
		return said("clock is", w.now.Format("2006-01-02 15:04"))
	}}
}

var clockKinds = []kind{
	clockStep("a minute passes", time.Minute),
	clockStep("a publication comes due within the day", 45*time.Minute),
	clockStep("midnight passes", 16*time.Hour),
	clockStep("days pass, and with them an expiry and a publication", 3*24*time.Hour),
	clockStep("an allowance runs out", 8*24*time.Hour),
	clockStep("a quarter passes", 92*24*time.Hour),
	clockStep("back by an hour", -time.Hour),
	clockStep("back by days", -5*24*time.Hour),
	clockStep("back before most was published", -150*24*time.Hour),
}

// output returns a file of the output folder by its path.
func (w *world) output(name string) string { return filepath.Join(w.dest(), filepath.FromSlash(name)) }

// anyOutput returns a file of the output folder that a pattern fits, "" where there is none.
func (w *world) anyOutput(pattern string) string {
	names, err := filepath.Glob(w.output(pattern))
	must(err)
	slices.Sort(names)
	return w.pick(names)
}

// flip changes a byte of a file in its middle, and the file's times back where unseen is set.
func flip(name string, unseen bool) {
	info, err := os.Stat(name)
	must(err)
	data, err := os.ReadFile(name)
	must(err)
	if len(data) == 0 {
		return
	}
	data[len(data)/2] ^= 1
	must(os.WriteFile(name, data, 0o644))
	if unseen {
		must(os.Chtimes(name, info.ModTime(), info.ModTime()))
	}
}

// tampering returns a change of a file that a pattern of the output folder fits.
func tampering(what, pattern string, tamper func(w *world, name string)) kind {
	return kind{name: what, do: func(w *world) string {
		name := w.anyOutput(pattern)
		if name == "" {
			return ""
		}
		tamper(w, name)
		rel, err := filepath.Rel(w.root, name)
		must(err)
		return said(what+":", filepath.ToSlash(rel))
	}}
}

func flipped(_ *world, name string)       { flip(name, false) }
func flippedUnseen(_ *world, name string) { flip(name, true) }
func deleted(_ *world, name string)       { must(os.RemoveAll(name)) }

// outputKinds are what others do to the output folder and to the index beside it.
var outputKinds = []kind{
	tampering("page tampered with", "*/*/*/index.html", flipped),
	tampering("page tampered with unseen", "*/*/*/index.html", flippedUnseen),
	tampering("page made longer", "*/*/*/index.html", func(_ *world, name string) {
		data, err := os.ReadFile(name)
		must(err)
		must(os.WriteFile(name, append(data, "<!-- -->"...), 0o644))
	}),
	tampering("page made empty", "*/*/index.html", func(_ *world, name string) { must(os.Truncate(name, 0)) }),
	tampering("page deleted", "*/*/*/index.html", deleted),
	tampering("home page deleted", "index.html", deleted),
	tampering("folder deleted", "*/*", deleted),
	tampering("attachment in the output tampered with unseen", "*/*/*.csv", flippedUnseen),
	tampering("attachment in the output deleted", "*/*/*.csv", deleted),
	tampering("styles in the output tampered with", "assets/*.css", flipped),
	tampering("browser's index tampered with", "assets/search/*/*/*", flipped),
	tampering("browser's index tampered with unseen", "assets/search/*/index.bin", flippedUnseen),
	tampering("browser's index deleted in part", "assets/search/*/*", deleted),
	tampering("browser's index deleted", "assets/search", deleted),
	tampering("list of written files deleted", manifestName, deleted),
	tampering("page touched in the output", "*/*/*/index.html", func(_ *world, name string) {
		then := time.Now().Add(-time.Hour)
		must(os.Chtimes(name, then, then))
	}),
	{name: "output deleted", do: func(w *world) string {
		must(os.RemoveAll(w.dest()))
		return "deleted the output folder"
	}},
	{name: "output copied", do: func(w *world) string {
		if len(w.pages()) == 0 {
			return ""
		}
		other := w.dest() + "-copy"
		must(os.CopyFS(other, os.DirFS(w.dest())))
		must(os.RemoveAll(w.dest()))
		must(os.Rename(other, w.dest()))
		return "put a copy in the output folder's place"
	}},
	{name: "foreign file", do: func(w *world) string {
		w.made++
		name := w.pick([]string{"CNAME-%d", "xihe/foreign-%d.txt", "assets/foreign-%d.txt", "other/%d/index.html"})
		name = w.output(fmt.Sprintf(name, w.made))
		must(os.MkdirAll(filepath.Dir(name), 0o755))
		must(os.WriteFile(name, []byte("x"), 0o644))
		return said("added", filepath.ToSlash(name[len(w.root):]), "to the output folder")
	}},
	{name: "server's index deleted", do: func(w *world) string {
		must(os.RemoveAll(w.index()))
		return "deleted the server's index"
	}},
	{name: "server's index deleted in part", do: func(w *world) string { return w.indexPart("part-*", deleted) }},
	{name: "server's index listed wrongly", do: func(w *world) string {
		return w.indexPart("*.json", func(_ *world, name string) { must(os.WriteFile(name, []byte("{"), 0o644)) })
	}},
	{name: "answers' template lost", do: func(w *world) string { return w.indexPart("*."+SearchTemplate, deleted) }},
}

// indexPart changes a file or folder of the server's index.
func (w *world) indexPart(pattern string, tamper func(w *world, name string)) string {
	names, err := filepath.Glob(filepath.Join(w.index(), pattern))
	must(err)
	slices.Sort(names)
	name := w.pick(names)
	if name == "" {
		return ""
	}
	tamper(w, name)
	return said("changed", filepath.Base(name), "of the server's index")
}

// onCache changes every file of the cache.
func (w *world) onCache(what string, change func(data []byte) []byte) string {
	changed := false
	err := filepath.WalkDir(w.cache(), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil || len(data) < 2 {
			return err
		}
		changed = true
		return os.WriteFile(p, change(data), 0o644)
	})
	if !errors.Is(err, fs.ErrNotExist) {
		must(err)
	}
	if !changed {
		return ""
	}
	return what
}

// keptCache is where an older cache lies.
func (w *world) keptCache() string { return filepath.Join(w.root, "kept-cache") }

// cacheKinds are what can become of the cache, and builds that do not know of it.
var cacheKinds = []kind{
	{name: "cache deleted", do: func(w *world) string {
		must(os.RemoveAll(w.cache()))
		return "deleted the cache"
	}},
	{name: "cache truncated", do: func(w *world) string {
		part := w.r.IntN(4)
		return w.onCache("truncated the cache", func(data []byte) []byte { return data[:len(data)*part/4] })
	}},
	{name: "cache with flipped bits", do: func(w *world) string {
		at := w.r.IntN(1 << 20)
		return w.onCache("flipped a bit of the cache", func(data []byte) []byte {
			data[at%len(data)] ^= 1 << (at % 8)
			return data
		})
	}},
	{name: "cache with a tail", do: func(w *world) string {
		return w.onCache("added to the cache", func(data []byte) []byte { return append(data, "tail"...) })
	}},
	{name: "other program", do: func(w *world) string {
		w.made++
		w.program = fmt.Sprintf("program %d", w.made)
		return said("program is", w.program)
	}},
	{name: "older cache put back", before: []string{"title edited", "cache laid aside", "document deleted", "document renamed", "body edited"}, do: func(w *world) string {
		if _, err := os.Stat(w.keptCache()); err != nil {
			return ""
		}
		must(os.RemoveAll(w.cache()))
		must(os.CopyFS(w.cache(), os.DirFS(w.keptCache())))
		return "put the older cache back"
	}},
	{name: "cache laid aside", do: func(w *world) string {
		must(os.RemoveAll(w.keptCache()))
		if _, err := os.Stat(w.cache()); err != nil {
			return ""
		}
		must(os.CopyFS(w.keptCache(), os.DirFS(w.cache())))
		return "laid a copy of the cache aside"
	}},
	{name: "build without the cache", do: func(w *world) string {
		name := w.document()
		w.set(name, "标题", frontOf(w.files[name], "标题")+"（无缓存）")
		opt := w.options()
		opt.Cache, opt.Program = "", ""
		_, _, err := Run(opt)
		return said("built without the cache after another title for", name, errorText(err))
	}},
	{name: "build for another moment", do: func(w *world) string {
		opt := w.options()
		opt.Now = opt.Now.Add(-30 * 24 * time.Hour)
		_, _, err := Run(opt)
		return said("built for a moment 30 days before, and now for now again", errorText(err))
	}},
	{name: "two edits and one build", do: func(w *world) string {
		return kindNamed("document renamed").do(w) + "; " + kindNamed("heading renamed").do(w) + "; " + kindNamed("catalog column edited").do(w)
	}},
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return "(" + err.Error() + ")"
}
