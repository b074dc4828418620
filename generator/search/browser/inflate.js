// For browsers that cannot inflate by themselves: inflate undoes deflate (RFC 1951) without headers. What the dictionary has is as if it had come
// before.
self.gongkaiInflate = function inflate(source, dictionary) {
  const before = dictionary ? dictionary.length : 0;
  let out = new Uint8Array(before + source.length * 6 + 512);
  if (before) out.set(dictionary);
  let size = before, at = 0, hold = 0, held = 0;
  const bits = (n) => {
    while (held < n) {
      hold |= source[at++] << held;
      held += 8;
    }
    const value = hold & ((1 << n) - 1);
    hold >>>= n;
    held -= n;
    return value;
  };
  const room = (n) => {
    if (size + n > out.length) {
      const larger = new Uint8Array(Math.max(out.length * 2, size + n));
      larger.set(out);
      out = larger;
    }
  };
  const huffman = (lengths) => {
    const count = new Uint16Array(16), start = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    for (const l of lengths) count[l]++;
    count[0] = 0;
    for (let i = 1; i < 16; i++) start[i] = start[i - 1] + count[i - 1];
    for (let i = 0; i < lengths.length; i++) if (lengths[i]) symbols[start[lengths[i]]++] = i;
    return () => {
      let code = 0, first = 0, index = 0;
      for (let l = 1; l < 16; l++) {
        code |= bits(1);
        if (code - first < count[l]) return symbols[index + code - first];
        index += count[l];
        first = (first + count[l]) << 1;
        code <<= 1;
      }
      throw new Error("damaged");
    };
  };
  const ranges = (extra, base) => extra.map((e) => {
    const from = base;
    base += 1 << e;
    return [from, e];
  });
  const lengthCodes = ranges([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5], 3).concat([[258, 0]]);
  const distanceCodes = ranges([0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13], 1);
  for (let last = 0; !last;) {
    last = bits(1);
    const type = bits(2);
    if (type === 0) {
      hold = held = 0;
      const n = source[at] | source[at + 1] << 8;
      at += 4;
      room(n);
      out.set(source.subarray(at, at + n), size);
      at += n;
      size += n;
      continue;
    }
    let literal, distance;
    if (type === 1) {
      const lengths = [];
      for (let i = 0; i < 288; i++) lengths.push(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
      literal = huffman(lengths);
      distance = huffman(new Array(30).fill(5));
    } else {
      const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4, small = new Array(19).fill(0);
      for (let i = 0; i < codes; i++) small[[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15][i]] = bits(3);
      const read = huffman(small), lengths = [];
      while (lengths.length < literals + distances) {
        const s = read();
        if (s < 16) lengths.push(s);
        else for (let value = s === 16 ? lengths[lengths.length - 1] : 0, n = s === 16 ? 3 + bits(2) : s === 17 ? 3 + bits(3) : 11 + bits(7); n > 0; n--) lengths.push(value);
      }
      literal = huffman(lengths.slice(0, literals));
      distance = huffman(lengths.slice(literals));
    }
    for (;;) {
      if (at > source.length + 4) throw new Error("damaged");
      const s = literal();
      if (s === 256) break;
      if (s < 256) {
        room(1);
        out[size++] = s;
        continue;
      }
      const [base, extra] = lengthCodes[s - 257], n = base + bits(extra), [far, more] = distanceCodes[distance()], back = far + bits(more);
      room(n);
      for (let i = 0; i < n; i++, size++) out[size] = out[size - back];
    }
  }
  return out.subarray(before, size);
};
