package links

import "bytes"

// Refresh returns the address in the content of a refreshing meta element ("5; url=/new/") and its offset, or ok false where it
// has none: the page then loads itself again, or nothing at all.
func Refresh(content []byte) (address []byte, at int, ok bool) {
	skip := func() {
		for at < len(content) && isSpace(content[at]) {
			at++
		}
	}
	skip()
	begin := at
	for at < len(content) && (content[at] >= '0' && content[at] <= '9' || content[at] == '.') {
		at++
	}
	if at == begin {
		return nil, 0, false
	}
	separated := at < len(content) && (isSpace(content[at]) || content[at] == ';' || content[at] == ',')
	skip()
	if at < len(content) && (content[at] == ';' || content[at] == ',') {
		at++
	}
	skip()
	if !separated || at == len(content) {
		return nil, 0, false
	}
	if rest := content[at:]; len(rest) >= 3 && equal(rest[:3], "url") {
		named := at
		at += 3
		skip()
		if at < len(content) && content[at] == '=' {
			at++
			skip()
		} else {
			at = named
		}
	}
	address = content[at:]
	if len(address) > 0 && (address[0] == '"' || address[0] == '\'') {
		quote := address[0]
		at++
		address = address[1:]
		if end := bytes.IndexByte(address, quote); end >= 0 {
			address = address[:end]
		}
	}
	return bytes.TrimRight(address, " \t\r\n\f"), at, true
}
