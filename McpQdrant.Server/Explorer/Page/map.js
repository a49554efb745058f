// A collection as points of a plane, and the memories in it that say nearly the same.
import { allows, api } from "./api.js";
import { drawn, fill, h } from "./dom.js";
import { memoryView } from "./memory.js";
import { showMerge } from "./merge.js";
import { strings } from "./strings.js";

/** As many colours as the style sheet has; what is rarer shares the last. */
const colours = 8;

export async function mapView(name, about) {
  const { points, near, whole } = await api.map(name, {});
  const byId = new Map(points.map(point => [point.id, point]));
  const keys = [...new Set(points.flatMap(point => Object.keys(point.values)))].sort();
  const may = what => allows(about, what);
  const colour = h("select", { id: "map-colour", onchange: paint }, h("option", { value: "" }, strings.mapAge), keys.map(key => h("option", { value: key }, key)));
  const legend = h("ul", { class: "legend" });
  const detail = h("section", { class: "detail", "aria-label": strings.memory, hidden: true });
  const picture = drawn("svg", { class: "map", role: "img", "aria-label": strings.mapPicture(points.length), onwheel: wheel, onpointerdown: grab, onpointermove: drag });
  const circles = points.map(point => drawn("circle", { cx: point.x, cy: -point.y, onclick: () => open(point.id) }, drawn("title", {})));
  circles.forEach((circle, i) => { circle.firstChild.textContent = points[i].text; });
  picture.append(...circles);
  // All of it, with a margin.
  const all = { x: 0, y: 0, size: 2.2 };
  let view = all;
  let held = null;
  show();
  paint();

  return h("div", { class: "collection open map-page" },
    h("div", { class: "browse" },
      h("div", { class: "row" }, h("h2", {}, strings.mapOf(name)), h("a", { class: "button", href: `#/${encodeURIComponent(name)}` }, strings.mapList)),
      h("p", { class: "hint" }, strings.mapFacts(points.length, whole)),
      h("div", { class: "row" }, h("label", { for: "map-colour" }, strings.mapColour), colour,
        h("button", { onclick: () => zoom(0.6) }, strings.zoomIn), h("button", { onclick: () => zoom(1 / 0.6) }, strings.zoomOut),
        h("button", { onclick: () => { view = all; show(); } }, strings.zoomAll)),
      legend, picture),
    h("div", { class: "beside" }, detail,
      h("h3", {}, strings.near),
      near.length === 0 && h("p", { class: "hint" }, strings.noNear),
      h("ul", { class: "plain" }, near.map(pair => h("li", { class: "pair" },
        h("p", { class: "excerpt" }, byId.get(pair.one).text), h("p", { class: "excerpt" }, byId.get(pair.other).text),
        h("div", { class: "row" }, h("span", { class: "hint" }, strings.similarity(pair.similarity)),
          may("update") && may("forget") && h("button", { onclick: () => showMerge(name, pair.one, pair.other, again) }, strings.merge)))))));

  function again() {
    dispatchEvent(new HashChangeEvent("hashchange"));
  }

  async function open(id) {
    const memory = await api.memory(name, id);
    const shown = memoryView(name, { memory }, { ...about, may: about.may.filter(what => what !== "forget") }, { close: () => { detail.hidden = true; }, forget: () => {}, changed: () => {} });
    fill(detail, shown.element);
    detail.hidden = false;
  }

  /** Keeps the middle where it is, or the place that is pointed at. */
  function zoom(factor, at = { x: view.x, y: view.y }) {
    const size = Math.min(Math.max(view.size * factor, 0.02), 4);
    const ratio = size / view.size;
    view = { x: at.x + (view.x - at.x) * ratio, y: at.y + (view.y - at.y) * ratio, size };
    show();
  }

  function show() {
    picture.setAttribute("viewBox", `${view.x - view.size / 2} ${view.y - view.size / 2} ${view.size} ${view.size}`);
    for (const circle of circles) circle.setAttribute("r", view.size / 90);
  }

  function place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  function wheel(event) {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, place(event));
  }

  function grab(event) {
    held = place(event);
  }

  function drag(event) {
    if (held === null || event.buttons === 0) { held = null; return; }
    const now = place(event);
    view = { ...view, x: view.x + held.x - now.x, y: view.y + held.y - now.y };
    show();
  }

  function paint() {
    const groups = colour.value === "" ? ages() : values(colour.value);
    circles.forEach((circle, i) => circle.setAttribute("class", `c${groups.of(points[i])}`));
    fill(legend, groups.names.map((group, i) => h("li", {}, h("span", { class: `dot c${i}` }), " ", group)));
  }

  /** Eight parts of equal size, from the oldest to the newest. */
  function ages() {
    const times = points.map(point => point.createdAt ?? "").sort();
    const names = Array.from({ length: colours }, (_, i) => i === 0 ? strings.mapOldest : i === colours - 1 ? strings.mapNewest : "");
    return { names, of: point => Math.min(colours - 1, Math.floor(colours * times.indexOf(point.createdAt ?? "") / times.length)) };
  }

  /** The most frequent values, each with a colour of its own. */
  function values(key) {
    const counts = new Map();
    for (const { values: { [key]: value } } of points) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    const names = [...counts].sort(([, a], [, b]) => b - a).slice(0, colours - 1).map(([value]) => value);
    return { names: [...names, strings.mapOther], of: point => { const at = names.indexOf(point.values[key]); return at < 0 ? names.length : at; } };
  }
}
