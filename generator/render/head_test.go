package render

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzAppendJSONWritesWhatIsRead(f *testing.F) {
	for _, s := range []string{"", "西河镇", `"\` + "\n\r\t\b\f\x00\x1f\x7f", "</script><!--&", "\u2028\u2029\ufffd", "a\xffb\xe4\xb8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := appendJSON(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && back != string([]rune(s)) {
			t.Errorf("%q became %s, which is read as %q (%v)", s, got, back, err)
		}
		if strings.ContainsAny(string(got), "<>&") {
			t.Errorf("%q became %s", s, got)
		}
	})
}
