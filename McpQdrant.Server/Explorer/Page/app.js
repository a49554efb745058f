// The start of the page: who is signed in, and which view is shown.
import { api, onSignedOut, setSession } from "./api.js";
import { collectionView } from "./collection.js";
import { collectionsView } from "./collections.js";
import { showKeys } from "./dialogs.js";
import { fill, h, say } from "./dom.js";
import { healthView } from "./health.js";
import { mapView } from "./map.js";
import { signInView } from "./signin.js";
import { strings } from "./strings.js";

const header = document.getElementById("header");
const main = document.getElementById("main");
let about = null;
document.getElementById("skip").textContent = strings.skip;

async function start(session) {
  session ??= await signInByAddress() ?? await api.session();
  setSession(session);
  if (!session.signedIn) {
    showSignIn(session);
    return;
  }
  about = await api.about();
  fill(header,
    h("h1", {}, strings.title),
    about.readOnly && h("span", { class: "badge" }, strings.readOnly),
    h("nav", { "aria-label": strings.pages }, h("a", { href: "#/" }, strings.collections), " ", h("a", { href: "#health" }, strings.health)),
    h("span", { class: "caller" }, about.caller),
    h("button", { onclick: showKeys }, strings.keys),
    session.csrf && h("button", { onclick: signOut }, strings.signOut));
  await show();
}

/** #code=… is good for one sign-in; it goes from the address at once. @returns the session; null where there is no such code. */
async function signInByAddress() {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (!code) return null;
  history.replaceState(null, "", location.pathname);
  try {
    return await api.signInByCode(code);
  } catch (failure) {
    return { ...await api.session(), reason: failure.message };
  }
}

/** #/ is all collections, #/name one of them, #/name/map its map, #health the page of health and figures. */
async function show() {
  if (about === null) return;
  say("");
  fill(main, h("p", {}, strings.loading));
  try {
    fill(main, await viewOf(location.hash));
  } catch (failure) {
    fill(main, h("p", { class: "problem", role: "alert" }, strings.failed(failure.message)));
  }
}

function viewOf(hash) {
  if (hash === "#health") return healthView(about);
  const isMap = hash.endsWith("/map");
  const name = nameIn(isMap ? hash.slice(0, -"/map".length) : hash);
  document.title = name === "" ? strings.title : strings.titleOf(name);
  return name === "" ? collectionsView(about) : isMap ? mapView(name, about) : collectionView(name, about);
}

/** What is no escape stands for itself. */
function nameIn(hash) {
  const name = hash.replace(/^#\/?/, "");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function showSignIn(session, reason = session.reason) {
  about = null;
  fill(header, h("h1", {}, strings.title));
  fill(main, signInView(session, reason, start));
}

async function signOut() {
  await api.signOut();
  await start();
}

addEventListener("hashchange", async () => {
  await show();
  main.focus();
});
addEventListener("keydown", event => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  showKeys();
});
onSignedOut(async () => showSignIn(await api.session(), strings.sessionEnded));
start().catch(failure => say(strings.failed(failure.message)));
