// `this.pushEvent("show-line", { id })` in a view scrolls that line to the middle of its log; the page itself stays.
window.addEventListener("phx:show-line", ({ detail: { id } }) => {
  const line = document.getElementById(id);
  const log = line?.closest(".scroller");
  if (log) log.scrollTop = line.offsetTop - (log.clientHeight - line.clientHeight) / 2;
});
