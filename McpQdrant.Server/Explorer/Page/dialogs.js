// Dialogs: the browser's own, which keep the focus within and close by Escape.
import { h } from "./dom.js";
import { strings } from "./strings.js";

/** Shows a dialog; it is gone when it closes. */
export function showDialog(title, ...children) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, h("h2", { id: "dialog-title" }, title), ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.getElementById("dialogs").append(dialog);
  dialog.showModal();
  return dialog;
}

export function showKeys() {
  const dialog = showDialog(strings.keys,
    h("dl", { class: "keys" }, strings.keyList.map(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)])),
    h("button", { onclick: () => dialog.close() }, strings.close));
}

/** Shows exactly what would go, and deletes it if that is confirmed. @returns the result; null where it wasn't. */
export async function confirmForget(api, collection, ids) {
  // The code is of these memories as they are at this moment: what is read after it and changed since, stays.
  const preview = await api.preview(collection, ids);
  const memories = preview.count > preview.memories.length ? await readAll(api, collection, ids) : preview.memories;
  return new Promise((resolve, reject) => {
    let answer = null;
    const yes = h("button", { class: "danger", disabled: preview.count === 0, onclick: forget }, strings.forget);
    const dialog = showDialog(strings.forgetTitle(preview.count),
      h("ul", { class: "plain", tabindex: "0", "aria-label": strings.forgetTitle(preview.count) }, memories.map(memory => h("li", { class: "excerpt" }, memory.text))),
      h("div", { class: "row" }, yes, h("button", { onclick: () => dialog.close() }, strings.cancel)));
    dialog.addEventListener("close", () => resolve(answer));

    async function forget() {
      yes.disabled = true;
      try {
        answer = await api.forget(collection, ids, preview);
      } catch (failure) {
        reject(failure);
      }
      dialog.close();
    }
  });
}

/** As many at once as an address has room for. */
async function readAll(api, collection, ids) {
  const found = [];
  for (let i = 0; i < ids.length; i += 100)
    found.push(...(await api.list(collection, { filter: { must: [{ has_id: ids.slice(i, i + 100) }] } })).memories);
  return found;
}
