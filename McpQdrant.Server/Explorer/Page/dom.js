// Elements by calls. Texts become text nodes, never HTML: what is stored may be anything.

/** An element with attributes (on… for listeners) and children (elements, texts; what is null or false is left out). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in propertyNames) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

// What an element has as a property and not, or not only, as an attribute.
const propertyNames = { value: 1, checked: 1, disabled: 1, indeterminate: 1 };

/** An element of a drawing, likewise. */
export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Puts children in place of all that an element had. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
}

/** Says something to people, those with screen readers too. */
export function say(text) {
  document.getElementById("status").textContent = text;
}
