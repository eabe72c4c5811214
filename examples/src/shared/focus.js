// `this.pushEvent("focus", { id })` in a view puts the keyboard there; `{ to: [selector, …] }`, on the first that is found.
window.addEventListener("phx:focus", ({ detail: { id, to = [] } }) => {
  const found = to.map((selector) => document.querySelector(selector)).find(Boolean);
  const element = id ? document.getElementById(id) : found;
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
});
