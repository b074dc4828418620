// The browser's twin of the Go packages search and token: what is worked out here must come to the same answers as there, and the tests
// compare the two. Names follow the Go code, where the reasons stand.

// ---- bytes ----

// inflate undoes deflate (RFC 1951) without headers. What the dictionary has is as if it had come before: it is put there in a stored block.
// Browsers that cannot do it themselves load inflate.js.
let inflate = async (bytes, dictionary) => {
  const n = dictionary ? dictionary.length : 0, parts = n ? [new Uint8Array([0, n & 255, n >> 8, ~n & 255, ~n >> 8 & 255]), dictionary, bytes] : [bytes];
  return new Uint8Array(await new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer()).subarray(n);
};

// script loads what few queries need.
const script = (src, integrity) => new Promise((done, failed) => {
  const element = document.createElement("script");
  element.onload = done;
  element.onerror = () => failed(fail("network"));
  element.crossOrigin = "anonymous";
  element.integrity = integrity;
  element.src = src;
  document.head.append(element);
});

const needInflate = (folder) => {
  try {
    return void new DecompressionStream("deflate-raw");
  } catch (e) {
    return loadRare(folder).then(() => rare.inflater(folder)).then((other) => { inflate = tools.inflate = other; });
  }
};

const fail = (code) => Object.assign(new Error(code), { code });
const decode = (bytes, as) => new TextDecoder(as).decode(bytes);

// ---- tokens (package token) ----

const traditional = new Map();

const shift = (c) => c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c === 0x3000 ? 32 : c;
function fold(c) {
  c = traditional.get(c) || shift(c);
  const l = c < 0x590 ? String.fromCharCode(c).toLowerCase() : "";
  return l.length === 1 && l.charCodeAt(0) < 0x590 ? l.charCodeAt(0) : c;
}

const SEPARATOR = 0, HAN = 1, WORD = 2, UNSEEN = 3;

// pairs of first and last
const UNSEEN_ONES = [0xAD, 0xAD, 0x34F, 0x34F, 0x61C, 0x61C, 0x180B, 0x180F, 0x200B, 0x200F, 0x202A, 0x202E, 0x2060, 0x206F, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xE0100, 0xE01EF];
const HAN_ONES = [0x3005, 0x3005, 0x3007, 0x3007, 0x3041, 0x3096, 0x30A1, 0x30FA, 0x30FC, 0x30FC, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0x20000, 0x3FFFF];
const among = (c, list) => list.some((from, i) => i % 2 < 1 && c >= from && c <= list[i + 1]);

function classOf(c) {
  if (c < 0x80) return c >= 97 && c <= 122 || c >= 48 && c <= 57 ? WORD : SEPARATOR;
  if (c >= 0x4E00 && c <= 0x9FFF) return HAN;
  if (among(c, UNSEEN_ONES)) return UNSEEN;
  return c < 0x2000 ? c >= 0xC0 && c !== 0xD7 && c !== 0xF7 ? WORD : SEPARATOR : among(c, HAN_ONES) ? HAN : SEPARATOR;
}

const MAX_WORD = 48, MAX_SEAM = 4;
const text = (codes) => codes.map((c) => String.fromCodePoint(c)).join("");
const chars = (s) => Array.from(s);
const folded = (s) => chars(s).map((c) => fold(c.codePointAt(0))).filter((c) => classOf(c) !== UNSEEN);

// runs returns [{text, class, length, meets}].
function runs(s) {
  const out = [];
  let run = { class: SEPARATOR };
  for (const c of folded(s)) {
    const k = classOf(c);
    if (k !== run.class || k === WORD && run.length === MAX_WORD) {
      run = { text: "", class: k, length: 0, meets: run.class > 0 };
      if (k) out.push(run);
    }
    run.text += String.fromCodePoint(c);
    run.length++;
  }
  return out;
}

const meetings = (list, make) => list.slice(1).flatMap((b, i) => {
  const a = list[i], term = b.meets && a.class !== b.class && make(a, b, chars(a.text).pop(), chars(b.text)[0]);
  return term ? [term] : [];
});
const seams = (list) => meetings(list, (a, b, last, first) => a.class === WORD ? a.length <= MAX_SEAM && a.text + first : b.length <= MAX_SEAM && last + b.text);
const cuts = (list) => meetings(list, (a, b, last, first) => "^" + last + first);

