package site

// Answers reports whether the unit has to answer for the field: towns and subdistricts for every one, a department of the county for those
// that it has a folder for, because each has its own line of duty.
func (uf *UnitField) Answers() bool {
	if uf.Unit.Level != County || uf.Source.Path != "" || len(uf.Disclosures) > 0 {
		return true
	}
	for i := range uf.Entries {
		if uf.Entries[i].Withdrawn > 0 {
			return true
		}
	}
	return false
}
