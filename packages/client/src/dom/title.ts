/** The title of the page. */

/** Sets it between what the layout's title element says in `data-prefix` and `data-suffix`, or to `data-default` if it is empty. */
export function setTitle(document: Document, title: string): void {
  const {
    prefix = "",
    suffix = "",
    default: empty = "",
  } = document.querySelector<HTMLElement>("head title")?.dataset ?? {};
  document.title = prefix + (title || empty) + suffix;
}
