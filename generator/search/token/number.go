package token

import "strings"

// Number returns the one writing of an official number, whatever brackets, widths, dashes or spaces it is written with: a document
// number such as 西河府〔2022〕15号 or an index number such as 440203-XH/2022-00031. It is empty where the text has nothing to write.
//
// The form of document numbers is that of 党政机关公文格式 (GB/T 9704—2012): 机关代字, year in 〔〕, 序号 without leading zeros, 号.
func Number(text string) string {
	runs := Runs(text)
	if n, used := documentNumber(runs); used == len(runs) {
		return n
	}
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	if b.Len() == 0 {
		return ""
	}
	return "#" + b.String()
}

// documentNumber reads 机关代字, year and 序号 at the beginning of the runs and returns how many runs they take.
func documentNumber(runs []Run) (number string, used int) {
	number, used = officeAndSerial(runs)
	if used == 0 || used == len(runs) || !strings.HasPrefix(runs[used].Text, "号") {
		return "", 0
	}
	return number, used + 1
}

// officeAndSerial reads a document number but for its 号.
func officeAndSerial(runs []Run) (number string, used int) {
	if len(runs) < 3 || runs[0].Class != Han || !runs[1].IsYear() {
		return "", 0
	}
	i := 2
	if runs[i].Text == "第" {
		i++
	}
	if i == len(runs) || !isDigits(runs[i].Text) || len(runs[i].Text) > 5 {
		return "", 0
	}
	serial := strings.TrimLeft(runs[i].Text, "0")
	return "#" + runs[0].Text + runs[1].Text + "-" + serial, i + 1
}

// IsYear reports whether a run is a year: four digits, the first of them 19 or 20.
func (r Run) IsYear() bool {
	return len(r.Text) == 4 && isDigits(r.Text) && (r.Text[:2] == "19" || r.Text[:2] == "20")
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// labels are what a number is pasted with.
var labels = []string{"发文字号", "文号", "索引号"}

// QueryNumber returns the number that a part of a query without spaces is, or nothing where it is none. The label of the number may stand before
// it, and 号 be absent behind 〔year〕.
func QueryNumber(text string) string {
	runs := Runs(text)
	for _, label := range labels {
		if len(runs) > 1 && strings.HasPrefix(runs[0].Text, label) {
			if runs[0].Text = runs[0].Text[len(label):]; runs[0].Text == "" {
				runs = runs[1:]
			}
			break
		}
	}
	if n, used := documentNumber(runs); used == len(runs) {
		return n
	}
	if n, used := officeAndSerial(runs); used == len(runs) && used == 3 && !runs[1].Meets && !runs[2].Meets && strings.ContainsAny(text, brackets) {
		return n
	}
	var b strings.Builder
	b.WriteByte('#')
	total, digits := 0, false
	for _, r := range runs {
		if r.Class != Word {
			return ""
		}
		total += r.Len
		digits = digits || strings.ContainsAny(r.Text, "0123456789")
		b.WriteString(r.Text)
	}
	if total < 8 || !digits {
		return ""
	}
	return b.String()
}

// brackets close the year of a document number.
const brackets = "〕]］)）】」﹞"

// Written returns the usual writing of a document number, or nothing for an index number, whose separators are not known.
func Written(number string) string {
	head, serial, ofDocument := strings.Cut(number[1:], "-")
	if !ofDocument {
		return ""
	}
	return head[:len(head)-4] + "〔" + head[len(head)-4:] + "〕" + serial + "号"
}

// Quoted returns how texts have an official number, without separators.
func Quoted(number string) []string {
	head, serial, ofDocument := strings.Cut(number[1:], "-")
	if !ofDocument {
		return []string{head}
	}
	return []string{head + serial + "号", head + "第" + serial + "号"}
}
