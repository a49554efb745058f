// Signing in by key.
import { api } from "./api.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";

/** @param done gets the session. */
export function signInView(session, reason, done) {
  if (!session.asksForKey) return h("div", { class: "note" }, reason && h("p", { class: "problem", role: "alert" }, reason), h("p", {}, session.takesTokens ? strings.tokensOnly : strings.commandOnly));

  const problem = h("p", { class: "problem", id: "sign-in-problem", role: "alert" }, reason ?? "");
  const key = h("input", { id: "key", type: "password", autocomplete: "current-password", required: true, "aria-describedby": "key-hint sign-in-problem" });
  const form = h("form", { class: "sign-in", onsubmit: signIn },
    h("h2", {}, strings.signIn),
    h("label", { for: "key" }, strings.key),
    key,
    h("p", { id: "key-hint", class: "hint" }, strings.keyHint),
    problem,
    h("button", { class: "primary" }, strings.signIn));
  queueMicrotask(() => key.focus());
  return form;

  async function signIn(event) {
    event.preventDefault();
    problem.textContent = "";
    try {
      const opened = await api.signIn(key.value);
      key.value = "";
      await done(opened);
    } catch (failure) {
      problem.textContent = failure.message;
      key.select();
    }
  }
}
