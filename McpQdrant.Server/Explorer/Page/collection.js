// One collection: searched, or the newest first, with the chosen memory beside the list.
import { api } from "./api.js";
import { confirmForget, showKeys } from "./dialogs.js";
import { fill, h, say } from "./dom.js";
import { virtualList } from "./list.js";
import { memoryView } from "./memory.js";
import { strings } from "./strings.js";

let keys = null;
addEventListener("keydown", event => keys?.(event));

export function collectionView(name, about) {
  const may = what => !about.readOnly && about.may.includes(what);
  const chosen = new Set();
  let entries = [];
  let current = -1;
  let cursor = null;
  let loading = null;
  let open = null;

  const text = h("input", { type: "search", id: "query", placeholder: strings.searchHint });
  const since = h("input", { id: "since", placeholder: strings.timeHint, size: 10 });
  const until = h("input", { id: "until", placeholder: strings.timeHint, size: 10 });
  const metadata = h("input", { id: "metadata", placeholder: strings.metadataHint, size: 14 });
  const count = h("p", { class: "hint", role: "status" });
  const problem = h("p", { class: "problem", role: "alert" });
  const forgetMany = h("button", { class: "danger", hidden: true, onclick: () => forget([...chosen]) });
  const detail = h("section", { class: "detail", "aria-label": strings.memory, hidden: true });
  const list = virtualList(name, row, () => cursor !== null && loading === null && load());
  const view = h("div", { class: "collection" },
    h("div", { class: "browse" },
      h("p", {}, h("a", { href: "#/" }, strings.back)),
      h("h2", {}, name),
      h("form", { class: "filters", role: "search", onsubmit: event => { event.preventDefault(); restart(); } },
        field(strings.search, text), field(strings.since, since), field(strings.until, until), field(strings.metadata, metadata),
        h("button", { class: "primary" }, strings.apply)),
      h("div", { class: "row" }, count, forgetMany), problem, list.element),
    detail);
  keys = pressed;
  restart();
  return view;

  function field(label, input) {
    return h("div", {}, h("label", { for: input.id }, label), input);
  }

  function restart() {
    loading?.abort();
    [entries, current, cursor, loading] = [[], -1, null, null];
    chosen.clear();
    close();
    load(true);
  }

  async function load(isFirst = false) {
    const mine = loading = new AbortController();
    try {
      const asked = { since: since.value.trim() || undefined, until: until.value.trim() || undefined, metadata: asMetadata(metadata.value) };
      if (text.value.trim() !== "") {
        const answer = await api.search(name, text.value.trim(), asked, mine.signal);
        entries = answer.hits;
        count.textContent = strings.found(entries.length, answer.mode);
      } else {
        const page = await api.list(name, asked, isFirst ? undefined : cursor, mine.signal);
        entries = [...entries, ...page.memories.map(memory => ({ memory }))];
        cursor = page.nextCursor ?? null;
        count.textContent = entries.length === 0 ? strings.none : `${strings.shown(entries.length, cursor !== null)}, ${strings.newest}`;
      }
      problem.textContent = "";
    } catch (failure) {
      if (failure.name === "AbortError") return;
      cursor = null;
      problem.textContent = failure.message;
    }
    if (loading !== mine) return;
    loading = null;
    list.set(entries);
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
  }

  function choose(index) {
    current = index;
    list.reveal(index);
    const entry = entries[index];
    open = memoryView(name, entry, about, { close, forget: () => forget([entry.memory.id]), changed: memory => { entries[index] = { ...entry, memory }; list.set(entries); } });
    fill(detail, open.element);
    detail.hidden = false;
    view.classList.add("open");
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
      entries = entries.filter(entry => !ids.includes(entry.memory.id));
      chosen.clear();
      close();
      current = Math.min(current, entries.length - 1);
      list.set(entries);
      drawChosen();
      say(strings.forgotten(result.deleted));
      if (result.change && about.may.includes("undo") && !about.readOnly)
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
      "?": showKeys,
    };
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }
}

/** kind=fact, several with commas between them, as the JSON that the API takes. */
function asMetadata(text) {
  const pairs = text.split(",").map(pair => pair.split("=")).filter(([key]) => key.trim() !== "");
  if (pairs.length === 0) return undefined;
  return JSON.stringify(Object.fromEntries(pairs.map(([key, ...value]) => [key.trim(), literal(value.join("=").trim())])));
}

const literal = text => text === "true" ? true : text === "false" ? false : /^-?\d{1,15}$/.test(text) ? Number(text) : text;
