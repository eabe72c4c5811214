/** What a person does, as events of the views: listens to the page once and looks up what is bound. */
import type { FormMeta, Json } from "@overwire/server/wire";
import { loadingClasses, setComposing } from "../dom/element-state.ts";
import { encodeFields, valueAttributes } from "./forms.ts";
import type { Timing } from "./timing.ts";

export type EventType = "click" | "change" | "submit" | "keydown" | "keyup" | "focus" | "blur";

/** An event to be sent. `source` shows that it awaits its answer. */
export type Push = { readonly type: EventType; readonly event: string; readonly source: Element } & (
  | { readonly payload: Json }
  | { readonly form: string; readonly meta: FormMeta }
);

/** A view as the bindings see it. */
export interface BoundView {
  /** The element that contains it. */
  readonly el: Element;
  push(push: Push): void;
}

/** What goes with events of a type, beside what the page says. */
export type Metadata = {
  readonly [Type in EventType]?: (event: Event, el: Element) => { readonly [key: string]: Json };
};

export interface Host {
  readonly win: Window & typeof globalThis;
  readonly prefix: string;
  readonly timing: Timing;
  readonly metadata: Metadata;
  readonly views: Iterable<BoundView>;
  /** The page is being patched: focus moves that no person made. */
  readonly patching: boolean;
  /** Values that win over all others. */
  extraValues(): object | undefined;
  /** The view that an element is in. */
  viewOf(el: Element): BoundView | undefined;
}

interface PushCommand {
  readonly event: string;
  readonly value?: Json;
}

const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A binding is an event's name, or commands as JSON. */
function readPushes(binding: string): readonly PushCommand[] {
  if (binding[0] !== "[") return [{ event: binding }];
  const commands = JSON.parse(binding) as readonly [name: string, options: PushCommand][];
  return commands.filter(([name]) => name === "push").map(([, options]) => options);
}

/** What an element sends as its own value. */
function ownValue(el: Element): { value?: string } {
  const { type, checked, value } = el as HTMLInputElement;
  if (/^(checkbox|radio)$/.test(type) && !checked) return {};
  if (
    el.localName === "form" ||
    !(el.hasAttribute("value") || /^(input|select|textarea)$/.test(el.localName))
  )
    return {};
  return { value: String(value ?? el.getAttribute("value")) };
}

