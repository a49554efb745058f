// A list of any length: rows are there only where one looks.
import { h } from "./dom.js";

const rowHeight = 76;
const spare = 8;

/** @param row makes the element of an item. @param more is called when the end comes near. */
export function virtualList(label, row, more) {
  const inner = h("ul", { class: "rows" });
  const element = h("div", { class: "list", tabindex: "0", role: "region", "aria-label": label, onscroll: draw }, inner);
  let items = [];
  new ResizeObserver(draw).observe(element);

  function draw() {
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare);
    const last = Math.min(items.length, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spare);
    inner.style.height = `${items.length * rowHeight}px`;
    const focused = inner.contains(document.activeElement) ? document.activeElement.id : null;
    inner.replaceChildren(...items.slice(first, last).map((item, i) => {
      const li = row(item, first + i);
      li.setAttribute("aria-setsize", "-1");
      li.setAttribute("aria-posinset", String(first + i + 1));
      li.style.top = `${(first + i) * rowHeight}px`;
      return li;
    }));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (last + spare >= items.length) more();
  }

  return {
    element,
    draw,
    set(values, fromStart = false) {
      items = values;
      if (fromStart) element.scrollTop = 0;
      draw();
    },
    reveal(index) {
      const top = index * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
      draw();
    },
  };
}
