// The start of the page: who is signed in, and which view is shown.
import { api, onSignedOut, setSession } from "./api.js";
import { collectionsView } from "./collections.js";
import { fill, h, say } from "./dom.js";
import { signInView } from "./signin.js";
import { strings } from "./strings.js";

const header = document.getElementById("header");
const main = document.getElementById("main");
document.getElementById("skip").textContent = strings.skip;

async function start(session) {
  session ??= await api.session();
  setSession(session);
  if (!session.signedIn) {
    showSignIn(session);
    return;
  }
  const about = await api.about();
  fill(header,
    h("h1", {}, strings.title),
    about.readOnly && h("span", { class: "badge" }, strings.readOnly),
    h("span", { class: "caller" }, about.caller),
    session.csrf && h("button", { onclick: signOut }, strings.signOut));
  fill(main, await collectionsView());
}

function showSignIn(session, reason) {
  fill(header, h("h1", {}, strings.title));
  fill(main, signInView(session, reason, start));
}

async function signOut() {
  await api.signOut();
  await start();
}

onSignedOut(async () => showSignIn(await api.session(), strings.sessionEnded));
start().catch(failure => say(strings.failed(failure.message)));
