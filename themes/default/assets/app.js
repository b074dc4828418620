// Everything here is an addition: without it all content is there.
const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

// 大字版 is remembered from page to page.
const large = document.getElementById("large");
try {
  large.checked = localStorage.getItem("large") === "1";
  large.addEventListener("change", () => localStorage.setItem("large", large.checked ? "1" : "0"));
} catch (e) { /* storage may be forbidden */ }

// Printing.
all("[data-tools]").forEach((tools) => { tools.hidden = false; });
all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));

// A table of contents takes little room on a phone until it is wanted.
if (matchMedia("(max-width: 61.99em)").matches) all("[data-toc]").forEach((toc) => { toc.open = false; });

// The find box of the home page shows the fields, units and disclosures that contain what was typed.
const form = document.querySelector("[data-find]");
if (form) {
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const items = all("[data-find-item]").map((item) => ({ item, text: plain(item.textContent) }));
  let found = 0;
  const update = () => {
    const words = input.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const fits = items.filter((it) => words.every((word) => it.text.includes(word)));
    // where nothing fits, everything stays in sight
    items.forEach((it) => { it.item.hidden = fits.length > 0 && !fits.includes(it); });
    all("[data-find-group], [data-find-part]").forEach((group) => {
      group.hidden = words.length > 0 && !group.querySelector("[data-find-item]:not([hidden])");
    });
    found = words.length ? fits.length : 0;
    status.textContent = !words.length ? "" : found ? `本页找到 ${found} 处，列在下面` : "本页没有找到，下面仍是全部领域和单位";
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) update(); });
  input.addEventListener("compositionend", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
    const first = found && document.querySelector("[data-find-item]:not([hidden]) a");
    if (first) first.focus();
  });
  form.hidden = false;
  if (input.value) update();
}

// A unit's catalog can be reduced to the items that have something.
const catalog = document.querySelector("[data-catalog]");
const empty = catalog ? all(".is-empty", catalog) : [];
if (empty.length) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const status = document.createElement("span");
  box.type = "checkbox";
  box.autocomplete = "off";
  status.setAttribute("role", "status");
  status.className = "unseen";
  label.append(box, "只看有信息的事项");
  catalog.querySelector("[data-catalog-tools]").append(label, status);
  box.addEventListener("change", () => {
    empty.forEach((item) => { item.hidden = box.checked; });
    all(".group", catalog).forEach((group) => { group.hidden = !group.querySelector(".item:not([hidden])"); });
    all(".toc a").forEach((link) => {
      const group = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      link.parentNode.hidden = !!group && !!group.closest("[hidden]");
    });
    status.textContent = box.checked ? `已隐藏 ${empty.length} 个暂无信息的事项` : "已显示全部事项";
  });
}
