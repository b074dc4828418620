// The browser's part of a preview: it shows a changed page in the place of the old one without losing the place where the reader is, and what is wrong in an
// overlay. Everything of its own lives in a shadow tree, so that theme and overlay do not meet.
(() => {
  "use strict";
  const script = document.currentScript;
  const base = script.dataset.base;
  const followKey = "gongkai-follow";
  let edition = Number(script.dataset.edition);
  let shown = null; // the page as it was last fetched
  let last = null; // the last message

  const host = document.createElement("gongkai-preview");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    * { box-sizing: border-box; }
    .bar, .panel { font: 14px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1d2129; }
    .badge { position: fixed; left: 12px; bottom: 12px; z-index: 2147483646; background: #8a4b00; color: #fff; padding: 10px 18px;
      border-radius: 22px; box-shadow: 0 2px 8px #0003; font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; max-width: calc(100vw - 180px); }
    .bar { position: fixed; right: 12px; bottom: 12px; z-index: 2147483647; display: flex; gap: 8px; align-items: center; }
    button { font: inherit; min-height: 44px; padding: 4px 14px; border: 1px solid #8a919f; border-radius: 22px; background: #fff; color: inherit; cursor: pointer;
      box-shadow: 0 2px 8px #0003; }
    button:focus-visible, a:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
    button.errors { background: #b3261e; border-color: #b3261e; color: #fff; }
    button.warnings { background: #fff3d6; border-color: #8a6100; }
    .panel { position: fixed; right: 12px; bottom: 68px; z-index: 2147483647; width: min(640px, calc(100vw - 24px)); max-height: min(60vh, 560px); overflow: auto;
      background: #fff; border: 1px solid #8a919f; border-radius: 12px; box-shadow: 0 8px 32px #0004; padding: 12px 16px; }
    .panel h2 { font-size: 16px; margin: 0 0 8px; }
    .panel ol { list-style: none; margin: 0; padding: 0; }
    .panel li { border-top: 1px solid #dfe1e6; padding: 8px 0; overflow-wrap: anywhere; }
    .panel li.edited { border-left: 4px solid #1a5fb4; padding-left: 8px; }
    .place { font-family: ui-monospace, Consolas, "Noto Sans Mono CJK SC", monospace; font-size: 13px; color: #4a5160; }
    .error .kind { color: #b3261e; font-weight: 700; }
    .warning .kind { color: #7a5600; font-weight: 700; }
    .mend::before { content: "→ "; }
    .mend { color: #0b5c34; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, Consolas, monospace; background: #fdecea; padding: 8px; border-radius: 6px; }
    label { display: inline-flex; gap: 6px; align-items: center; min-height: 44px; }
    input { width: 20px; height: 20px; }
    @media print { .bar, .panel, .badge { display: none; } }
  `);
  root.adoptedStyleSheets = [sheet];
  const make = (name, attributes, ...children) => {
    const e = document.createElement(name);
    for (const [k, v] of Object.entries(attributes || {})) {
      if (k === "class") e.className = v;
      else if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
      else e.setAttribute(k, v);
    }
    e.append(...children);
    return e;
  };
  const follows = () => sessionStorage.getItem(followKey) === "1" || new URLSearchParams(location.search).has("follow");
  const status = make("button", { type: "button", "aria-expanded": "false", "aria-controls": "faults", onclick: () => toggle() }, "正在连接预览…");
  const live = make("span", { role: "status" });
  const bar = make("div", { class: "bar" }, live, status);
  const panel = make("section", { class: "panel", id: "faults", "aria-label": "预览发现的问题", hidden: "" });
  const badge = make("div", { class: "badge", role: "note", hidden: "" });
  root.append(badge, panel, bar);

  const toggle = (open = panel.hidden) => {
    panel.hidden = !open;
    status.setAttribute("aria-expanded", String(open));
  };
  const showBadge = (text) => {
    badge.hidden = !text;
    badge.textContent = text ? `预览：${text}，正式构建时不会发布` : "";
  };

  const kinds = { error: "错误", warning: "警告", info: "提示" };
  const showFaults = (m) => {
    const total = m.errors + m.warnings;
    status.className = m.error || m.errors ? "errors" : m.warnings ? "warnings" : "";
    status.textContent = m.error ? "改动还没有显示" : total ? [m.errors ? `错误 ${m.errors}` : "", m.warnings ? `警告 ${m.warnings}` : ""].filter(Boolean).join(" · ") : "预览：没有问题";
    panel.replaceChildren(make("h2", {}, m.error ? "这次改动还显示不出来" : total || m.faults.length ? "需要改正的地方" : "没有发现问题"));
    if (m.error) panel.append(make("pre", {}, m.error));
    const list = make("ol");
    for (const f of m.faults) {
      list.append(make("li", { class: f.severity + (f.edited ? " edited" : "") },
        make("div", { class: "place" }, f.place),
        make("div", {}, make("span", { class: "kind" }, `${kinds[f.severity]}[${f.rule}] `), f.message),
        ...(f.mend ? [make("div", { class: "mend" }, f.mend)] : [])));
    }
    panel.append(list);
    if (total + m.infos > m.faults.length) panel.append(make("p", {}, `还有 ${total + m.infos - m.faults.length} 条没有列出，运行 gongkai build 查看全部。`));
    const box = make("input", { type: "checkbox", onchange: (e) => sessionStorage.setItem(followKey, e.target.checked ? "1" : "0") });
    box.checked = follows();
    panel.append(make("label", {}, box, "保存哪个文件就打开哪个页面"));
    const worth = m.error || m.faults.some((f) => f.edited && f.severity !== "info") || (m.changed && m.errors > 0);
    if (worth) toggle(true);
    else if (m.changed && !total) toggle(false);
    if (m.changed || m.error) live.textContent = "";
  };

  const styles = (doc) => [...doc.querySelectorAll('link[rel~="stylesheet"]')];
  // a style sheet takes the place of the old one when it has come, so that the page is never without one
  const swapStyles = (next) => {
    const now = styles(document);
    const wanted = styles(next);
    wanted.forEach((link, i) => {
      const old = now[i];
      if (old && old.getAttribute("href") === link.getAttribute("href")) return;
      const fresh = document.importNode(link, true);
      fresh.addEventListener("load", () => old?.remove(), { once: true });
      fresh.addEventListener("error", () => old?.remove(), { once: true });
      if (old) old.after(fresh);
      else document.head.append(fresh);
    });
    now.slice(wanted.length).forEach((old) => old.remove());
  };

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  const own = (doc) => doc.querySelector('script[src$="_preview/client.js"]');
  const bodyOf = (doc) => {
    own(doc)?.remove();
    return doc.body;
  };

  let running = false;
  let again = false;
  const renew = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        const response = await fetch(location.href, { cache: "no-store" });
        const text = await response.text();
        const next = parse(text);
        const tag = own(next);
        if (tag) {
          edition = Math.max(edition, Number(tag.dataset.edition));
          showBadge(tag.dataset.badge);
        }
        swapStyles(next);
        const body = bodyOf(next);
        const html = body.innerHTML;
        if (html === shown) continue;
        // scripts of a theme would not run in a page that is put in place
        if (shown === null && body.querySelector("script:not([type='application/ld+json'])")) {
          location.reload();
          return;
        }
        shown = html;
        document.title = next.title;
        const { scrollX, scrollY } = window;
        const boxes = [...document.querySelectorAll("input[type=checkbox][id]")].filter((b) => b.checked).map((b) => b.id);
        document.body.className = body.className;
        document.body.replaceChildren(...[...body.childNodes].map((n) => document.importNode(n, true)), host);
        boxes.forEach((id) => {
          const b = document.getElementById(id);
          if (b) b.checked = true;
        });
        window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
      } while (again);
    } catch {
      // the server is away; its return is a message
    } finally {
      running = false;
    }
  };

  const take = (m) => {
    last = m;
    showFaults(m);
    if (m.address && follows() && decodeURI(location.pathname) !== m.address) {
      sessionStorage.setItem(followKey, "1");
      location.assign(encodeURI(m.address));
      return;
    }
    if (m.edition !== edition) renew();
  };

  const start = () => {
    document.body.append(host);
    showBadge(script.dataset.badge);
    const events = new EventSource(base + "_preview/events");
    events.onmessage = (e) => take(JSON.parse(e.data));
    events.onerror = () => {
      status.className = "errors";
      status.textContent = "预览已断开";
    };
  };
  start();
})();
