// The browser's twin of the Go packages search and token: what is worked out here must come to the same answers as there, and the tests
// compare the two. Names follow the Go code, where the reasons stand.

// ---- bytes ----

// inflate undoes deflate (RFC 1951) without headers. What the dictionary has is as if it had come before: it is put there in a stored block.
// Browsers that cannot do it themselves load inflate.js.
let inflate = async (bytes, dictionary) => {
  const n = dictionary ? dictionary.length : 0, parts = n ? [new Uint8Array([0, n & 255, n >> 8, ~n & 255, ~n >> 8 & 255]), dictionary, bytes] : [bytes];
  return new Uint8Array(await new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer()).subarray(n);
};

const needInflate = (folder) => {
  try {
    return void new DecompressionStream("deflate-raw");
  } catch (e) {
    return self.gongkaiInflate || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.onload = done;
      script.onerror = () => failed(fail("network"));
      script.crossOrigin = "anonymous";
      script.integrity = "INTEGRITY OF INFLATE";
      script.src = folder + "inflate.js";
      document.head.append(script);
    }).then(() => { inflate = (bytes, dictionary) => Promise.resolve(self.gongkaiInflate(bytes, dictionary)); });
  }
};

const fail = (code) => Object.assign(new Error(code), { code });
const decode = (bytes) => new TextDecoder().decode(bytes);

// ---- tokens (package token) ----

const traditional = new Map();
const low = [];
for (let c = 0; c < 0x590; c++) {
  const l = String.fromCharCode(c).toLowerCase();
  low.push(l.length === 1 && l.charCodeAt(0) < 0x590 ? l.charCodeAt(0) : c);
}

function fold(c) {
  if (c < 0x590) return low[c];
  if (c >= 0xFF01 && c <= 0xFF5E) return low[c - 0xFEE0];
  if (c === 0x3000) return 32;
  return traditional.get(c) || c;
}

const SEPARATOR = 0, HAN = 1, WORD = 2;

function classOf(c) {
  if (c < 0x80) return c >= 97 && c <= 122 || c >= 48 && c <= 57 ? WORD : SEPARATOR;
  if (c < 0x2000) return c >= 0xC0 && c !== 0xD7 && c !== 0xF7 ? WORD : SEPARATOR;
  return c >= 0x4E00 && c <= 0x9FFF || c >= 0x3400 && c <= 0x4DBF || c === 0x3005 || c === 0x3007 || c >= 0x3041 && c <= 0x3096 ||
    c >= 0x30A1 && c <= 0x30FA || c === 0x30FC || c >= 0xAC00 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF || c >= 0x20000 && c <= 0x3FFFF ? HAN : SEPARATOR;
}

const MAX_WORD = 48;
const text = (codes) => codes.map((c) => String.fromCodePoint(c)).join("");
const chars = (s) => Array.from(s);
const folded = (s) => chars(s).map((c) => fold(c.codePointAt(0)));

// runs returns [{text, class, start, length}].
function runs(s) {
  const out = [];
  let run = null;
  folded(s).forEach((c, start) => {
    const k = classOf(c);
    if (!run || k !== run.class || k === WORD && run.length === MAX_WORD) {
      run = { text: "", class: k, start, length: 0 };
      if (k) out.push(run);
    }
    run.text += String.fromCodePoint(c);
    run.length++;
  });
  return out;
}

function seams(list) {
  const out = [];
  for (let i = 1; i < list.length; i++) {
    const a = list[i - 1], b = list[i];
    if (a.start + a.length === b.start && a.class !== b.class) out.push(chars(a.text).pop() + chars(b.text)[0]);
  }
  return out;
}

const isPhrase = (r) => r.class === HAN && r.length > 1;

function runTerms(r) {
  if (r.class === WORD) return [r.text];
  const list = chars(r.text);
  return list.map((c, i) => c + (list[i + 1] || ""));
}

const joined = (s) => text(folded(s).filter((c) => classOf(c)));