const isPhrase = (r) => r.class === HAN && r.length > 1;

function runTerms(r) {
  if (r.class === WORD) return [r.text];
  const list = chars(r.text);
  return list.map((c, i) => c + (list[i + 1] || ""));
}

const joined = (s) => text(folded(s).filter((c) => classOf(c)));

// rare.js has the rest: what only queries with letters, digits, quotes or a minus need, and suggestions. Others do without it, in this way.
const same = (o, m, docs) => docs;
let rare = {
  queryNumber: () => "", counted: (list) => [list], uncounted: (p, list, i) => list[i].text, demand: same, bar: same,
  chunks: (s) => s.split(/[ \u3000\t\n\r\u00a0]+/).filter(joined).map((part) => ({ text: part })),
};
const loadRare = async (folder) => {
  if (!self.gongkaiRare) await script(folder + "rare.js", "INTEGRITY OF rare.js");
  rare = self.gongkaiRare(tools);
};
const needRare = (folder, s) => folded(s).some((c) => classOf(c) === WORD || "-\"“”「」『』".includes(String.fromCodePoint(c))) ? loadRare(folder) : null;

// isPlain reports whether a text has only characters that are never traditional: those of GB 2312 but a few.
let simple = null;
function isPlain(s) {
  if (!simple) {
    const bytes = [];
    for (let a = 0xB0; a <= 0xF7; a++) for (let b = 0xA1; b <= 0xFE; b++) bytes.push(a, b);
    simple = new Set(new TextDecoder("gbk").decode(new Uint8Array(bytes)));
    for (const c of "乾夥後徵摺於菸麽") simple.delete(c);
  }
  return chars(s).every((c) => simple.has(c) || c.codePointAt(0) < 0x2E80 || c >= "\u3000" && c < "\u3040" || c.codePointAt(0) > 0xFF00);
}

// ---- plans (plan.go) ----

const TYPED = 64, PINYIN = 48, NUMBER = 640, TITLE_LEVEL = 12, MAX_ALTERNATIVES = 6, MAX_CLAUSES = 12, LONG_RUN = 10;

const phraseTerms = (r) => runTerms(r).slice(0, isPhrase(r) ? -1 : 1);
const seamed = (list) => list.map((r, i) => single(r) && seams(list.slice(i && i - 1, i + 2)).length);
const termsOf = (s) => {
  const list = runs(s), implied = seamed(list);
  return list.flatMap((r, i) => implied[i] ? [] : phraseTerms(r)).concat(seams(list));
};
// jointTerms returns the terms of what a word leads to, in its own postings.
const jointTerms = (s) => {
  const list = termsOf(s);
  return list.length > 1 ? list.map((t) => s + "/" + t) : list;
};
// What has its own postings there need not be looked for again.
const official = (typed, list, also) => alternative(list.filter((t) => !list.includes(also + "/" + t)), Math.max(1, Math.floor(TYPED * typed / list.length)), also);
const alternative = (list, weight, also) => ({ terms: list, weight, also: also || "" });

function clean(s) {
  s = s.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim();
  if (chars(s).length > 120) throw fail("query");
  return s;
}

function segments(v, s) {
  const list = chars(s), out = [], best = [], word = (i, n) => list.slice(i, i + n).join("");
  best[list.length] = { covered: 0, words: 0, first: 0 };
  for (let i = list.length - 1; i >= 0; i--) {
    best[i] = { ...best[i + 1], first: 0 };
    for (let n = Math.min(v.longest, list.length - i); n > 0; n--) {
      if (!v.words.has(word(i, n))) continue;
      const covered = best[i + n].covered + n, count = best[i + n].words + 1;
      if (covered > best[i].covered || covered === best[i].covered && count < best[i].words) best[i] = { covered, words: count, first: n };
    }
  }
  for (let i = 0, rest = 0; i <= list.length;) {
    const n = best[i].first;
    if ((n || i === list.length) && rest < i) out.push({ text: word(rest, i - rest), also: [] });
    if (n) {
      out.push({ ...v.words.get(word(i, n)), text: word(i, n), known: true });
      rest = i += n;
    } else i++;
  }
  return out;
}

function halved(list) {
  const out = [];
  for (const part of list) {
    let rest = chars(part.text);
    for (; !part.known && rest.length > 3; rest = rest.slice(2)) out.push({ text: rest.slice(0, 2).join(""), also: [] });
    out.push({ ...part, text: rest.join("") });
  }
  return out;
}

