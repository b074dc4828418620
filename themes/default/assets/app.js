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
