/** Fields and their forms. */

/** The form that an element is a field of. A custom element may have told that to the browser alone. */
export function formOf(el: Element): HTMLFormElement | null {
  const { form } = el as HTMLInputElement;
  if (form !== undefined || !el.localName.includes("-")) return form ?? null;
  const id = el.getAttribute("form");
  const around = (id === null ? el.closest("form") : el.ownerDocument.getElementById(id)) as HTMLFormElement;
  return around?.localName === "form" && [...around.elements].includes(el) ? around : null;
}