// variants: the texts, each with the official word in it and the terms of its words.
function variants(v, r) {
  const out = [], s = r.text, list = r.class === HAN ? segments(v, s) : [{ also: [], ...v.words.get(s), text: s }];
  let at = 0;
  list.forEach((part, i) => {
    for (const to of part.also) if (out.length < MAX_ALTERNATIVES) {
      out.push({ text: s.slice(0, at) + to + s.slice(at + part.text.length), also: to, terms: jointTerms(to).concat(termsOfWords(list.filter((_, k) => k !== i))) });
    }
    at += part.text.length;
  });
  return out;
}

const termsOfWords = (list) => halved(list).flatMap((x) => x.ignore || x.text.length < 2 ? [] : termsOf(x.text));

function plain(v, list, widen) {
  const wordTerms = (r) => {
    const parts = r.class === HAN ? segments(v, r.text) : [];
    return r.length >= LONG_RUN || parts.some((x) => x.ignore && x.text.length > 1) ? termsOfWords(parts) : [];
  };
  const needs = (r) => {
    const out = widen ? wordTerms(r) : [];
    return out.length ? out : phraseTerms(r);
  };
  const implied = seamed(list);
  const all = (replaced, by) => {
    const out = list.flatMap((r, i) => i === replaced ? by : !(replaced < 0 && implied[i]) && (r.class === WORD || r.length > 1 || list.length === 1) ? needs(r) : []).concat(replaced < 0 ? seams(list) : []);
    return out.length ? out : list.flatMap(phraseTerms);
  };
  const c = [alternative(all(-1), TYPED)];
  if (list.length > 1) {
    const inner = list.filter((r, i) => isPhrase(r) || r.class === WORD && i > 0 && i < list.length - 1 && !implied[i]);
    c.push(alternative(cuts(list).concat(inner.flatMap(needs)), TYPED));
  }
  list.forEach((r, i) => {
    if (!widen || r.class !== HAN && list.length > 1) return;
    for (const x of variants(v, r)) if (c.length < MAX_ALTERNATIVES + 2) c.push(official(c[0].terms.length, all(i, x.terms), x.also));
    if (/^[a-z]+$/.test(r.text)) c.push(...rare.pinyinAlternatives(r.text));
  });
  return c;
}

const single = (r) => r.class === WORD || r.length === 1;
const evident = (list) => list.length === 1 ? single(list[0]) || list[0].length === 2 : list.length === 2 && list.every(single) && seams(list).length === 1;

function strict(v, s) {
  const p = { clauses: [], barred: [], phrases: [], loose: true }, whole = rare.queryNumber(s);
  if (whole) {
    rare.addNumber(p, whole, s);
    p.number = true;
    return p;
  }
  for (const c of rare.chunks(s)) {
    if (p.clauses.length >= MAX_CLAUSES) break;
    const list = runs(c.text), number = rare.queryNumber(c.text);
    if (c.barred) p.barred.push(rare.barOf(v, c.text, list));
    else if (number && !c.quoted) rare.addNumber(p, number, c.text);
    else {
      p.loose = p.loose && !c.quoted;
      for (const part of c.quoted ? [list] : rare.counted(list)) p.clauses.push(plain(v, part, !c.quoted));
      let texts = [joined(c.text)];
      if (list.length === 1 && !c.quoted) texts = texts.concat(variants(v, list[0]).map((x) => x.text));
      if (list.length === 1 && list[0].class === WORD) continue;
      if (!evident(list) || texts.length > 1) p.phrases.push({ texts, strict: c.quoted, bears: "" });
    }
  }
  const name = joined(s);
  if (p.clauses.length === 1 && !p.barred.length && v.words.has(name) && v.words.get(name).name) {
    p.clauses[0].push(alternative(["=" + name], NUMBER));
    for (const ph of p.phrases) ph.bears = "=" + name;
  }
  return p;
}

