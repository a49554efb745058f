// One memory: its text, metadata, history; editing it without writing over what others wrote.
import { allows, api } from "./api.js";
import { fill, h, say } from "./dom.js";
import { labelled } from "./filters.js";
import { scopeFields, splitScope } from "./scope.js";
import { strings } from "./strings.js";

/** @param entry a memory, possibly as a hit of a search. */
export function memoryView(collection, entry, about, { close, forget, changed }) {
  let memory = entry.memory;
  const may = what => allows(about, what);
  const body = h("div");
  const history = h("div");
  const element = h("div", {}, body, history);
  read();
  loadHistory();
  return { element, edit };

  function read() {
    fill(body,
      h("h2", { class: "unseen" }, strings.memory),
      h("div", { class: "row" },
        may("update") && memory.etag && h("button", { onclick: edit }, strings.edit),
        may("forget") && h("button", { class: "danger", onclick: forget }, strings.forget),
        h("button", { onclick: close }, strings.close)),
      entry.score !== undefined && h("p", { class: "hint" }, strings.scores(entry)),
      entry.passage && [h("h3", {}, strings.passage), h("blockquote", {}, entry.passage.text)],
      h("p", { class: "text" }, memory.text),
      metadataTable(memory.metadata),
      h("p", { class: "hint" }, strings.facts(memory)),
      h("p", { class: "hint" }, memory.id));
  }

  function edit() {
    if (!may("update") || !memory.etag) return;
    const problem = h("p", { class: "problem", role: "alert" });
    const text = h("textarea", { id: "edit-text", rows: 10, value: memory.text });
    const { scope, others } = splitScope(memory.metadata);
    const metadata = h("textarea", { id: "edit-metadata", rows: 5, spellcheck: "false", value: JSON.stringify(others, null, 2) });
    const scopes = scopeFields.map(name => h("input", { id: `edit-${name}`, name, size: 8, value: Object.fromEntries(scope)[name] ?? "" }));
    const expires = h("input", { id: "edit-expires", placeholder: strings.expiresHint, "aria-describedby": "edit-expires-now" });
    const other = h("div");
    fill(body, h("h2", { class: "unseen" }, strings.memory), h("form", { class: "edit", onsubmit: event => { event.preventDefault(); save(memory.etag); } },
      h("label", { for: "edit-text" }, strings.text), text,
      h("label", { for: "edit-metadata" }, strings.metadataJson), metadata,
      h("fieldset", {}, h("legend", {}, strings.scope), scopes.map(input => labelled(strings.scopeName(input.name), input))),
      h("label", { for: "edit-expires" }, strings.expires), expires, h("p", { id: "edit-expires-now", class: "hint" }, strings.expiresNow(memory)),
      problem, other,
      h("div", { class: "row" }, h("button", { class: "primary" }, strings.save), h("button", { type: "button", onclick: read }, strings.cancel))));
    text.focus();

    async function save(etag) {
      problem.textContent = "";
      const change = {};
      if (text.value !== memory.text) change.text = text.value;
      try {
        const wanted = JSON.parse(metadata.value || "{}");
        if (wanted === null || typeof wanted !== "object" || Array.isArray(wanted)) throw new SyntaxError();
        for (const input of scopes.filter(input => input.value.trim() !== "")) wanted[input.name] = input.value.trim();
        if (!sameFields(wanted, memory.metadata ?? {})) Object.assign(change, { metadata: wanted, replaceMetadata: true });
      } catch {
        problem.textContent = strings.badMetadata;
        return;
      }
      if (expires.value.trim() !== "") change.expires = expires.value.trim();
      if (Object.keys(change).length === 0) { read(); return; }
      try {
        take(await api.update(collection, memory.id, etag, change));
        say(strings.saved);
      } catch (failure) {
        if (failure.status === 412) await showOther();
        else problem.textContent = failure.message;
      }
    }

    async function showOther() {
      try {
        const theirs = await api.memory(collection, memory.id);
        fill(other, h("p", { class: "problem", role: "alert" }, strings.conflict),
          h("blockquote", { class: "text" }, theirs.text), metadataTable(theirs.metadata),
          h("div", { class: "row" },
            h("button", { type: "button", onclick: () => take(theirs) }, strings.useOther),
            h("button", { type: "button", onclick: () => save(theirs.etag) }, strings.keepMine)));
      } catch (failure) {
        problem.textContent = failure.message;
      }
    }
  }

  function take(now) {
    memory = now;
    changed(now);
    read();
    loadHistory();
  }

  async function loadHistory() {
    if (!about.keepsHistory) return;
    try {
      const { changes } = await api.changes(collection, memory.id);
      fill(history, h("h3", {}, strings.history),
        changes.length === 0 ? h("p", { class: "hint" }, strings.noHistory) : h("ol", { class: "plain" }, changes.map(change => h("li", {},
          h("p", {}, strings.change(change), " ",
            may("undo") && change.kind !== "created" && h("button", { onclick: () => undo(change.change) }, strings.undo)),
          change.before && h("details", {}, h("summary", {}, strings.before), h("p", { class: "text" }, change.before.text), metadataTable(change.before.metadata))))));
    } catch (failure) {
      fill(history, h("p", { class: "problem" }, failure.message));
    }
  }

  async function undo(change) {
    try {
      const { memories } = await api.undo(collection, [change]);
      say(memories.some(one => one.outcome === "undone") ? strings.undone : strings.notUndone);
      take(await api.memory(collection, memory.id));
    } catch (failure) {
      say(strings.failed(failure.message));
    }
  }
}

/** Whether two objects have the same fields, in whatever order. */
function sameFields(one, other) {
  const sorted = fields => JSON.stringify(Object.entries(fields).sort(([a], [b]) => a < b ? -1 : 1));
  return sorted(one) === sorted(other);
}

function metadataTable(metadata) {
  const { scope, others } = splitScope(metadata);
  const rows = fields => fields.map(([name, value]) => [h("dt", {}, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value))]);
  return [
    scope.length > 0 && h("p", { class: "scope" }, `${strings.scope} `, scope.map(([name, value]) => [h("span", { class: "badge" }, `${name}: ${value}`), " "])),
    Object.keys(others).length > 0 && h("dl", { class: "metadata" }, rows(Object.entries(others))),
  ];
}
