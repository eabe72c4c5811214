// `this.pushEvent("focus", { id })` in a view puts the keyboard there.
window.addEventListener("phx:focus", ({ detail }) => {
  const element = document.getElementById(detail.id);
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
});
