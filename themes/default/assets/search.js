// The search page: shows what openSearch finds, in the markup of search-main.html, and keeps the whole state in the address.
const root = document.querySelector("[data-search]");
const form = root.querySelector("form");
const input = form.querySelector("input");
const line = root.querySelector("[role=status]");
const results = root.querySelector("[data-results]");
const site = root.dataset.base.replace(/\/$/, "");
const heading = document.title;
const names = ["q", "unit", "field", "year", "kind", "sort", "page"];
const labels = { unit: "单位", field: "领域", year: "年份", kind: "体裁" };
const engine = openSearch(root.dataset.index);
const rest = 1000; // milliseconds that an answer stands before the next query is another one, not the same one typed on
let latest = 0, timer = 0, standing = 0, settled = true;

const tag = (name, content, more) => `<${name}${more || ""}>${content}</${name}>`;
const state = () => {
  const p = new URLSearchParams(location.search), out = {};
  names.forEach((n) => { out[n] = p.get(n) || ""; });
  return out;
};
const address = (q, change) => {
  const next = { ...q, page: "", ...change }, p = new URLSearchParams();
  names.forEach((n) => { if (next[n] && !(n === "page" && next[n] < 2)) p.set(n, next[n]); });
  return location.pathname + (`${p}` ? "?" + p : "");
};
const link = (to, html, more) => tag("a", html, ` href="${escapeHTML(to)}"${more || ""}`);

const meant = (q, list) => list.length ? tag("p", "您是不是要找：" + list.map((s) => link(address(q, { q: s }), escapeHTML(s))).join(""), ' class="search-line"') : "";

function show(q, r) {
  const chosen = Object.keys(labels).filter((n) => q[n]);
  const nameOf = (n) => (r.facets[n].find((f) => f.value === q[n]) || { name: q[n] }).name;
  let html = r.relaxed && r.total ? tag("div", tag("p", "含有全部词语的信息不足一页，其余的只含有部分词语。"), ' class="notice search-note"') : "";
  if (r.also.length) html += tag("p", "同时查找了：" + r.also.map((s) => tag("b", escapeHTML(s))).join(""), ' class="search-line"');
  if (chosen.length) {
    html += tag("ul", chosen.map((n) => tag("li", link(address(q, { [n]: "" }), tag("span", "去掉条件", ' class="unseen"') + escapeHTML(nameOf(n))))).join(""), ' class="chosen" aria-label="已选条件"');
  }
  const facets = Object.keys(labels).map((n) => r.facets[n].length ? tag("details", tag("summary", labels[n]) + tag("ul", r.facets[n].map((f) => {
    const on = f.value === q[n];
    return tag("li", link(address(q, { [n]: on ? "" : f.value }), escapeHTML(f.name), on ? ' aria-current="true"' : "") + " " + tag("span", f.count), on ? ' class="is-chosen"' : "");
  }).join("")), ` class="facet"${wide.matches ? " open" : ""}`) : "").join("");
  let found;
  if (r.hits.length) {
    const sorts = [["", "相关度"], ["date", "最新"]].map(([s, label]) => q.sort === s ? tag("span", label, ' aria-current="true"') : link(address(q, { sort: s }), label)).join("");
    const hits = r.hits.map((h) => tag("li", tag("h3", link(site + encodeURI(h.url), h.title_html)) + tag("p", (h.date ? tag("time", h.date, ` datetime="${h.date}"`) : "") +
      [h.unit_name, h.field_name, h.kind].filter(Boolean).map((s) => tag("span", escapeHTML(s))).join(""), ' class="row-meta"') + tag("p", h.snippet, ' class="snippet"'))).join("");
    found = tag("section", tag("div",
      tag("h2", "结果" + (r.pages > 1 ? tag("span", `第 ${r.page} 页，共 ${r.pages} 页`, ' class="hits-page"') : ""), ' id="results" tabindex="-1"') + tag("p", sorts, ' class="sorts"'), ' class="hits-head"') +
      tag("ol", hits) + pager(q, r), ' class="hits" aria-labelledby="results"');
  } else {
    found = tag("div", tag("p", "可以这样试试：") + tag("ul", ["少写几个字，或者换一个说法", "去掉已选的条件", "用拼音，例如“dibao”"].map((s) => tag("li", s)).join("")), ' class="search-none"');
  }
  if (facets) found = tag("div", tag("section", facets, ' class="facets" aria-label="缩小范围"') + found, ' class="found"');
  results.innerHTML = tag("div", html + found, " data-answer");
}

