package disk

import (
	"testing"
	"time"
)

func TestStampIsSettledWhenNoLaterWriteCanLookTheSame(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := Stamp{Modified: at.UnixNano()}
	if s.Settled(at.Add(2 * time.Second)) {
		t.Error("a file system of two seconds could hide a write")
	}
	if !s.Settled(at.Add(3 * time.Second)) {
		t.Error("three seconds are enough")
	}
	fine := Stamp{Modified: at.UnixNano() + 7}
	if fine.Settled(at.Add(50*time.Millisecond)) || !fine.Settled(at.Add(200*time.Millisecond)) {
		t.Error("a clock with fractions of seconds needs a moment only")
	}
	s.Changed = at.Add(time.Minute).UnixNano()
	if s.Settled(at.Add(3 * time.Second)) {
		t.Error("the file was changed after that, though its time says otherwise")
	}
}