function documentNumber(list) {
  if (list.length < 4 || list[0].class !== HAN || !/^(19|20)[0-9][0-9]$/.test(list[1].text)) return ["", 0];
  const i = list[2].text === "第" ? 3 : 2;
  if (i + 1 >= list.length || !/^[0-9]{1,5}$/.test(list[i].text) || !list[i + 1].text.startsWith("号")) return ["", 0];
  return ["#" + list[0].text + list[1].text + "-" + list[i].text.replace(/^0+/, ""), i + 2];
}

function queryNumber(s) {
  const list = runs(s), [n, used] = documentNumber(list);
  if (used && used === list.length) return n;
  if (list.some((r) => r.class !== WORD) || list.reduce((sum, r) => sum + r.length, 0) < 8 || !/[0-9]/.test(list.map((r) => r.text).join(""))) return "";
  return "#" + list.map((r) => r.text).join("");
}

const syllable = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|[aeiouv])$/;

function readPinyin(letters) {
  const size = letters.length, out = [];
  if (size > 36) return out;
  const readable = [];
  readable[size] = true;
  for (let i = size - 1; i >= 0; i--) {
    readable[i] = false;
    for (let n = 1; n <= 6 && i + n <= size; n++) readable[i] = readable[i] || readable[i + n] && syllable.test(letters.substr(i, n));
  }
  const read = (at, list) => {
    if (at === size && list.length > 1 && out.length < 6) out.push(list);
    for (let n = Math.min(6, size - at); n > 0 && out.length < 6; n--) {
      if (readable[at + n] && syllable.test(letters.substr(at, n))) read(at + n, list.concat(letters.substr(at, n)));
    }
  };
  read(0, []);
  return out;
}

// isPlain reports whether a text has only characters that are never traditional: those of GB 2312 but a few.
let simple = null;
function isPlain(s) {
  if (!simple) {
    const bytes = [];
    for (let a = 0xB0; a <= 0xF7; a++) for (let b = 0xA1; b <= 0xFE; b++) bytes.push(a, b);
    simple = new Set(new TextDecoder("gbk").decode(new Uint8Array(bytes)));
    for (const c of "乾夥後徵摺於菸麽") simple.delete(c);
  }
  return chars(s).every((c) => simple.has(c) || c.codePointAt(0) < 0x2E80 || c.codePointAt(0) > 0xFF00);
}

// ---- plans (plan.go) ----

const TYPED = 64, OFFICIAL = 48, PINYIN = 48, INITIALS = 20, NUMBER = 640, MAX_ALTERNATIVES = 6, MAX_CLAUSES = 12;

const phraseTerms = (r) => isPhrase(r) ? runTerms(r).slice(0, -1) : runTerms(r);
const termsOf = (s) => runs(s).flatMap(phraseTerms);
const official = (typed, list, also) => alternative(list, Math.max(1, Math.floor(OFFICIAL * typed / Math.max(1, list.length))), also);
const alternative = (list, weight, also) => ({ terms: list, weight, also: also || "" });

const QUOTES = { "\"": "\"", "“": "”", "”": "“", "＂": "＂", "「": "」", "『": "』" };
const isSpace = (c) => " \u3000\t\n\r\u00a0".includes(c);

function chunks(s) {
  const list = chars(s), out = [];
  const add = (part, quoted, barred) => {
    const t = part.join("");
    if (joined(t)) out.push({ text: t, quoted, barred });
  };
  for (let i = 0; i < list.length;) {
    let c = list[i], barred = false;
    if (isSpace(c)) { i++; continue; }
    if ((c === "-" || c === "－") && i + 1 < list.length && !isSpace(list[i + 1])) {
      barred = true;
      c = list[++i];
    }
    const end = QUOTES[c];
    if (end) {
      const n = list.slice(i + 1).findIndex((x) => x === end || x === c);
      if (n >= 0) {
        add(list.slice(i + 1, i + 1 + n), true, barred);
        i += n + 2;
        continue;
      }
      if (++i === list.length) break;
    }
    const start = i;
    while (i < list.length && !isSpace(list[i]) && (i === start || !QUOTES[list[i]])) i++;
    add(list.slice(start, i), false, barred);
  }
  return out;
}

