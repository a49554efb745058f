// All that the page says.
export const strings = {
  title: "Memories",
  skip: "Skip to the memories",
  signIn: "Sign in",
  signOut: "Sign out",
  key: "Key",
  keyHint: "The key of this server, or your own. It is sent once, and kept nowhere in the browser.",
  tokensOnly: "This server takes tokens of an authorization server, and no keys. Signing in there from this page isn't offered yet; give people keys by MCP_ACCESS_FILE.",
  sessionEnded: "The session has ended. Sign in again.",
  collections: "Collections",
  noCollections: "There is nothing yet. What agents remember appears here.",
  memories: count => count === 1 ? "1 memory" : `${count.toLocaleString("en")} memories`,
  collectionFacts: c => [c.model, c.search === "hybrid" ? "meaning and words" : c.search === "dense" ? "meaning" : null, c.expires ? "some expire" : null].filter(Boolean).join(" · "),
  readOnly: "read-only",
  loading: "Loading …",
  failed: reason => `That didn't work: ${reason}`,
};
