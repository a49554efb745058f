// The start of the page: who is signed in, and which view is shown.
import { api, onSignedOut, setSession } from "./api.js";
import { collectionView } from "./collection.js";
import { collectionsView } from "./collections.js";
import { showKeys } from "./dialogs.js";
import { fill, h, say } from "./dom.js";
import { signInView } from "./signin.js";
import { strings } from "./strings.js";

const header = document.getElementById("header");
const main = document.getElementById("main");
let about = null;
document.getElementById("skip").textContent = strings.skip;

async function start(session) {
  session ??= await api.session();
  setSession(session);
  if (!session.signedIn) {
    showSignIn(session);
    return;
  }
  about = await api.about();
  fill(header,
    h("h1", {}, strings.title),
    about.readOnly && h("span", { class: "badge" }, strings.readOnly),
    h("span", { class: "caller" }, about.caller),
    h("button", { onclick: showKeys }, strings.keys),
    session.csrf && h("button", { onclick: signOut }, strings.signOut));
  await show();
}

/** #/ is all collections, #/name one of them. */
async function show() {
  if (about === null) return;
  const name = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
  say("");
  fill(main, h("p", {}, strings.loading));
  try {
    fill(main, name === "" ? await collectionsView() : collectionView(name, about));
  } catch (failure) {
    fill(main, h("p", { class: "problem", role: "alert" }, strings.failed(failure.message)));
  }
}

function showSignIn(session, reason) {
  about = null;
  fill(header, h("h1", {}, strings.title));
  fill(main, signInView(session, reason, start));
}

async function signOut() {
  await api.signOut();
  await start();
}

addEventListener("hashchange", show);
onSignedOut(async () => showSignIn(await api.session(), strings.sessionEnded));
start().catch(failure => say(strings.failed(failure.message)));
