// Calls to the server that the page came from.

import { strings } from "./strings.js";

let csrf = null;
let signedOut = () => {};

/** What to do when the server asks who calls. */
export function onSignedOut(handler) {
  signedOut = handler;
}

export function setSession(session) {
  csrf = session.csrf ?? null;
}

/** The server refused; the message is its sentence, for people. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** @returns the answer's JSON, or null where it has none. */
export async function call(method, path, body, options = {}) {
  const response = await send(method, path, body, options);
  return response.status === 204 ? null : response.json();
}

/** @returns the response, which succeeded. */
export async function send(method, path, body, { headers = {}, signal } = {}) {
  const all = { ...headers };
  if (method !== "GET" && csrf !== null) all["X-CSRF-Token"] = csrf;
  const isRaw = body instanceof Blob;
  if (body !== undefined && !isRaw) all["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method, headers: all, signal, cache: "no-store", credentials: "same-origin",
    body: body === undefined ? undefined : isRaw ? body : JSON.stringify(body),
  });
  if (response.ok) return response;

  const problem = await response.json().catch(() => ({}));
  if (response.status === 401 && !path.startsWith("/explorer/")) signedOut();
  throw new Refused(response.status, problem);
}

const collection = name => `/api/v1/collections/${encodeURIComponent(name)}`;

const one = (name, id) => `${collection(name)}/memories/${encodeURIComponent(id)}`;

const query = values => {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
};

/** Metadata and filters are JSON there. */
const inAddress = ({ metadata, filter, ...asked }) => ({ ...asked, metadata: metadata && JSON.stringify(metadata), filter: filter && JSON.stringify(filter) });

/** @param onStep is called with how far it is. @returns what became of the file. */
async function importFile(name, file, { onConflict, dryRun }, onStep, signal) {
  const response = await send("POST", `${collection(name)}/import${query({ name: file.name, onConflict, dryRun })}`, file, { headers: { Accept: "application/x-ndjson" }, signal });
  let rest = "";
  for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop();
    for (const line of lines.map(JSON.parse)) {
      if (line.problem) throw new Refused(line.problem.status, line.problem);
      if (line.report) return line.report;
      onStep(line);
    }
    if (done) throw new Error(strings.importCutOff);
  }
}

/** Whether this caller may do something that changes memories. */
export const allows = (about, what) => !about.readOnly && about.may.includes(what);

export const api = {
  session: () => call("GET", "/explorer/session"),
  signIn: key => call("POST", "/explorer/session", { key }),
  signInByCode: code => call("POST", "/explorer/session", { code }),
  signOut: () => call("DELETE", "/explorer/session"),
  about: () => call("GET", "/api/v1"),
  collections: () => call("GET", "/api/v1/collections"),
  health: () => call("GET", "/api/v1/health"),
  list: (name, asked, cursor, signal) => call("GET", `${collection(name)}/memories${query({ limit: 200, cursor, ...inAddress(asked) })}`, undefined, { signal }),
  search: (name, text, asked, signal) => call("POST", `${collection(name)}/search`, { query: text, limit: 50, ...asked }, { signal }),
  exportAddress: (name, asked) => `${collection(name)}/export${query(inAddress(asked))}`,
  map: (name, asked) => call("GET", `${collection(name)}/map${query(inAddress(asked))}`),
  import: importFile,
  memory: (name, id) => call("GET", one(name, id)),
  update: (name, id, etag, change) => call("PATCH", one(name, id), change, { headers: { "If-Match": etag } }),
  preview: (name, ids) => call("POST", `${collection(name)}/forget/preview`, { ids }),
  /** Deletes what a preview of these ids showed, as far as it is still as it was then. */
  forget: (name, ids, { code, needsSelection }) => call("POST", `${collection(name)}/forget`, code ? { code, ...(needsSelection ? { ids } : {}) } : { ids }),
  changes: (name, memory) => call("GET", `${collection(name)}/changes${query({ memory, limit: 50 })}`),
  undo: (name, changes) => call("POST", `${collection(name)}/undo`, { changes }),
};
