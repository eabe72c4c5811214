/** What a person does, as commands: listens to the page once and runs what is bound. */
import type { Json } from "@overwire/server/wire";
import { loadingClasses, setComposing, setPrefix, setSubmitter } from "../dom/element-state.ts";
import { clearUsed } from "../dom/used.ts";
import { isVisible } from "./effects.ts";
import { encodeFields, valueAttributes } from "./forms.ts";
import type { EventType, Host } from "./host.ts";
import { watchViewport } from "./viewport.ts";

type Field = HTMLInputElement;

export function bind(host: Host): void {
  const { win, prefix, timing } = host;
  const { document } = win;
  setPrefix(document, prefix);
  const attribute = (name: string) => prefix + name;
  const on = (types: string, listener: (event: Event & { readonly target: Field }) => void) => {
    for (const type of types.split(" ")) win.addEventListener(type, listener as EventListener);
  };
  /** All that have a binding, in whatever view. */
  const allBound = (name: string) =>
    [...document.querySelectorAll(`[${name}]`)].filter((el) => host.viewOf(el));

  const run = (
    type: EventType,
    name: string,
    source: Element,
    event: Event,
    payload: { readonly [key: string]: Json } = {},
  ) => {
    const given = { ...payload, ...host.metadata[type]?.(event, source) };
    host.commands.run(source.getAttribute(name) ?? "", { source, type, event, payload: given });
  };

  /** @param bound has the binding: the form, or the field that changes */
  const runForm = (
    type: "change" | "submit",
    bound: Element,
    source: Element,
    event: Event,
    submitter: Element | null | undefined,
    target?: string,
  ) => {
    const fields = encodeFields(bound, submitter, type === "change" ? prefix : undefined);
    const meta = {
      ...(target !== undefined && { _target: target }),
      ...host.metadata[type]?.(event, source),
      ...valueAttributes(bound, prefix),
    };
    const binding = bound.getAttribute(attribute(type)) ?? "";
    host.commands.run(binding, { source, type, event, form: { fields, meta } });
  };

  /** The innermost element with a binding that is not disabled, in the same view. */
  const boundAround = (target: Element, name: string) => {
    const view = host.viewOf(target);
    for (let el: Element | null = target; view && el && el !== view.el; el = el.parentElement) {
      if (el.hasAttribute(name) && !(el as Field).disabled) return host.viewOf(el) === view ? el : undefined;
    }
    return undefined;
  };

  const isInViewport = (el: Element) => {
    const { top, bottom, left, right } = el.getBoundingClientRect();
    return bottom >= 0 && right >= 0 && top <= win.innerHeight && left <= win.innerWidth;
  };

  /** Where the button of the mouse went down: a click that began in an element is not away from it. */
  let pressed: Element | null = null;
  const clickAway = (event: Event, started: Element) => {
    const name = attribute("click-away");
    if (!isVisible(started)) return;
    for (const el of allBound(name)) {
      if (!el.contains(started) && isVisible(el) && isInViewport(el)) run("click", name, el, event);
    }
  };

  on("mousedown", ({ target }) => {
    pressed = target;
  });
  on("click", (event) => {
    const { target } = event;
    // A window or a document is in no view.
    if (target.nodeType !== 1) return;
    // What a script or a key clicked was not pressed.
    const started = (event as unknown as MouseEvent).detail && pressed ? pressed : target;
    pressed = null;
    const name = attribute("click");
    const bound = boundAround(target, name);
    clickAway(event, started);
    if (!bound) return;
    if (bound.getAttribute("href") === "#") event.preventDefault();
    if (loadingClasses(bound).includes("phx-click-loading")) return;
    timing.run(bound, "click", () => run("click", name, bound, event));
  });

  /** Browsers tell of one change twice: `input` while it is made, `change` when it is done. */
  let lastInput: Element | undefined;
  on("input change", (event) => {
    const { type, target } = event;
    const told = type === "change" && lastInput === target;
    lastInput = type === "input" ? target : undefined;
    const name = attribute("change");
    const bound = target.getAttribute?.(name) ? target : target.form;
    const { detail } = event as unknown as CustomEvent<{ readonly dispatcher?: Element } | undefined>;
    if (!bound && detail?.dispatcher && !("form" in target))
      throw new Error(`Overwire: a custom ${type} event can only be dispatched on a field of a form`);
    if (told || !bound?.getAttribute(name) || target.validity?.badInput) return;
    // `form.name` may be a field of that name, so only the attribute counts.
    const field = target.getAttribute("name") || "undefined";
    timing.run(target, "change", () => runForm("change", bound, target, event, target, field));
  });

  // The button that resets a form stands for the change of all its fields, as soon as they have changed.
  on("reset", ({ target }) => {
    clearUsed(target);
    const fields = [...(target as unknown as HTMLFormElement).elements] as Field[];
    const button = fields.find(({ type }) => type === "reset");
    win.setTimeout(() => button?.dispatchEvent(new win.Event("input", { bubbles: true })));
  });

  on("submit", (event) => {
    const form = event.target as unknown as HTMLFormElement;
    const { submitter } = event as unknown as SubmitEvent;
    if (!host.viewOf(form)) return;
    if (!form.getAttribute(attribute("submit"))) {
      // Where nothing says what submitting is to do, it would only load the page again and lose it.
      const isMeant = form.matches("[action],[method]") || submitter?.matches("[formaction],[formmethod]");
      if (form.hasAttribute(attribute("change")) && !isMeant) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (loadingClasses(form).includes("phx-submit-loading")) return;
    timing.submit(form);
    setSubmitter(form, submitter);
    runForm("submit", form, form, event, submitter);
  });

  /** Autocompletion sends key events without a key; and what is pressed to compose a word is meant for the input method. */
  const matchesKey = (el: Element, { key, isComposing }: Partial<KeyboardEvent>) => {
    const wanted = el.getAttribute(attribute("key"));
    return key !== undefined && (!wanted || (!isComposing && wanted.toLowerCase() === key.toLowerCase()));
  };

  for (const type of ["keydown", "keyup"] as const) {
    on(type, (event) => {
      const { key } = event as unknown as KeyboardEvent;
      const isOwn = event.target.hasAttribute?.(attribute(type));
      const name = attribute(isOwn ? type : `window-${type}`);
      for (const el of isOwn ? [event.target] : allBound(name)) {
        if (!matchesKey(el, event as unknown as KeyboardEvent)) continue;
        timing.run(el, type, () => run(type, name, el, event, { key }), type === "keydown" ? key : "");
      }
    });
  }

  for (const [type, bubbling] of [
    ["focus", "focusin"],
    ["blur", "focusout"],
  ] as const) {
    on(bubbling, (event) => {
      if (host.patching) return;
      const { target } = event;
      if (type === "blur") timing.blur(target);
      if (target.getAttribute?.(attribute(type))) run(type, attribute(type), target, event);
    });
    on(type, (event) => {
      if ((event.target as unknown) !== win) return;
      const name = attribute(`window-${type}`);
      for (const el of allBound(name)) run(type, name, el, event);
    });
  }

  on("compositionstart", ({ target }) => setComposing(target, true));
  on("compositionend", ({ target }) => setComposing(target, false));

  watchViewport(host);
}
