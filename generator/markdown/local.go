package markdown

import (
	"path"
	"strings"
)

// onOwnComputer returns the name of the file to which an address on the editor's own computer leads (C:\a\b.doc, file:///C:/a/b.doc), otherwise "".
func onOwnComputer(destination string) string {
	rest := strings.ReplaceAll(destination, `\`, "/")
	scheme, below, _ := strings.Cut(rest, ":")
	switch {
	case strings.EqualFold(scheme, "file"):
	case len(scheme) == 1 && strings.HasPrefix(below, "/") && (scheme[0]|0x20 >= 'a' && scheme[0]|0x20 <= 'z'):
	default:
		return ""
	}
	if name := path.Base(below); name != "/" && name != "." {
		return name
	}
	return "…"
}