function divided(v, s) {
  const p = { clauses: [], barred: [] };
  for (const c of rare.chunks(s)) {
    const list = runs(c.text);
    if (c.barred) p.barred.push(rare.barOf(v, c.text, list));
    else list.forEach((r, i) => {
      if (r.class === WORD) {
        p.clauses.push(plain(v, [r], true));
        return;
      }
      for (const part of halved(segments(v, rare.uncounted(p, list, i)))) {
        if (part.ignore || chars(part.text).length === 1 && r.length > 1) continue;
        const typed = alternative(termsOf(part.text), TYPED), clause = [typed];
        if (part.name) clause.push(alternative(["=" + part.text], TYPED));
        p.clauses.push(clause.concat(part.also.map((to) => official(typed.terms.length, jointTerms(to), to))));
      }
    });
  }
  p.clauses.splice(MAX_CLAUSES);
  return p;
}

// ---- matching (match.go) ----

// merged adds the words of the second list to the first, each once.
function merged(a, b) {
  for (const w of b) if (!a.includes(w)) a.push(w);
  return a;
}

// newMatcher makes what answers plans from the postings of their terms. Matches are maps from a document to its score.
function newMatcher(lists, n) {
  const of = (term) => lists.get(term);
  const rarity = (term) => {
    const { df } = of(term);
    return Math.round(16 * Math.log2(1 + (n - df + 0.5) / (df + 0.5)));
  };
  const all = (a) => {
    let out = null;
    for (const term of Array.from(new Set(a.terms)).sort((s, t) => of(s).docs.length - of(t).docs.length)) {
      const l = of(term), worth = rarity(term) * a.weight, next = new Map();
      l.docs.forEach((d, i) => {
        if (!out || out.has(d)) next.set(d, l.levels[i] * worth + (out ? out.get(d) : 0));
      });
      out = next;
    }
    return out || new Map();
  };
  const match = (c) => {
    const also = [];
    let docs = new Map();
    for (const a of c) {
      const m = all(a);
      if (m.size && a.also) merged(also, [a.also]);
      docs = either(docs, m);
    }
    return { docs, also };
  };
  const every = (p) => {
    let docs = null;
    const also = [];
    for (const c of p.clauses) {
      const m = match(c), next = new Map();
      merged(also, m.also);
      m.docs.forEach((score, d) => { if (!docs || docs.has(d)) next.set(d, score + (docs ? docs.get(d) : 0)); });
      docs = next;
      if (!docs.size) return { docs, also: [] };
    }
    return { docs: docs || new Map(), also };
  };
  const titled = (doc, p) => {
    const inTitle = (t) => of(t).levels[of(t).docs.indexOf(doc)] >= TITLE_LEVEL;
    return p.clauses.every((c) => c.some((a) => a.terms.length && a.terms.every(inTitle)));
  };
  const some = (p) => {
    const units = [], also = [];
    for (const whole of p.clauses) {
      const c = whole.filter((a) => a.terms[0][0] !== "="), m = match(c);
      if (m.docs.size) {
        units.push({ docs: m.docs, weight: Math.max(0, ...c.flatMap((a) => a.terms).filter((t) => of(t).df).map(rarity)) });
        merged(also, m.also);
      } else for (const t of c[0].terms) units.push({ docs: all(alternative([t], TYPED)), weight: rarity(t) });
    }
    const sum = new Map(), met = new Map(), docs = new Map();
    let total = 0, most = 0;
    for (const u of units) if (u.docs.size && u.weight) {
      total += u.weight;
      u.docs.forEach((score, d) => {
        add(sum, d, score);
        add(met, d, u.weight);
        most = Math.max(most, met.get(d));
      });
    }
    sum.forEach((score, d) => { if (met.get(d) * 2 >= most) docs.set(d, Math.floor(score * met.get(d) / total)); });
    return { docs, also };
  };
  return { of, all, match, every, titled, some };
}

const add = (map, key, n) => map.set(key, (map.get(key) || 0) + n);
const without = (a, b) => new Map(Array.from(a).filter(([d]) => !b.has(d)));
const either = (a, b) => {
  const out = new Map(a);
  b.forEach((score, d) => out.set(d, Math.max(score, out.get(d) || 0)));
  return out;
};

// ---- snippets (snippet.go) ----

const escapeHTML = (s) => s.replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");

