// For whom a memory is: the fields of its metadata by which those who share a collection are kept apart.
export const scopeFields = ["user", "agent", "session", "project"];

/** @returns the scope as pairs, and the other metadata as an object. What has another value than one text is no scope. */
export function splitScope(metadata) {
  const fields = Object.entries(metadata ?? {});
  const isScope = ([name, value]) => scopeFields.includes(name) && typeof value === "string";
  return { scope: fields.filter(isScope), others: Object.fromEntries(fields.filter(field => !isScope(field))) };
}
