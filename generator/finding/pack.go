package finding

import "gongkai/generator/pack"

// Pack writes the finding for Unpack.
func (f *Finding) Pack(w *pack.Writer) {
	w.Text(f.Rule.ID)
	w.Text(f.Position.Path)
	w.Int(f.Position.Line)
	w.Int(f.Position.Column)
	w.Text(f.Key)
	for _, t := range []string{f.Message.ZH, f.Message.EN, f.Mend.ZH, f.Mend.EN} {
		w.Text(t)
	}
}

// Unpack reads what Pack wrote. A rule that there is not is a fault of the reader's.
func Unpack(r *pack.Reader) Finding {
	f := Finding{Rule: Find(r.Text()), Position: Position{Path: r.Text(), Line: r.Int(), Column: r.Int()}, Key: r.Text()}
	f.Message = Text{r.Text(), r.Text()}
	f.Mend = Text{r.Text(), r.Text()}
	if f.Rule == nil {
		r.Fail()
	}
	return f
}
