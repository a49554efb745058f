// The collections, with counts and models.
import { api } from "./api.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";

export async function collectionsView() {
  const { collections } = await api.collections();
  if (collections.length === 0) return h("p", { class: "note" }, strings.noCollections);

  return h("section", { "aria-labelledby": "collections-title" },
    h("h2", { id: "collections-title" }, strings.collections),
    h("ul", { class: "cards" }, collections.map(collection => h("li", { class: "card" },
      h("h3", {}, h("a", { href: `#/${encodeURIComponent(collection.name)}` }, collection.name)),
      h("p", {}, strings.memories(collection.memories)),
      h("p", { class: "hint" }, strings.collectionFacts(collection)),
      collection.problem && h("p", { class: "problem" }, collection.problem)))));
}
