// Two memories that say nearly the same become one.
import { api } from "./api.js";
import { showDialog } from "./dialogs.js";
import { h, say } from "./dom.js";
import { strings } from "./strings.js";

/** @param done is called when they are one. */
export async function showMerge(collection, one, other, done) {
  const both = await Promise.all([api.memory(collection, one), api.memory(collection, other)]);
  const [older, newer] = both.sort((a, b) => (a.createdAt ?? "") < (b.createdAt ?? "") ? -1 : 1);
  const text = h("textarea", { id: "merge-text", rows: 8, value: joined(older.text, newer.text) });
  const problem = h("p", { class: "problem", role: "alert" });
  const go = h("button", { class: "primary" }, strings.merge);
  const dialog = showDialog(strings.mergeTitle,
    h("form", { class: "edit", onsubmit: merge },
      h("label", { for: text.id }, strings.text), text, h("p", { class: "hint" }, strings.mergeHint), problem,
      h("div", { class: "row" }, go, h("button", { type: "button", onclick: () => dialog.close() }, strings.cancel))));
  text.focus();

  async function merge(event) {
    event.preventDefault();
    go.disabled = true;
    try {
      // The code is of the newer one as it is now: it has to be the one that was shown.
      const preview = await api.preview(collection, [newer.id]);
      if (preview.memories[0]?.etag !== newer.etag) throw new Error(strings.mergeChanged);
      await api.update(collection, older.id, older.etag, { text: text.value, metadata: { ...newer.metadata, ...older.metadata }, replaceMetadata: true });
      await api.forget(collection, [newer.id], preview);
      dialog.close();
      done();
      say(strings.merged);
    } catch (failure) {
      problem.textContent = failure.status === 412 ? strings.mergeChanged : failure.message;
      go.disabled = false;
    }
  }
}

/** A text that is part of the other adds nothing. */
const joined = (one, other) => one.includes(other) ? one : other.includes(one) ? other : `${one}\n${other}`;
