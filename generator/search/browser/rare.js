// What only queries with letters, digits, quotes or a minus need of the engine's twin of search and token, and suggestions. The engine calls it with
// what it works with.
self.gongkaiRare = (tools) => {
  const { script, decode, text, chars, folded, runs, joined, termsOf, alternative, HAN, WORD, TYPED, PINYIN, NUMBER, without, phraseTerms, seams, evident, plain } = tools;
  const INITIALS = 20, MAX_PROOFS = 200;

  function officeAndSerial(list) {
    if (list.length < 3 || list[0].class !== HAN || !isYear(list[1].text)) return ["", 0];
    const i = list[2].text === "第" ? 3 : 2;
    return i < list.length && /^\d{1,5}$/.test(list[i].text) ? ["#" + list[0].text + list[1].text + "-" + list[i].text.replace(/^0+/, ""), i + 1] : ["", 0];
  }

  function queryNumber(s) {
    let list = runs(s);
    if (list.length > 1) {
      list[0].text = list[0].text.replace(/^(发文字号|文号|索引号)/, "");
      if (!list[0].text) list = list.slice(1);
    }
    const [n, used] = officeAndSerial(list), left = list.length - used;
    if (used && (left === 1 ? list[used].text.startsWith("号") : !left && used === 3 && !list[1].meets && !list[2].meets && /[〕\]］)）】」﹞]/.test(s))) return n;
    const all = list.map((r) => r.text).join("");
    return list.some((r) => r.class !== WORD) || list.reduce((sum, r) => sum + r.length, 0) < 8 || !/\d/.test(all) ? "" : "#" + all;
  }

  const written = (number) => number.includes("-") ? number.replace(/^#(.*)(....)-(.*)$/, "$1〔$2〕$3号") : "";
  const quoted = (number) => {
    const [head, serial] = number.slice(1).split("-");
    return serial === undefined ? [head] : [head + serial + "号", head + "第" + serial + "号"];
  };

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

  function pinyinAlternatives(letters) {
    const join = (list, n) => list.slice(n - 1).map((_, i) => "~" + list.slice(i, i + n).join(""));
    const out = readPinyin(letters).map((list) => alternative(join(list, 2), PINYIN));
    if (letters.length >= 2 && letters.length <= 8) out.push(alternative(join(letters.split(""), Math.min(3, letters.length)), INITIALS));
    return out;
  }

  const QUOTES = { "\"": "\"", "“": "”", "”": "“", "＂": "＂", "「": "」", "『": "』" };
  const isSpace = (c) => " \u3000\t\n\r\u00a0".includes(c);

  function pieces(s) {
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

  const isYear = (s) => /^(19|20)\d\d$/.test(s);
  const numberTerms = (list) => {
    const words = list.filter((r) => r.class === WORD), long = words.some((r) => r.length > 4);
    return words.map((r) => r.text).filter((s) => !(long && isYear(s)));
  };

  function chunks(s) {
    const out = [], spoken = (c) => !c.quoted && !c.barred && (c.syllables || syllable.test(text(folded(c.text))));
    for (const c of pieces(s)) {
      const last = out[out.length - 1];
      if (last && spoken(c) && spoken(last)) {
        last.text += c.text;
        last.syllables = true;
      } else out.push(c);
    }
    return out;
  }

  function addNumber(p, number, s) {
    const usual = written(number);
    p.loose = false;
    p.clauses.push([alternative([number], NUMBER), alternative(usual ? termsOf(usual) : numberTerms(runs(s)), TYPED)]);
    p.phrases.push({ texts: quoted(number), strict: true, bears: number });
  }

  const barOf = (v, s, list) => ({ clause: plain(v, list, false).slice(0, 1), text: evident(list) ? "" : joined(s) });

  const counter = (r) => /^[年月日号元]/.test(r.text);

  // uncounted returns a run without the counter of the number before it, which joins the number's clause.
  const uncounted = (p, list, i) => {
    const r = list[i];
    if (!i || !r.meets || !counter(r)) return r.text;
    const seam = seams(list.slice(i - 1, i + 1));
    if (seam.length) p.clauses.splice(-1, 1, [alternative(seam, TYPED)]);
    return r.text.slice(1);
  };

  function counted(list) {
    const out = [];
    let part = [];
    list.forEach((r, i) => {
      if (i && r.meets && r.class === HAN && r.length > 2 && counter(r) && /^\d+$/.test(list[i - 1].text)) {
        out.push(part.concat({ ...r, text: r.text[0], length: 1 }));
        part = [{ text: r.text.slice(1), class: HAN, length: r.length - 1, meets: false }];
      } else part.push(r);
    });
    return out.concat([part]);
  }

  // The end of a long text.
  const rest = (once, place) => once("e/" + place + ".bin", async (bytes) => JSON.parse(decode(await tools.inflate(bytes), "gb18030")));

  // The days of all documents, to sort by.
  const needDays = (once, h) => once("days.bin", async (bytes) => {
    const b = await tools.inflate(bytes), n = h.n;
    h.docs.forEach((d, i) => { d.day = b[n + i] ? (b[i] + 1900) * 10000 + b[n + i] * 100 + b[2 * n + i] : 0; });
  });

  // What browsers need that cannot inflate by themselves.
  const inflater = async (folder) => {
    if (!self.gongkaiInflate) await script(folder + "inflate.js", "INTEGRITY OF inflate.js");
    return async (bytes, dictionary) => self.gongkaiInflate(bytes, dictionary);
  };

  // sift deletes those of the best documents that are not to be kept.
  const sift = ({ h, best }, docs, among, keep) => Promise.all(best(h, among, MAX_PROOFS).map(async ({ doc }) => { if (!await keep(doc)) docs.delete(doc); }));

  const demand = async (o, m, docs, phrases) => {
    const list = phrases.filter((ph) => ph.strict);
    if (list.length) await sift(o, docs, docs, (doc) => o.hasAll(o.h, m, doc, list));
    return docs;
  };

  const bar = async (o, m, docs, p) => {
    for (const b of p.barred) {
      const out = m.match(b.clause).docs;
      if (b.text) {
        await sift(o, out, without(docs, without(docs, out)), (doc) => o.has(o.h, m, doc, { texts: [b.text], strict: true }));
      }
      out.forEach((_, d) => docs.delete(d));
    }
    return docs;
  };

  // Other queries that may have been meant: the twin of suggest.go.
  const suggest = async ({ h, s, near, once, matcher, best, documentAt }) => {
    // the characters of GB 2312 with their readings, the usual one first
    const load = () => once("pinyin.bin", async (bytes) => {
      const [names, ...lines] = decode(await tools.inflate(bytes)).split("\n"), syllables = names.split(" "), out = new Map(), codes = [];
      for (let a = 0xB0; a <= 0xF7; a++) for (let b = 0xA1; b <= 0xFE; b++) if (a !== 0xD7 || b < 0xFA) codes.push(a, b);
      chars(new TextDecoder("gbk").decode(new Uint8Array(codes))).forEach((c, i) => {
        out.set(c, lines.map((l) => syllables[l.charCodeAt(i) - 34]).filter(Boolean));
      });
      return out;
    });
    let readings = new Map();
    const of = (c) => readings.get(c) || [];

    const resembling = (want, title) => {
      for (const r of runs(title)) {
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
    };

    const out = [], found = async (a) => (await matcher(h, { clauses: [[a]] })).all(a);
    const compare = async (r, candidates) => {
      for (const d of await Promise.all(candidates.map((x) => documentAt(h, x.doc)))) {
        const other = resembling(chars(r.text), d.title + " " + d.item);
        const q = other && text(folded(s)).replace(r.text, other);
        if (q && q !== s && !out.includes(q) && out.length < 3) out.push(q);
      }
    };
    for (const c of chunks(s)) for (const r of runs(c.text)) {
      if (c.barred || r.class !== HAN || r.length < 2) continue;
      if ((await found(alternative(phraseTerms(r), 1))).size) continue;
      const nearest = best(h, near, 10), want = chars(r.text);
      readings = new Map();
      await compare(r, nearest);
      if (out.length || chars(joined(s)).length > 6) continue;
      readings = await load();
      const sounding = want.every((x) => of(x).length) ? best(h, await found(alternative(want.slice(1).map((x, i) => "~" + of(want[i])[0] + of(x)[0]), PINYIN)), 10) : [];
      await compare(r, sounding.concat(nearest));
    }
    return out;
  };

  return { inflater, needDays, suggest, queryNumber, readPinyin, pinyinAlternatives, chunks, addNumber, barOf, counted, uncounted, rest, demand, bar };
};
