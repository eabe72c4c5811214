/** The user's actions as commands: listens to the page once and runs the bindings. */
import { loadingClasses, setComposing } from "../dom/element-state.ts";
import { formOf } from "../dom/form-of.ts";
import { invoke, isElement, read } from "../dom/native.ts";
import type { Host } from "./host.ts";
import { runBinding } from "./push.ts";

type Field = HTMLInputElement;

/** The innermost element with a binding that is not disabled, in the same view. */
function boundAround({ viewOf }: Host, target: Element, name: string): Element | undefined {
  const view = viewOf(target);
  for (let el: Element | null = target; view && el && el !== view.el; el = read(el, "parentElement")) {
    if (invoke(el, "hasAttribute", name) && !invoke(el, "matches", ":disabled"))
      return viewOf(el) === view ? el : undefined;
  }
  return undefined;
}

export function bind(host: Host): void {
  const { win, prefix } = host;
  const attribute = (name: string) => prefix + name;
  const on = (types: string, listener: (event: Event & { readonly target: Field }) => void) => {
    for (const type of types.split(" ")) win.addEventListener(type, listener as EventListener);
  };
  const click = (event: MouseEvent, target: Element) => {
    const name = attribute("click");
    const bound = boundAround(host, target, name);
    if (!bound) return;
    if (invoke(bound, "getAttribute", "href") === "#") event.preventDefault();
    if (loadingClasses(bound).includes("phx-click-loading")) return;
    host.actions.rateLimit.run(bound, "click", () => runBinding(host, "click", "click", bound, event));
  };
  /** By clicks that are under way: a script may click while another click is. */
  const away = new WeakMap<Event, () => void>();
  win.addEventListener("click", (event) => void away.set(event, host.actions.away(event)), true);
  win.addEventListener("click", (event) => {
    const { target } = event;
    // A window or a document is in no view.
    if (isElement(target)) click(event, target);
    host.actions.link(event);
    away.get(event)?.();
  });

  /** Browsers tell of one change twice: `input` while it is made, `change` when it is done. */
  let lastInput: Element | undefined;
  on("input change", (event) => {
    const { type, target } = event;
    const told = type === "change" && lastInput === target;
    lastInput = type === "input" ? target : undefined;
    const name = attribute("change");
    if (!isElement(target)) return;
    const bound = invoke(target, "getAttribute", name) ? target : formOf(target);
    if (!bound || !invoke(bound, "getAttribute", name) || target.validity?.badInput) return;
    const field = invoke(target, "getAttribute", "name") || "undefined";
    if (!told)
      host.actions.rateLimit.run(target, "change", () =>
        host.actions.runForm("change", bound, target, event, target, field),
      );
    if (type === "change" && read(win.document, "activeElement") !== target)
      host.actions.rateLimit.filled(target);
  });

  on("submit", (event) => {
    const form = event.target as unknown as HTMLFormElement;
    const { submitter } = event as unknown as SubmitEvent;
    if (!host.viewOf(form)) return;
    if (!invoke(form, "getAttribute", attribute("submit"))) {
      // Without a target, submitting would only load the page again and lose it.
      const isMeant =
        invoke(form, "matches", "[action],[method]") ||
        (submitter && invoke(submitter, "matches", "[formaction],[formmethod]"));
      if (invoke(form, "hasAttribute", attribute("change")) && !isMeant) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (loadingClasses(form).includes("phx-submit-loading")) return;
    host.actions.rateLimit.submit(form);
    host.actions.runForm("submit", form, form, event, submitter);
  });

  on("focusin focusout", (event) => {
    if (host.patching) return;
    const { target } = event;
    const type = event.type === "focusin" ? "focus" : "blur";
    if (type === "blur") host.actions.rateLimit.blur(target);
    const name = attribute(type);
    if (isElement(target) && invoke(target, "getAttribute", name))
      runBinding(host, type, type, target, event);
  });

  on("compositionstart compositionend", ({ type, target }) => setComposing(target, /start/.test(type)));
}
