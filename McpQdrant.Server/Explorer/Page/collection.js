// One collection: searched, or the newest first, with the chosen memory beside the list.
import { allows, api } from "./api.js";
import { confirmForget } from "./dialogs.js";
import { fill, h, say } from "./dom.js";
import { filterFields, labelled } from "./filters.js";
import { virtualList } from "./list.js";
import { memoryView } from "./memory.js";
import { strings } from "./strings.js";
import { showImport } from "./transfer.js";

let keys = null;
addEventListener("keydown", event => keys?.(event));

export function collectionView(name, about) {
  const may = what => allows(about, what);
  const chosen = new Set();
  let entries = [];
  let current = -1;
  let cursor = null;
  let loading = null;
  let open = null;

  const text = h("input", { type: "search", id: "query", placeholder: strings.searchHint });
  const filters = filterFields();
  const count = h("p", { class: "hint", role: "status" });
  const problem = h("p", { class: "problem", role: "alert" });
  const forgetMany = h("button", { class: "danger", hidden: true, onclick: () => forget([...chosen]) });
  const selectAll = h("button", { hidden: true, onclick: () => chooseAll(chosen.size < entries.length) });
  const takeAlong = h("a", { class: "button", download: "" }, strings.export);
  const detail = h("section", { class: "detail", "aria-label": strings.memory, hidden: true });
  const list = virtualList(name, row, () => cursor !== null && loading === null && load());
  const view = h("div", { class: "collection" },
    h("div", { class: "browse" },
      h("div", { class: "row" }, h("h2", {}, name), h("a", { class: "button", href: `#/${encodeURIComponent(name)}/map` }, strings.map), takeAlong,
        may("store") && h("button", { onclick: () => showImport(name, restart) }, strings.import)),
      h("form", { role: "search", onsubmit: event => { event.preventDefault(); restart(); } },
        h("div", { class: "filters" }, labelled(strings.search, text), h("button", { class: "primary" }, strings.apply)),
        filters.element),
      h("div", { class: "row" }, count, selectAll, forgetMany), problem, list.element),
    detail);
  keys = pressed;
  restart();
  return view;

  function restart() {
    loading?.abort();
    [current, cursor, loading] = [-1, null, null];
    chosen.clear();
    close();
    load(true);
  }

  async function load(isFirst = false) {
    const mine = loading = new AbortController();
    try {
      const asked = filters.asked();
      takeAlong.href = api.exportAddress(name, asked);
      if (text.value.trim() !== "") {
        const answer = await api.search(name, text.value.trim(), asked, mine.signal);
        entries = answer.hits;
        count.textContent = strings.found(entries.length, answer.mode);
      } else {
        const page = await api.list(name, asked, isFirst ? undefined : cursor, mine.signal);
        entries = [...isFirst ? [] : entries, ...page.memories.map(memory => ({ memory }))];
        cursor = page.nextCursor ?? null;
        count.textContent = entries.length === 0 ? strings.none : `${strings.shown(entries.length, cursor !== null)}, ${strings.newest}`;
      }
      problem.textContent = "";
    } catch (failure) {
      if (failure.name === "AbortError") return;
      cursor = null;
      if (isFirst) entries = [];
      count.textContent = "";
      problem.textContent = failure.message;
    }
    if (loading !== mine) return;
    loading = null;
    list.set(entries, isFirst);
    drawChosen();
  }

  function row(entry, index) {
    const { memory } = entry;
    const box = may("forget") && h("input", {
      type: "checkbox", checked: chosen.has(memory.id), "aria-label": strings.select(memory.id), id: `choose-${memory.id}`,
      onchange: event => { event.target.checked ? chosen.add(memory.id) : chosen.delete(memory.id); drawChosen(); },
    });
    return h("li", { class: index === current ? "current" : null },
      box,
      h("button", { class: "entry", id: `entry-${memory.id}`, "aria-current": index === current ? "true" : null, onclick: () => choose(index) },
        h("span", { class: "excerpt" }, memory.text.slice(0, 400)),
        h("span", { class: "hint line" }, entry.score === undefined ? strings.facts(memory) : strings.scores(entry))));
  }

  function drawChosen() {
    forgetMany.hidden = chosen.size === 0;
    forgetMany.textContent = strings.forgetSelected(chosen.size);
    selectAll.hidden = !may("forget") || entries.length < 2;
    selectAll.textContent = chosen.size < entries.length ? strings.selectAll : strings.selectNone;
  }

  function chooseAll(isChosen) {
    chosen.clear();
    if (isChosen) for (const { memory } of entries) chosen.add(memory.id);
    list.draw();
    drawChosen();
  }

  function choose(index) {
    current = index;
    list.reveal(index);
    const entry = entries[index];
    open = memoryView(name, entry, about, { close, forget: () => forget([entry.memory.id]), changed });
    fill(detail, open.element);
    detail.hidden = false;
    view.classList.add("open");
  }

  function changed(memory) {
    entries = entries.map(entry => entry.memory.id === memory.id ? { ...entry, memory } : entry);
    list.set(entries);
  }

  function close() {
    open = null;
    detail.hidden = true;
    view.classList.remove("open");
  }

  async function forget(ids) {
    try {
      const result = await confirmForget(api, name, ids);
      if (result === null) return;
      const gone = new Set(ids);
      entries = entries.filter(entry => !gone.has(entry.memory.id));
      chosen.clear();
      close();
      current = Math.min(current, entries.length - 1);
      list.set(entries);
      drawChosen();
      say(strings.forgotten(result.deleted));
      if (result.change && may("undo"))
        document.getElementById("status").append(" ", h("button", { onclick: () => undo(result.change) }, strings.undo));
    } catch (failure) {
      problem.textContent = failure.message;
    }
  }

  async function undo(change) {
    try {
      const { memories } = await api.undo(name, [change]);
      say(memories.some(memory => memory.outcome === "undone") ? strings.undone : strings.notUndone);
      restart();
    } catch (failure) {
      problem.textContent = failure.message;
    }
  }

  function pressed(event) {
    if (!view.isConnected || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && open !== null) { close(); return; }
    if (event.target.closest("input, textarea, select")) return;
    const actions = {
      "/": () => text.focus(),
      j: () => current + 1 < entries.length && choose(current + 1),
      k: () => current > 0 && choose(current - 1),
      e: () => open?.edit(),
      "#": () => current >= 0 && may("forget") && forget([entries[current].memory.id]),
    };
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }
}