function marked(list, set) {
  const out = list.map(() => false), codes = [], places = [];
  list.forEach((x, i) => {
    const c = fold(x.codePointAt(0));
    if (classOf(c) !== UNSEEN) {
      codes.push(c);
      places.push(i);
    }
  });
  const mark = (from, to) => { if (to <= codes.length && set.has(text(codes.slice(from, to)))) out.fill(true, places[from], places[to - 1] + 1); };
  for (let i = 0; set.size && i < codes.length; i++) {
    const k = classOf(codes[i]);
    if (k === HAN) {
      mark(i, i + 1);
      if (classOf(codes[i + 1]) === HAN) mark(i, i + 2);
    } else if (k === WORD) {
      let end = i + 1;
      while (end < codes.length && end - i < MAX_WORD && classOf(codes[end]) === WORD) end++;
      mark(i, end);
      mark(i, end + 1);
      if (i) mark(i - 1, end);
      i = end - 1;
    }
  }
  return out;
}

function markup(list, marks) {
  let out = "";
  for (let i = 0; i < list.length;) {
    let end = i + 1;
    while (end < list.length && marks[end] === marks[i]) end++;
    const s = escapeHTML(list.slice(i, end).join(""));
    out += marks[i] ? "<mark>" + s + "</mark>" : s;
    i = end;
  }
  return out;
}

const highlight = (s, set) => markup(chars(s), marked(chars(s), set));

function snippet(s, set) {
  const list = chars(s), marks = marked(list, set), size = 90;
  let best = 0, most = 0, n = 0;
  for (let i = 0; i < list.length; i++) {
    if (marks[i]) n++;
    if (i >= size && marks[i - size]) n--;
    if (n > most) {
      best = Math.max(0, i - size + 1);
      most = n;
    }
  }
  while (most && best < list.length && !marks[best]) best++;
  const from = Math.max(0, best - 12), to = Math.min(list.length, from + size);
  return (from ? "…" : "") + markup(list.slice(from, to), marks.slice(from, to)) + (to < list.length ? "…" : "");
}

// ---- the index (package browser) ----

const USUAL_ORDER = [4, 12, 6, 7, 8, 5, 14, 9, 13, 15, 10, 11, 3, 2, 1];

// readShard returns the terms of a file with their postings.
function readShard(bytes, n) {
  let at = 0;
  const number = () => {
    let value = 0, shift = 0, b;
    do {
      b = bytes[at++];
      value |= (b & 127) << shift;
      shift += 7;
    } while (b > 127);
    return value;
  };
  const list = [];
  for (let i = number(); i > 0; i--) {
    const size = number(), term = decode(bytes.subarray(at, at + size));
    at += size;
    list.push({ term, df: number() });
  }
  let left = 0;
  const bit = () => {
    if (!left) {
      left = 8;
      at++;
    }
    return bytes[at - 1] >> --left & 1;
  };
  const bits = (k) => {
    let value = 0;
    while (k-- > 0) value = value << 1 | bit();
    return value;
  };
  const below = (limit) => {
    const width = 32 - Math.clz32(limit - 1), short = 2 ** width - limit;
    if (width === 0) return 0;
    const value = bits(width - 1);
    return value < short ? value : (value << 1 | bit()) - short;
  };
  const out = new Map();
  for (const { term, df } of list) {
    const docs = Array(df).fill(0);
    left = 0;
    const fill = (from, to, lo, hi) => {
      const count = to - from;
      if (count === hi - lo) {
        for (let i = 0; i < count; i++) docs[from + i] = lo + i;
      } else if (count) {
        const m = count >> 1, first = lo + m, d = first + below(hi - (count - 1 - m) - first);
        docs[from + m] = d;
        fill(from, from + m, lo, d);
        fill(from + m + 1, to, d + 1, hi);
      }
    };
    fill(0, df, 0, n);
    const ranked = () => {
      let order = USUAL_ORDER;
      if (df > 24) {
        order = [];
        for (let i = bits(4) + 1; i > 0; i--) order.push(bits(4));
      }
      return docs.map(() => {
        let rank = 0;
        while (rank < order.length - 1 && bit()) rank++;
        return order[rank];
      });
    };
    if (term[0] === "/") for (const t of new Set(jointTerms(term.slice(1)))) out.set(t, { df: bits(24), docs, levels: ranked() });
    else out.set(term, { df, docs, levels: ranked() });
  }
  return out;
}

function hash(term) {
  let h = 2166136261;
  for (let i = 0; i < term.length; i++) h = Math.imul(h ^ term.charCodeAt(i), 16777619);
  return h >>> 0;
}

const tools = { inflate, script, decode, text, chars, folded, runs, joined, termsOf, alternative, phraseTerms, HAN, WORD, TYPED, PINYIN, NUMBER, without, seams, evident, plain };

