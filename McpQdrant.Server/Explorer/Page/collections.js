// The collections, with counts and models.
import { allows, api } from "./api.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";
import { showImport } from "./transfer.js";

export async function collectionsView(about) {
  const { collections } = await api.collections();
  return h("section", { "aria-labelledby": "collections-title" },
    h("div", { class: "row" },
      h("h2", { id: "collections-title" }, strings.collections),
      allows(about, "store") && h("button", { onclick: () => showImport(null, name => { location.hash = `#/${encodeURIComponent(name)}`; }) }, strings.import)),
    collections.length === 0 && h("p", { class: "note" }, strings.noCollections),
    h("ul", { class: "cards" }, collections.map(collection => h("li", { class: "card" },
      h("h3", {}, h("a", { href: `#/${encodeURIComponent(collection.name)}` }, collection.name)),
      h("p", {}, strings.memories(collection.memories)),
      h("p", { class: "hint" }, strings.collectionFacts(collection)),
      collection.problem && h("p", { class: "problem" }, collection.problem)))));
}
