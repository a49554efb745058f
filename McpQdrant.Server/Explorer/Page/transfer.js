// Memories as files: taking them along, and bringing them.
import { api } from "./api.js";
import { showDialog } from "./dialogs.js";
import { fill, h } from "./dom.js";
import { strings } from "./strings.js";

/** Takes a file into a collection, and shows how far it is. @param name null where one is to be named. @param done is called when memories were stored. */
export function showImport(name, done) {
  const target = h("input", { id: "import-collection", required: true, maxlength: 255 });
  const file = h("input", { id: "import-file", type: "file", required: true });
  const conflict = h("select", { id: "import-conflict" }, strings.conflicts.map(([value, meaning]) => h("option", { value }, meaning)));
  const dryRun = h("input", { id: "import-dry-run", type: "checkbox" });
  const bar = h("progress", { "aria-label": strings.importing });
  const step = h("p", { role: "status" });
  const progress = h("div", { hidden: true }, bar, step);
  const problem = h("p", { class: "problem", role: "alert" });
  const go = h("button", { class: "primary" }, strings.import);
  const stop = h("button", { type: "button", onclick: () => dialog.close() }, strings.close);
  const running = new AbortController();
  const dialog = showDialog(name === null ? strings.importNew : strings.importInto(name),
    h("form", { class: "edit", onsubmit: run },
      name === null && [h("label", { for: target.id }, strings.collection), target],
      h("label", { for: file.id }, strings.file), file, h("p", { class: "hint" }, strings.fileHint),
      h("label", { for: conflict.id }, strings.conflictLabel), conflict,
      h("div", { class: "row" }, dryRun, h("label", { for: dryRun.id }, strings.dryRun)),
      progress, problem, h("div", { class: "row" }, go, stop)));
  // What was stored by then stays; the same file again goes on from there.
  dialog.addEventListener("close", () => running.abort());

  async function run(event) {
    event.preventDefault();
    problem.textContent = "";
    progress.hidden = false;
    go.disabled = true;
    stop.textContent = strings.stop;
    fill(step, strings.importing);
    bar.removeAttribute("value");
    try {
      const report = await api.import(name ?? target.value, file.files[0], { onConflict: conflict.value, dryRun: dryRun.checked }, show, running.signal);
      bar.value = bar.max;
      fill(step, strings.imported(report, dryRun.checked), (report.firstSkipped ?? []).map(skipped => h("span", { class: "hint skipped" }, strings.skipped(skipped))));
      if (!dryRun.checked) done(name ?? target.value);
    } catch (failure) {
      progress.hidden = true;
      if (failure.name !== "AbortError") problem.textContent = failure.message;
    }
    go.disabled = false;
    stop.textContent = strings.close;
  }

  function show({ read, total }) {
    step.textContent = strings.importStep(read, total);
    if (total === undefined) return;
    bar.max = total;
    bar.value = read;
  }
}
