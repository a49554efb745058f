// What the list and searches are narrowed to, as the API takes it.
import { h } from "./dom.js";
import { scopeFields } from "./scope.js";
import { strings } from "./strings.js";

/** @returns the elements, and what they ask for. */
export function filterFields() {
  const since = h("input", { id: "since", placeholder: strings.timeHint, size: 10 });
  const until = h("input", { id: "until", placeholder: strings.timeHint, size: 10 });
  const metadata = h("input", { id: "metadata", placeholder: strings.metadataHint, size: 14 });
  const by = h("input", { id: "by", size: 10 });
  const expiry = h("select", { id: "expiry" }, strings.expiries.map(([value, meaning]) => h("option", { value }, meaning)));
  const scope = scopeFields.map(name => h("input", { id: `scope-${name}`, name, size: 8 }));
  const summary = h("summary", {}, strings.filters(0));
  const element = h("details", { class: "more" }, summary, h("div", { class: "filters" },
    labelled(strings.since, since), labelled(strings.until, until), labelled(strings.metadata, metadata), labelled(strings.by, by), labelled(strings.expiry, expiry),
    scope.map(input => labelled(strings.scopeName(input.name), input))));

  return {
    element,
    asked() {
      const set = [since, until, metadata, by, expiry, ...scope].filter(input => input.value.trim() !== "");
      summary.textContent = strings.filters(set.length);
      return {
        since: since.value.trim() || undefined,
        until: until.value.trim() || undefined,
        metadata: asObject(metadata.value, scope),
        filter: asFilter(by.value.trim(), expiry.value),
      };
    },
  };
}

export function labelled(label, input) {
  return h("div", {}, h("label", { for: input.id }, label), input);
}

/** kind=fact, several with commas between them, and the scope. */
function asObject(text, scope) {
  const pairs = text.split(",").map(pair => pair.split("=")).filter(([key]) => key.trim() !== "").map(([key, ...value]) => [key.trim(), literal(value.join("=").trim())]);
  const scopes = scope.filter(input => input.value.trim() !== "").map(input => [input.name, input.value.trim()]);
  return pairs.length + scopes.length === 0 ? undefined : Object.fromEntries([...pairs, ...scopes]);
}

const literal = text => text === "true" ? true : text === "false" ? false : /^-?\d{1,15}$/.test(text) ? Number(text) : text;

/** By the fields that the server keeps beside text and metadata. */
function asFilter(by, expiry) {
  const noExpiry = { is_empty: { key: "memory_expires_at" } };
  const must = [];
  if (by !== "") must.push({ key: "memory_by", match: { value: by } });
  if (expiry === "never") must.push(noExpiry);
  if (must.length === 0 && expiry !== "some") return undefined;
  return { must, must_not: expiry === "some" ? [noExpiry] : [] };
}