function pager(q, r) {
  if (r.pages < 2) return "";
  const unseen = (s) => tag("span", s, ' class="unseen"'), to = (n) => address(q, { page: n });
  let html = r.page > 1 ? tag("li", link(to(r.page - 1), "上一页", ' rel="prev"'), ' class="pager-step"') : "";
  for (let n = 1, last = 0; n <= r.pages; n++) {
    if (n > 1 && n < r.pages && Math.abs(n - r.page) > 2) continue;
    if (n > last + 1) html += tag("li", tag("span", "…", ' class="gap"'));
    last = n;
    const text = unseen("第") + n + unseen("页");
    html += tag("li", n === r.page ? tag("span", text, ' class="is-here" aria-current="page"') : link(to(n), text));
  }
  if (r.page < r.pages) html += tag("li", link(to(r.page + 1), "下一页", ' rel="next"'), ' class="pager-step"');
  return tag("nav", tag("ul", html), ' class="pager" aria-label="翻页"');
}

// run answers what the address asks; only the newest question is answered.
function run(then) {
  const q = state(), mine = ++latest;
  clearTimeout(timer);
  form.querySelector("[data-keep]").innerHTML = names.slice(1, 6).map((n) => q[n] ? `<input type="hidden" name="${n}" value="${escapeHTML(q[n])}">` : "").join("");
  document.title = (q.q ? q.q + " - " : "") + heading;
  if (!q.q.trim() && !names.slice(1, 5).some((n) => q[n])) {
    results.innerHTML = line.textContent = "";
    return;
  }
  const wait = setInterval(() => { if (mine === latest) line.textContent = "正在查找…"; }, 300);
  const end = () => {
    clearInterval(wait);
    return mine === latest;
  };
  engine.search(q).then((r) => {
    if (!end()) return;
    line.textContent = r.total ? `找到 ${r.total} 条` : "没有找到";
    show(q, r);
    standing = setTimeout(() => { settled = true; }, rest);
    if (then) then();
    // the hits do not wait for what may have been meant
    r.later().then((list) => {
      if (mine !== latest) return;
      const note = results.querySelector(".search-note");
      if (note) note.insertAdjacentHTML("afterend", meant(q, list));
      else results.firstElementChild.insertAdjacentHTML("afterbegin", meant(q, list));
    });
  }).catch((e) => {
    if (!end()) return;
    const asked = e.code === "query", gone = e.code === "missing";
    line.textContent = "";
    results.innerHTML = tag("div", tag("p", asked ? "请写上要找的词，不超过 120 个字。" : gone ? "网站已更新，请重试。" : "网络不通，没有查成。") +
      (asked ? "" : tag("button", "重试", ' type="button" data-retry')), ' class="notice" role="alert"');
    const retry = results.querySelector("[data-retry]");
    if (retry) retry.addEventListener("click", () => gone ? location.reload() : run(() => input.focus()));
  });
}

const wide = matchMedia("(min-width: 62em)");
const go = (to, push, then) => {
  history[push ? "pushState" : "replaceState"](null, "", to);
  run(then);
};
// typed asks what the form says. What is typed on replaces its address; after an answer that stood, or was asked for, a new one begins, so that
// going back leads to every answer that was looked at.
const typed = (asked) => {
  const other = input.value !== state().q;
  clearTimeout(timer);
  if (other || asked) go(address(state(), { q: input.value }), other && settled);
  settled = asked || settled && !other;
};

["input", "compositionend"].forEach((name) => input.addEventListener(name, (event) => {
  clearTimeout(timer);
  clearTimeout(standing);
  if (!event.isComposing) timer = setTimeout(typed, 180, false);
}));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  typed(true);
});
root.addEventListener("click", (event) => {
  const a = event.target.closest("a");
  if (!a || a.pathname !== location.pathname || a.origin !== location.origin || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  settled = true;
  const turned = a.closest(".pager");
  go(a.href, true, () => {
    const at = document.getElementById("results");
    if (at && turned) at.focus();
    else input.focus({ preventScroll: true });
  });
  input.value = state().q;
});
root.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], links = Array.from(results.querySelectorAll("h3 a")), at = links.indexOf(document.activeElement);
  if (event.key === "Escape" && at >= 0) input.focus();
  if (!step || at < 0 && (event.target !== input || step < 0)) return;
  event.preventDefault();
  (links[at + step] || (at + step < 0 ? input : links[at]) || input).focus();
});
addEventListener("popstate", () => {
  settled = true;
  input.value = state().q;
  run();
});

// what a server has answered stays until something else is asked
if (results.querySelector("[data-answer]")) {
  if (!wide.matches) results.querySelectorAll(".facet").forEach((f) => { f.open = false; });
} else if (location.search) {
  input.value = state().q;
  run();
} else if (wide.matches) input.focus();
