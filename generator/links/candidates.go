package links

import "bytes"

// Candidates reads the addresses of a srcset attribute, with their offsets in it, as the HTML standard splits them: an address ends
// at white space, so that it may have commas, and a descriptor at a comma outside of parentheses.
func Candidates(srcset []byte, yield func(address []byte, at int)) {
	for at := 0; ; {
		for at < len(srcset) && (isSpace(srcset[at]) || srcset[at] == ',') {
			at++
		}
		if at == len(srcset) {
			return
		}
		begin := at
		for at < len(srcset) && !isSpace(srcset[at]) {
			at++
		}
		address := srcset[begin:at]
		if bare := bytes.TrimRight(address, ","); len(bare) < len(address) {
			yield(bare, begin)
			continue
		}
		yield(address, begin)
		for depth := 0; at < len(srcset) && (depth > 0 || srcset[at] != ','); at++ {
			switch srcset[at] {
			case '(':
				depth++
			case ')':
				depth = max(0, depth-1)
			}
		}
	}
}
