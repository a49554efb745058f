// Whether the server works, what it is, and how much it keeps.
import { api } from "./api.js";
import { h } from "./dom.js";
import { strings } from "./strings.js";

export async function healthView(about) {
  document.title = strings.titleOf(strings.health);
  const [{ status, checks }, { collections }] = await Promise.all([api.health(), about.may.includes("find") ? api.collections() : { collections: [] }]);
  const memories = collections.reduce((sum, collection) => sum + collection.memories, 0);
  return h("section", { "aria-labelledby": "health-title" },
    h("h2", { id: "health-title" }, strings.health),
    h("p", {}, h("strong", { class: `state ${status}` }, strings.state(status))),
    h("table", {},
      h("thead", {}, h("tr", {}, strings.checkColumns.map(column => h("th", { scope: "col" }, column)))),
      h("tbody", {}, checks.map(check => h("tr", {}, h("th", { scope: "row" }, check.name), h("td", { class: `state ${check.status}` }, strings.state(check.status)), h("td", {}, check.reason ?? ""))))),
    h("h2", {}, strings.figures),
    h("dl", { class: "metadata" },
      fact(strings.figureCollections, collections.length.toLocaleString("en")),
      fact(strings.figureMemories, memories.toLocaleString("en")),
      fact(strings.figureServer, `${about.name} ${about.version}`),
      fact(strings.figureCaller, about.caller),
      fact(strings.figureMay, about.may.join(", ")),
      fact(strings.figureHistory, about.keepsHistory ? strings.yes : strings.no)));
}

const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