export function bind(host: Host): void {
  const { win, prefix, timing } = host;
  const attribute = (name: string) => prefix + name;
  const on = (types: string, listener: (event: Event & { readonly target: HTMLInputElement }) => void) => {
    for (const type of types.split(" ")) win.addEventListener(type, listener as EventListener);
  };

  const push = (
    type: EventType,
    binding: string,
    source: Element,
    event: Event,
    more: { readonly [key: string]: Json } = {},
  ) => {
    const given = {
      ...more,
      ...host.metadata[type]?.(event, source),
      ...valueAttributes(source, prefix),
      ...ownValue(source),
    };
    for (const { event: name, value = {} } of readPushes(binding)) {
      // A payload that is no object stands alone.
      const payload = isRecord(value) ? { ...given, ...value, ...host.extraValues() } : value;
      host.viewOf(source)?.push({ type, event: name, source, payload });
    }
  };

  const pushForm = (
    type: "change" | "submit",
    binding: string,
    source: Element,
    event: Event,
    form: string,
    target?: string,
  ) => {
    for (const command of readPushes(binding)) {
      const meta = {
        ...(target !== undefined && { _target: target }),
        ...host.metadata[type]?.(event, source),
        ...valueAttributes(source, prefix),
        ...(isRecord(command.value) && command.value),
        ...host.extraValues(),
      };
      host.viewOf(source)?.push({ type, event: command.event, source, form, meta });
    }
  };

  on("click", (event) => {
    const name = attribute("click");
    let el: Element | null = event.target.closest?.(`[${name}]`) ?? null;
    while (el && (el as HTMLInputElement).disabled) el = el.parentElement?.closest(`[${name}]`) ?? null;
    if (!el || !host.viewOf(el)) return;
    if (el.getAttribute("href") === "#") event.preventDefault();
    if (loadingClasses(el).includes("phx-click-loading")) return;
    const bound = el;
    timing.run(bound, "click", () => push("click", bound.getAttribute(name) ?? "", bound, event));
  });

  /** Browsers tell of one change twice: `input` while it is made, `change` when it is done. */
  let lastInput: Element | undefined;
  const change = (event: Event, target: HTMLInputElement) => {
    const { type } = event;
    const told = type === "change" && lastInput === target;
    lastInput = type === "input" ? target : undefined;
    const name = attribute("change");
    const own = target.getAttribute?.(name);
    const source = own ? target : target.form;
    const binding = own || source?.getAttribute(name);
    if (told || !source || !binding || target.validity?.badInput) return;
    // `form.name` may be a field of that name, so only the attribute counts.
    const targetName = target.getAttribute("name") || "undefined";
    timing.run(target, "change", () =>
      pushForm("change", binding, source, event, encodeFields(source, target), targetName),
    );
  };
  on("input change", (event) => change(event, event.target));

  // The button that resets a form stands for the change of all its fields, as soon as they have changed.
  on("reset", (event) => {
    const button = [...(event.target as unknown as HTMLFormElement).elements].find(
      ({ type }: Partial<HTMLInputElement>) => type === "reset",
    );
    if (button) win.setTimeout(() => change(event, button as HTMLInputElement));
  });

  on("submit", (event) => {
    const form = event.target as unknown as HTMLFormElement;
    const { submitter } = event as unknown as SubmitEvent;
    const binding = form.getAttribute(attribute("submit"));
    if (!host.viewOf(form)) return;
    if (!binding) {
      // Where nothing says what submitting is to do, it would only load the page again and lose it.
      const isMeant = form.matches("[action],[method]") || submitter?.matches("[formaction],[formmethod]");
      if (form.hasAttribute(attribute("change")) && !isMeant) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (loadingClasses(form).includes("phx-submit-loading")) return;
    timing.submit(form);
    pushForm("submit", binding, form, event, encodeFields(form, submitter));
  });

  /** Autocompletion sends key events without a key; and what is pressed to compose a word is meant for the input method. */
  const matchesKey = (el: Element, { key, isComposing }: Partial<KeyboardEvent>) => {
    const wanted = el.getAttribute(attribute("key"));
    return key !== undefined && (!wanted || (!isComposing && wanted.toLowerCase() === key.toLowerCase()));
  };
  const boundInViews = (name: string) =>
    [...host.views].flatMap(({ el }) => [...el.querySelectorAll(`[${name}]`)]);

  for (const type of ["keydown", "keyup"] as const) {
    on(type, (event) => {
      const { key } = event as unknown as KeyboardEvent;
      const name = attribute(type);
      const isOwn = event.target.hasAttribute?.(name);
      const global = attribute(`window-${type}`);
      for (const el of isOwn ? [event.target] : boundInViews(global)) {
        if (!matchesKey(el, event as unknown as KeyboardEvent)) continue;
        const binding = el.getAttribute(isOwn ? name : global) ?? "";
        timing.run(el, type, () => push(type, binding, el, event, { key }), type === "keydown" ? key : "");
      }
    });
  }

  for (const [type, bubbling] of [
    ["focus", "focusin"],
    ["blur", "focusout"],
  ] as const) {
    on(bubbling, (event) => {
      if (host.patching) return;
      if (type === "blur") timing.blur(event.target);
      const binding = event.target.getAttribute?.(attribute(type));
      if (binding) push(type, binding, event.target, event);
    });
    on(type, (event) => {
      if ((event.target as unknown) !== win) return;
      const name = attribute(`window-${type}`);
      for (const el of boundInViews(name)) push(type, el.getAttribute(name) ?? "", el, event);
    });
  }

  on("compositionstart", ({ target }) => setComposing(target, true));
  on("compositionend", ({ target }) => setComposing(target, false));
}