// openSearch opens the index in a folder.
function openSearch(folder) {
  const files = new Map(), parsed = new Map();

  // load returns a file, each one fetched once. A failure is tried again once, and forgotten, so that the next query asks anew.
  const load = (name) => {
    if (!files.has(name)) {
      const once = () => fetch(folder + name).then((answer) => {
        if (answer.ok) return answer.arrayBuffer();
        throw fail(answer.status === 404 || answer.status === 410 ? "missing" : "network");
      }, () => { throw fail("network"); });
      const wait = () => new Promise((done) => setTimeout(done, 400));
      const file = once().catch(() => wait().then(once)).then((buffer) => new Uint8Array(buffer));
      file.catch(() => files.delete(name));
      files.set(name, file);
    }
    return files.get(name);
  };

  const once = (name, make) => {
    if (!parsed.has(name)) {
      const made = load(name).then(make);
      made.catch(() => parsed.delete(name));
      parsed.set(name, made);
    }
    return parsed.get(name);
  };

  const head = () => once("index.bin", async (bytes) => {
    const h = JSON.parse(decode(await inflate(bytes)));
    const [fields, units, counts] = h.runs;
    h.docs = [];
    counts.forEach((count, i) => {
      while (count--) {
        const at = h.docs.length, y = h.years.charCodeAt(at) - 64;
        h.docs.push({ field: fields[i], unit: units[i], year: y && h.newYear + 1 - y, kind: h.kindsOf.charCodeAt(at) - 64 });
      }
    });
    h.void.forEach((i) => { h.docs[i].isVoid = true; });
    let slot = 0;
    h.alone = new Set(h.heavy.split("").map((c) => (slot += c.charCodeAt(0) - 94)));
    h.vocabulary = { words, longest: h.longest };
    return h;
  });

  const needTraditional = (s) => isPlain(s) || traditional.size ? null : once("traditional.bin", async (bytes) => {
    for (const line of decode(await inflate(bytes)).split(" ")) {
      const [to, ...from] = chars(line);
      for (const c of from) traditional.set(c.codePointAt(0), to.codePointAt(0));
    }
  });

  // the words that begin with one of the query's characters, or are spelled as one of its words
  const words = new Map(), WORD_SHARDS = 512;
  const needWords = (s) => {
    const first = runs(s).flatMap((r, i) => r.class === HAN ? chars(r.text) : !i || /^[a-z]/.test(r.text) ? chars(r.text).slice(0, 1) : []);
    return Promise.all([...new Set(first.map((c) => c.codePointAt(0) % WORD_SHARDS))].map((n) => once("w/" + n + ".bin", async (bytes) => {
      for (const line of decode(await inflate(bytes)).split("\n")) {
        const [word, ...also] = line.split(" "), ignore = word[0] === "!", name = word[0] === "=";
        words.set(ignore || name ? word.slice(1) : word, { also, ignore, name });
      }
      words.delete("");
    })));
  };

  const postings = (h, term) => {
    const slot = hash(term.replace(/(.+)\/.*/, "/$1")) % h.slots, name = h.alone.has(slot) ? "h/" + slot : "t/" + slot % h.shards;
    return once(name + ".bin", (bytes) => readShard(bytes, h.n)).then((shard) => shard.get(term) || { docs: [], levels: [], df: 0 });
  };

  const matcher = (h, ...plans) => {
    const all = new Set(plans.flatMap((p) => p.clauses.concat((p.barred || []).map((b) => b.clause))).flatMap((c) => c.flatMap((a) => a.terms)));
    return Promise.all(Array.from(all, (t) => postings(h, t).then((l) => [t, l]))).then((lists) => newMatcher(new Map(lists), h.n));
  };

  const records = (name) => Promise.all([once("dictionary.bin", (bytes) => inflate(bytes)), load(name)])
    .then(([dictionary]) => once(name, async (bytes) => JSON.parse(decode(await inflate(bytes, dictionary), "gb18030"))));

  const documentAt = (h, place) => records("d/" + place + ".bin").then(([r]) => {
    const e = h.docs[place], unit = h.units[e.unit - 1] || ["", ""], field = h.fields[e.field - 1] || ["", ""];
    return {
      url: r[0].startsWith("/") ? r[0] : `/${unit[0]}/${field[0]}/${r[0]}/`, title: r[1], item: r[2], date: r[3], unit, field, kind: h.kinds[e.kind - 1] || "",
      proof: [...r.slice(1, 3), ...r.slice(4, 6), r[6] || unit[2] || unit[1], ...r.slice(7, 9)], text: r[8], whole: r[9],
    };
  });

  // proofs: see proof.go.
  const best = (h, docs, n) => Array.from(docs, ([doc, score]) => ({ doc, score })).sort(order(h, false)).slice(0, n);

  // read begins to load the best.
  const read = (h, docs) => best(h, docs, 10).forEach(({ doc }) => { documentAt(h, doc).catch(() => {}); });

  const has = async (h, m, doc, ph) => {
    if (ph.bears && m.of(ph.bears).docs.includes(doc)) return true;
    const d = await documentAt(h, doc), held = (s) => ph.texts.some((t) => s.includes(t)), proof = d.proof.map(joined).join("\n");
    return held(proof) || ph.strict && !d.whole && held(proof + joined(await rare.rest(once, doc)));
  };
  const hasAll = async (h, m, doc, phrases) => {
    for (const ph of phrases) if (!await has(h, m, doc, ph)) return false;
    return true;
  };

  const having = async (h, m, docs, p) => {
    const list = p.phrases.filter((ph) => !ph.strict), held = [], lacking = [];
    if (!list.length) return [Array.from(docs.keys()), lacking];
    read(h, docs);
    for (const { doc } of best(h, docs, 10)) (m.titled(doc, p) || await hasAll(h, m, doc, list) ? held : lacking).push(doc);
    return [held, lacking];
  };

  // find: see find in answer.go. marks are the terms to mark where they stand.
  const marksOf = (...plans) => new Set(plans.flatMap((p) => p.clauses.flatMap((c) => c.flatMap((a) => a.terms))).map((t) => t.replace(/.+\//, "")).filter((t) => !"~#=^".includes(t[0])));

  const find = async (h, s) => {
    const exact = strict(h.vocabulary, s), parted = divided(h.vocabulary, s), m = await matcher(h, exact, parted), tell = { h, best, has, hasAll };
    const { docs, also } = m.every(exact);
    await rare.bar(tell, m, weigh(h, docs), exact);
    await rare.demand(tell, m, docs, exact.phrases);
    // widened returns the answer where phrases do not fill the page: what has them, and below that what has the words.
    const widened = async (whole) => {
      const words = m.every(parted);
      await rare.bar(tell, m, weigh(h, words.docs), parted);
      const o = { docs: below(whole, without(either(words.docs, without(docs, words.docs)), whole)), also: merged([...also], words.also), marks: marksOf(exact, parted), relaxed: !exact.loose };
      o.missing = !o.docs.size && parted.clauses.some((c) => !m.match(c).docs.size);
      if (o.docs.size >= 10 || Array.from(o.docs.keys()).some((d) => m.titled(d, parted))) return o;
      const some = m.some(parted);
      await rare.bar(tell, m, weigh(h, some.docs), parted);
      if (without(some.docs, o.docs).size) {
        o.relaxed = true;
        merged(o.also, some.also);
        o.docs = below(whole, either(without(some.docs, whole), without(o.docs, some.docs)));
      }
      return o;
    };
    // nobody shall wait for the host once more: what may fill the page is read while documents are held against the phrases
    if (exact.loose && docs.size && !best(h, docs, 10).every(({ doc }) => m.titled(doc, exact))) read(h, (await widened(new Map())).docs);
    const [held, lacking] = await having(h, m, docs, exact);
    if (held.length >= 10 || exact.number || docs.size && !exact.loose) {
      if (held.length) {
        const lowest = Math.max(0, held.reduce((low, d) => Math.min(low, docs.get(d)), Infinity) - 1);
        for (const d of lacking) docs.set(d, Math.min(docs.get(d), lowest));
      }
      return { docs, also, marks: marksOf(exact) };
    }
    return widened(new Map(held.map((d) => [d, docs.get(d)])));
  };

  // below returns the documents of both, those of the second with scores below all of the first.
  const below = (first, second) => {
    if (!first.size || !second.size) return first.size ? first : second;
    let lowest = Infinity, highest = 1;
    first.forEach((score) => { lowest = Math.min(lowest, score); });
    second.forEach((score) => { highest = Math.max(highest, score); });
    lowest = Math.max(0, lowest - 1);
    const out = new Map(first);
    second.forEach((score, d) => out.set(d, Math.floor(score * lowest / highest)));
    return out;
  };

  const weigh = (h, docs) => {
    docs.forEach((score, d) => {
      const e = h.docs[d], age = e.year ? Math.min(3, h.newYear - e.year) : 1;
      score = Math.floor(score * (32 + 3 - age) / 32);
      docs.set(d, e.isVoid ? Math.floor(score / 2) : score);
    });
    return docs;
  };

  const restrict = (h, docs, q) => {
    const place = (list, slug) => slug ? list.findIndex((n) => n[0] === slug) + 1 : -1;
    const want = { unit: place(h.units, q.unit), field: place(h.fields, q.field), year: q.year ? /^\d{1,4}$/.test(q.year) ? +q.year : 0 : -1, kind: q.kind ? h.kinds.indexOf(q.kind) + 1 : -1 };
    const names = Object.keys(want), counts = {}, kept = [];
    names.forEach((n) => { counts[n] = new Map(); });
    if (names.every((n) => want[n] !== 0)) docs.forEach((score, d) => {
      const e = h.docs[d], missed = names.filter((n) => want[n] > 0 && e[n] !== want[n]);
      if (!missed.length) kept.push({ doc: d, score });
      for (const n of names) if (e[n] && (!missed.length || missed.length === 1 && missed[0] === n)) add(counts[n], e[n], 1);
    });
    for (const n of names) if (want[n] > 0) add(counts[n], want[n], 0);
    const facet = (n, value) => Array.from(counts[n]).sort((a, b) => a[0] - b[0]).map(([k, count]) => ({ ...value(k), count })).sort((a, b) => b.count - a.count);
    return {
      kept,
      facets: {
        unit: facet("unit", (k) => ({ value: h.units[k - 1][0], name: h.units[k - 1][1] })),
        field: facet("field", (k) => ({ value: h.fields[k - 1][0], name: h.fields[k - 1][1] })),
        year: facet("year", (k) => ({ value: `${k}`, name: k + "年" })).sort((a, b) => b.value - a.value),
        kind: facet("kind", (k) => ({ value: h.kinds[k - 1], name: h.kinds[k - 1] })),
      },
    };
  };

  // The order is total, so that it does not matter how a browser sorts.
  const order = (h, byDate) => (a, b) => {
    const x = h.docs[a.doc], y = h.docs[b.doc];
    return byDate ? y.day - x.day || b.score - a.score || a.doc - b.doc : b.score - a.score || y.year - x.year || a.doc - b.doc;
  };

  const search = async (q) => {
    const s = clean(q.q || ""), number = Math.max(1, parseInt(q.page, 10) || 1);
    await needInflate(folder);
    const [h] = await Promise.all([head(), Promise.resolve(needTraditional(s)).then(() => needWords(s)), needRare(folder, s)]);
    let o = { docs: new Map(), also: [], marks: new Set() }, byDate = q.sort === "date";
    if (joined(s)) o = await find(h, s);
    else if (!s && (q.unit || q.field || q.year || q.kind)) {
      h.docs.forEach((_, i) => o.docs.set(i, 0));
      weigh(h, o.docs);
      byDate = true;
    } else throw fail("query");
    if (byDate) await loadRare(folder).then(() => rare.needDays(once, h));
    const { kept, facets } = restrict(h, o.docs, q), total = kept.length, hits = kept.sort(order(h, byDate)).slice(number * 10 - 10, number * 10);
    const shown = await Promise.all(hits.map((hit) => documentAt(h, hit.doc).then((d) => {
      const [unit, unit_name] = d.unit, [field, field_name] = d.field;
      return {
        url: d.url, title: d.title, title_html: highlight(d.title, o.marks), unit, field, unit_name, field_name,
        item: d.item, date: d.date, kind: d.kind, score: hit.score, snippet: snippet(d.text, o.marks),
      };
    })));
    return {
      query: q.q || "", total, relaxed: !!o.relaxed, also: o.also, page: number,
      pages: Math.min(100, Math.ceil(total / 10)), facets, hits: shown,
      // what may have been meant comes later, where it comes at all: nobody shall wait for it
      later: () => (o.missing && chars(joined(s)).length <= 12 ? loadRare(folder).then(() => rare.suggest({ h, s, near: o.docs, once, matcher, best, documentAt })) : Promise.reject()).catch(() => []),
    };
  };

  return { search };
}
