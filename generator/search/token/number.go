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
	if len(runs) < 4 || runs[0].Class != Han || !isYear(runs[1]) {
		return "", 0
	}
	i := 2
	if runs[i].Text == "第" {
		i++
	}
	if i+1 >= len(runs) || !isDigits(runs[i].Text) || len(runs[i].Text) > 5 || !strings.HasPrefix(runs[i+1].Text, "号") {
		return "", 0
	}
	serial := strings.TrimLeft(runs[i].Text, "0")
	return "#" + runs[0].Text + runs[1].Text + "-" + serial, i + 2
}

func isYear(r Run) bool {
	return len(r.Text) == 4 && isDigits(r.Text) && (r.Text[:2] == "19" || r.Text[:2] == "20")
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// QueryNumber returns the number that a part of a query without spaces is, or nothing where it is none.
func QueryNumber(text string) string {
	runs := Runs(text)
	if n, used := documentNumber(runs); used == len(runs) {
		return n
	}
	total, digits := 0, false
	for _, r := range runs {
		if r.Class != Word {
			return ""
		}
		total += r.Len
		digits = digits || strings.ContainsAny(r.Text, "0123456789")
	}
	if total < 8 || !digits {
		return ""
	}
	return Number(text)
}
