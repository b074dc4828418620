package build

import (
	"bytes"
	"testing"

	"gongkai/generator/render"
	"gongkai/generator/source"
	"gongkai/themes"
)

// A key that is made beside rendering must be the one that a later build makes without rendering: otherwise every page would be stale, or none ever.
func TestKeysBesideRenderingAreThoseWithout(t *testing.T) {
	b, err := load(Options{Source: "../..", Now: clock, Jobs: 2, Themes: themes.FS}, source.Options{}, false)
	if err != nil {
		t.Fatal(err)
	}
	var plain, keyed, alone render.Buffer
	outputs := b.renderer.Outputs()
	for _, late := range []bool{false, true} {
		for i := range outputs {
			o := &outputs[i]
			if o.Late != late {
				continue
			}
			plain.Reset()
			keyed.Reset()
			if _, err := b.renderer.Render(o, &plain); err != nil {
				t.Fatal(err)
			}
			page, key, err := b.renderer.RenderKeyed(o, &keyed)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(plain.Bytes(), keyed.Bytes()) {
				t.Errorf("%s: other bytes with a key", o.Path)
			}
			if want, err := b.renderer.Key(o, page.Asked, &alone); err != nil || key != want {
				t.Errorf("%s: key %x, alone %x (%v)", o.Path, key, want, err)
			}
		}
	}
}