function clean(s) {
  s = s.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim();
  if (chars(s).length > 120) throw fail("query");
  return s;
}

function segments(v, s) {
  const list = chars(s), out = [];
  let rest = 0;
  const flush = (end) => { if (rest < end) out.push({ text: list.slice(rest, end).join(""), ignore: false, also: [] }); };
  for (let i = 0; i < list.length;) {
    let n = Math.min(v.longest, list.length - i), w;
    for (; n > 0; n--) if ((w = v.words.get(list.slice(i, i + n).join("")))) break;
    if (!w) { i++; continue; }
    flush(i);
    out.push({ text: list.slice(i, i + n).join(""), known: true, ignore: w.ignore, also: w.also });
    i += n;
    rest = i;
  }
  flush(list.length);
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

function variants(v, s) {
  const out = [];
  let at = 0;
  for (const part of segments(v, s)) {
    for (const to of part.also) if (out.length < MAX_ALTERNATIVES) out.push({ text: s.slice(0, at) + to + s.slice(at + part.text.length), also: to });
    at += part.text.length;
  }
  return out;
}

function pinyinAlternatives(letters) {
  const pairs = (list) => list.slice(1).map((b, i) => "~" + list[i] + b);
  const out = readPinyin(letters).map((list) => alternative(pairs(list), PINYIN));
  if (letters.length >= 2 && letters.length <= 8) out.push(alternative(pairs(letters.split("")), INITIALS));
  return out;
}

function plain(v, list, widen) {
  if (!list.length) return [];
  const all = (replaced, by) => {
    const out = list.flatMap((r, i) => i === replaced ? termsOf(by) : r.class === WORD || r.length > 1 || list.length === 1 ? phraseTerms(r) : []);
    return out.length ? out : list.flatMap(phraseTerms);
  };
  const c = [alternative(all(-1), TYPED)];
  if (list.length > 1) {
    const inner = list.filter((r, i) => isPhrase(r) || r.class === WORD && i > 0 && i < list.length - 1);
    c.push(alternative(seams(list).concat(inner.flatMap(phraseTerms)), TYPED));
  }
  list.forEach((r, i) => {
    if (!widen) return;
    if (r.class === HAN) {
      for (const x of variants(v, r.text)) if (c.length < MAX_ALTERNATIVES + 2) c.push(official(c[0].terms.length, all(i, x.text), x.also));
    } else if (list.length === 1 && /^[a-z]+$/.test(r.text)) c.push(...pinyinAlternatives(r.text));
  });
  return [c];
}

function addNumber(p, number, s) {
  p.loose = false;
  p.clauses.push([alternative([number], NUMBER), alternative(termsOf(s), TYPED)]);
  p.phrases.push({ texts: [joined(s), number.slice(1).replace(/-/g, "")], strict: false });
}

function strict(v, s) {
  const p = { clauses: [], barred: [], phrases: [], loose: true }, whole = queryNumber(s);
  if (whole) {
    addNumber(p, whole, s);
    return p;
  }
  for (const c of chunks(s)) {
    if (p.clauses.length >= MAX_CLAUSES) break;
    const list = runs(c.text), number = queryNumber(c.text);
    if (c.barred) p.barred.push(...plain(v, list, false));
    else if (number && !c.quoted) addNumber(p, number, c.text);
    else {
      p.loose = p.loose && !c.quoted;
      p.clauses.push(...plain(v, list, !c.quoted));
      let texts = [joined(c.text)];
      if (list.length === 1 && !c.quoted) texts = texts.concat(variants(v, list[0].text).map((x) => x.text));
      if (list.length > 1 || list[0].class === HAN && list[0].length > 2 || texts.length > 1) p.phrases.push({ texts, strict: c.quoted });
    }
  }
  return p;
}

function divided(v, s) {
  const p = { clauses: [], barred: [] };
  for (const c of chunks(s)) {
    const list = runs(c.text);
    if (c.barred) p.barred.push(...plain(v, list, false));
    else for (const r of list) {
      if (r.class === WORD) p.clauses.push(...plain(v, [r], true));
      else for (const part of halved(segments(v, r.text))) {
        if (part.ignore || chars(part.text).length === 1 && r.length > 1) continue;
        const typed = alternative(termsOf(part.text), TYPED);
        p.clauses.push([typed].concat(part.also.map((to) => official(typed.terms.length, termsOf(to), to))));
      }
    }
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

// A matcher has the postings of a plan's terms. Matches are maps from a document to its score.
class Matcher {
  constructor(lists, n) {
    this.lists = lists;
    this.n = n;
  }
  rarity(term) {
    const df = this.lists.get(term).docs.length;
    return Math.round(16 * Math.log2(1 + (this.n - df + 0.5) / (df + 0.5)));
  }
  all(a) {
    let out = null;
    const list = Array.from(new Set(a.terms)).sort((s, t) => this.lists.get(s).docs.length - this.lists.get(t).docs.length);
    for (const term of list) {
      const l = this.lists.get(term), worth = this.rarity(term) * a.weight, next = new Map();
      l.docs.forEach((d, i) => {
        if (!out) next.set(d, l.levels[i] * worth);
        else if (out.has(d)) next.set(d, out.get(d) + l.levels[i] * worth);
      });
      out = next;
    }
    return out || new Map();
  }
  match(c) {
    const docs = new Map(), also = [];
    for (const a of c) {
      const m = this.all(a);
      if (m.size && a.also && !also.includes(a.also)) also.push(a.also);
      m.forEach((score, d) => docs.set(d, Math.max(score, docs.get(d) || 0)));
    }
    return { docs, also };
  }
  bar(docs, p) {
    for (const c of p.barred) this.match(c).docs.forEach((_, d) => docs.delete(d));
    return docs;
  }
  every(p) {
    let docs = null;
    const also = [];
    for (const c of p.clauses) {
      const m = this.match(c);
      merged(also, m.also);
      if (!docs) docs = m.docs;
      else {
        const next = new Map();
        docs.forEach((score, d) => { if (m.docs.has(d)) next.set(d, score + m.docs.get(d)); });
        docs = next;
      }
      if (!docs.size) return { docs, also: [] };
    }
    return { docs: this.bar(docs || new Map(), p), also };
  }
  some(p) {
    const units = [], also = [];
    for (const c of p.clauses) {
      const m = this.match(c);
      if (m.docs.size) {
        let weight = 0;
        for (const a of c) for (const t of a.terms) if (this.lists.get(t).docs.length) weight = Math.max(weight, this.rarity(t));
        units.push({ docs: m.docs, weight });
        merged(also, m.also);
      } else {
        for (const t of c[0].terms) {
          const docs = this.all(alternative([t], TYPED));
          if (docs.size) units.push({ docs, weight: this.rarity(t) });
        }
      }
    }
    const sum = new Map(), met = new Map();
    let total = 0, most = 0;
    for (const u of units) {
      total += u.weight;
      u.docs.forEach((score, d) => {
        sum.set(d, (sum.get(d) || 0) + score);
        met.set(d, (met.get(d) || 0) + u.weight);
        most = Math.max(most, met.get(d));
      });
    }
    const docs = new Map();
    sum.forEach((score, d) => { if (met.get(d) * 2 >= most) docs.set(d, Math.floor(score * met.get(d) / total)); });
    return { docs: this.bar(docs, p), also };
  }
}

// ---- snippets (snippet.go) ----

const escapeHTML = (s) => s.replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");

function marked(list, set) {
  const out = new Array(list.length).fill(false), codes = list.map((c) => fold(c.codePointAt(0)));
  const word = (from, to) => text(codes.slice(from, to));
  for (let i = 0; set.size && i < codes.length; i++) {
    const k = classOf(codes[i]);
    if (k === HAN) {
      if (set.has(word(i, i + 1))) out[i] = true;
      if (i + 1 < codes.length && set.has(word(i, i + 2))) out[i] = out[i + 1] = true;
    } else if (k === WORD) {
      let end = i + 1;
      while (end < codes.length && end - i < MAX_WORD && classOf(codes[end]) === WORD) end++;
      if (set.has(word(i, end))) out.fill(true, i, end);
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
    const width = 32 - Math.clz32(limit - 1), short = Math.pow(2, width) - limit;
    if (width === 0) return 0;
    const value = bits(width - 1);
    return value < short ? value : (value << 1 | bit()) - short;
  };
  const out = new Map();
  for (const { term, df } of list) {
    const docs = new Array(df), levels = new Array(df);
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
    let order = USUAL_ORDER;
    if (df > 24) {
      order = [];
      for (let i = bits(4) + 1; i > 0; i--) order.push(bits(4));
    }
    for (let i = 0; i < df; i++) {
      let rank = 0;
      while (rank < order.length - 1 && bit()) rank++;
      levels[i] = order[rank];
    }
    out.set(term, { docs, levels });
  }
  return out;
}

function hash(term) {
  let h = 2166136261;
  for (let i = 0; i < term.length; i++) h = Math.imul(h ^ term.charCodeAt(i), 16777619);
  return h >>> 0;
}

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
      for (let k = 0; k < count; k++) h.docs.push({ field: fields[i], unit: units[i], year: 0, kind: 0, isVoid: false, day: 0 });
    });
    h.docs.forEach((d, i) => {
      const y = h.years.charCodeAt(i) - 64;
      d.year = y ? h.newYear + 1 - y : 0;
      d.kind = h.kindsOf.charCodeAt(i) - 64;
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

  // the words that begin with one of the query's characters
  const words = new Map(), WORD_SHARDS = 128;
  const needWords = (s) => Promise.all([...new Set(chars(joined(s)).map((c) => c.codePointAt(0) % WORD_SHARDS))].map((n) => once("w/" + n + ".bin", async (bytes) => {
    for (const line of decode(await inflate(bytes)).split("\n")) {
      const [word, ...also] = line.split(" "), ignore = word[0] === "!";
      words.set(ignore ? word.slice(1) : word, { also, ignore });
    }
    words.delete("");
  })));

  const needDays = (h) => once("days.bin", async (bytes) => {
    const b = await inflate(bytes), n = h.n;
    h.docs.forEach((d, i) => { d.day = b[n + i] ? (b[i] + 1900) * 10000 + b[n + i] * 100 + b[2 * n + i] : 0; });
  });

  const needReadings = () => once("pinyin.bin", async (bytes) => {
    const readings = new Map();
    for (const line of decode(await inflate(bytes)).split(" ")) {
      const [, p, list] = /^([a-z]+)(.*)$/.exec(line);
      for (const c of list) readings.set(c, (readings.get(c) || []).concat(p));
    }
    return readings;
  });

  const postings = (h, term) => {
    const slot = hash(term) % h.slots, name = h.alone.has(slot) ? "h/" + slot : "t/" + slot % h.shards;
    return once(name + ".bin", (bytes) => readShard(bytes, h.n)).then((shard) => shard.get(term) || { docs: [], levels: [] });
  };

  const termsIn = (clauses) => clauses.flatMap((c) => c.flatMap((a) => a.terms));

  const matcher = (h, ...groups) => {
    const all = new Set(groups.flatMap(termsIn));
    return Promise.all(Array.from(all, (t) => postings(h, t).then((l) => [t, l]))).then((lists) => new Matcher(new Map(lists), h.n));
  };

  const records = (name) => Promise.all([once("dictionary.bin", (bytes) => inflate(bytes)), load(name)])
    .then(([dictionary]) => once(name, async (bytes) => JSON.parse(decode(await inflate(bytes, dictionary)))));

  const documentAt = (h, place) => records("d/" + Math.floor(place / h.block) + ".bin").then((list) => {
    const r = list[place % h.block], e = h.docs[place], unit = h.units[e.unit - 1] || ["", ""], field = h.fields[e.field - 1] || ["", ""];
    return {
      url: r[0].startsWith("/") ? r[0] : `/${unit[0]}/${field[0]}/${r[0]}/`, title: r[1], item: r[2], date: r[3], unit, field, kind: h.kinds[e.kind - 1] || "",
      proof: [...r.slice(1, 3), ...r.slice(4, 6), r[6] || unit[2] || unit[1], ...r.slice(7, 9)], text: r[8], whole: r[9],
    };
  });

  // find: see find in answer.go. marks are the terms to mark where they stand.
  const marksOf = (...plans) => new Set(plans.flatMap((p) => termsIn(p.clauses)).filter((t) => t[0] !== "~" && t[0] !== "#"));

  const find = async (h, s) => {
    const exact = strict(h.vocabulary, s), parted = divided(h.vocabulary, s);
    const { docs, also } = (await matcher(h, exact.clauses, exact.barred)).every(exact), none = new Map();
    if (docs.size >= 10 || docs.size && !exact.loose) return { docs, wider: none, also, phrases: exact.phrases, marks: marksOf(exact) };
    const m = await matcher(h, parted.clauses, parted.barred), wider = m.every(parted);
    if (docs.size) {
      docs.forEach((_, d) => wider.docs.delete(d));
      return { docs, wider: wider.docs, also: merged(also, wider.also), phrases: exact.phrases, marks: marksOf(exact, parted) };
    }
    const o = { docs: wider.docs, wider: none, also: wider.also, phrases: [], marks: marksOf(parted), relaxed: true };
    if (o.docs.size < 10) {
      const some = m.some(parted);
      if (!o.docs.size) return { ...o, docs: some.docs, also: some.also };
      o.docs.forEach((_, d) => some.docs.delete(d));
      return { ...o, wider: some.docs, also: merged(o.also, some.also) };
    }
    return o;
  };

  // below gives the documents of the second scores below all of the first, and adds them.
  const below = (first, second) => {
    if (!first.size || !second.size) return;
    let lowest = Infinity, highest = 1;
    first.forEach((score) => { lowest = Math.min(lowest, score); });
    second.forEach((score) => { highest = Math.max(highest, score); });
    lowest = Math.max(0, lowest - 1);
    second.forEach((score, d) => first.set(d, Math.floor(score * lowest / highest)));
  };

  const weigh = (h, docs) => docs.forEach((score, d) => {
    const e = h.docs[d], age = e.year ? Math.min(3, h.newYear - e.year) : 1;
    score = Math.floor(score * (32 + 3 - age) / 32);
    docs.set(d, e.isVoid ? Math.floor(score / 2) : score);
  });

  const restrict = (h, docs, q) => {
    const place = (list, slug) => slug ? list.findIndex((n) => n[0] === slug) + 1 : -1;
    const want = { unit: place(h.units, q.unit), field: place(h.fields, q.field), year: q.year ? parseInt(q.year, 10) || 0 : -1, kind: q.kind ? h.kinds.indexOf(q.kind) + 1 : -1 };
    const names = Object.keys(want), counts = {}, kept = [];
    names.forEach((n) => { counts[n] = new Map(); });
    if (names.every((n) => want[n] !== 0)) docs.forEach((score, d) => {
      const e = h.docs[d], missed = names.filter((n) => want[n] > 0 && e[n] !== want[n]);
      if (!missed.length) kept.push({ doc: d, score });
      for (const n of names) if (e[n] && (!missed.length || missed.length === 1 && missed[0] === n)) counts[n].set(e[n], (counts[n].get(e[n]) || 0) + 1);
    });
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

  // page returns the hits of a page; see page in answer.go.
  const page = async (h, kept, o, byDate, number) => {
    const need = number * 10, having = [], lacking = [];
    let list = kept.sort(order(h, byDate)).slice(0, need + 10), dropped = 0, i = 0;
    if (o.phrases.length) {
      for (; i < list.length && having.length < need; i++) {
        if (o.wider.has(list[i].doc)) {
          if (!byDate) break;
          having.push(list[i]);
          continue;
        }
        if (i % 10 === 0) list.slice(i, i + 10).forEach((c) => documentAt(h, c.doc).catch(() => {}));
        const d = await documentAt(h, list[i].doc), proof = d.proof.map(joined).join("\n");
        const lacks = o.phrases.filter((ph) => d.whole && !ph.texts.some((t) => proof.includes(t)));
        if (lacks.some((ph) => ph.strict)) dropped++;
        else (lacks.length ? lacking : having).push(list[i]);
      }
      if (!byDate) list = having.concat(lacking, list.slice(i));
      else if (dropped) list = having.concat(list.slice(i));
    }
    return { hits: list.slice(need - 10, need), dropped };
  };

  const suggest = async (h, s, near) => {
    const out = [], readings = await needReadings(), of = (c) => readings.get(c) || [];
    const best = (docs) => Array.from(docs, ([doc, score]) => ({ doc, score })).sort(order(h, false)).slice(0, 10);
    for (const c of chunks(s)) for (const r of runs(c.text)) {
      if (c.barred || r.class !== HAN || r.length < 2 || r.length > 12 || out.length === 3) continue;
      const a = alternative(phraseTerms(r), 1), want = chars(r.text);
      if ((await matcher(h, [[a]])).all(a).size) continue;
      let candidates = best(near);
      if (want.every((x) => of(x).length)) {
        const sounds = alternative(want.slice(1).map((x, i) => "~" + of(want[i])[0] + of(x)[0]), PINYIN);
        candidates = best((await matcher(h, [[sounds]])).all(sounds)).concat(candidates);
      }
      for (const d of await Promise.all(candidates.map((x) => documentAt(h, x.doc)))) {
        const found = resembling(want, d.title + " " + d.item, of);
        const q = found && text(folded(s)).replace(r.text, found);
        if (q && q !== s && !out.includes(q) && out.length < 3) out.push(q);
      }
    }
    return out;
  };

  const search = async (q) => {
    const start = performance.now(), s = clean(q.q || ""), number = Math.max(1, parseInt(q.page, 10) || 1);
    await needInflate(folder);
    const [h] = await Promise.all([head(), Promise.resolve(needTraditional(s)).then(() => needWords(s))]);
    let o = { docs: new Map(), wider: new Map(), also: [], phrases: [], marks: new Set() }, byDate = q.sort === "date", suggestions = [];
    if (joined(s)) {
      o = await find(h, s);
      if (o.relaxed) suggestions = await suggest(h, s, o.docs);
    } else if (!s && (q.unit || q.field || q.year || q.kind)) {
      h.docs.forEach((_, i) => o.docs.set(i, 0));
      byDate = true;
    } else throw fail("query");
    if (byDate) await needDays(h);
    weigh(h, o.docs);
    weigh(h, o.wider);
    below(o.docs, o.wider);
    const { kept, facets } = restrict(h, o.docs, q), total = kept.length;
    const { hits, dropped } = await page(h, kept, o, byDate, number);
    const shown = await Promise.all(hits.map((hit) => documentAt(h, hit.doc).then((d) => {
      const [unit, unit_name] = d.unit, [field, field_name] = d.field;
      return {
        url: d.url, title: d.title, title_html: highlight(d.title, o.marks), unit, field, unit_name, field_name,
        item: d.item, date: d.date, kind: d.kind, score: hit.score, snippet: snippet(d.text, o.marks),
      };
    })));
    const count = total - dropped;
    return {
      query: q.q || "", total: count, took_ms: performance.now() - start, relaxed: !!o.relaxed, also: o.also, suggestions, page: number,
      pages: Math.min(100, Math.ceil(count / 10)), facets, hits: shown,
    };
  };

  return { search };
}

function resembling(want, s, of) {
  for (const r of runs(s)) {
    const list = chars(r.text);
    for (let i = 0; i + want.length <= list.length; i++) {
      let same = 0, sounds = 0;
      want.forEach((w, k) => {
        const c = list[i + k];
        if (c === w) same++;
        else if (of(c).some((p) => of(w).includes(p))) sounds++;
      });
      const other = want.length - same;
      if (other && (sounds === other && (want.length < 4 || same) || want.length >= 4 && other === 1 || want.length >= 7 && other === 2)) return list.slice(i, i + want.length).join("");
    }
  }
  return "";
}
