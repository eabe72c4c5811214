/** A page in happy-dom, with differences from browsers put right, and loads of other pages told instead of done. */
import {
  GlobalWindow,
  type HTMLDialogElement,
  type HTMLElement,
  type HTMLFormElement,
  type HTMLInputElement,
  PropertySymbol,
  type Window,
} from "happy-dom";
import { readText } from "../errors/describe.ts";
import { readForm } from "../forms/fields.ts";
import { isDisabledControl, mendFormData } from "../forms/form-data.ts";
import { invalidFields } from "../forms/validity.ts";
import { mendCosts } from "./browser-costs.ts";
import { mendDialogClass, watchDialogs } from "./browser-dialogs.ts";
import { mendDispatch } from "./browser-events.ts";
import { mendDragging, mendFiles } from "./browser-files.ts";
import { mendInputClass } from "./browser-inputs.ts";
import { mendNodes } from "./browser-nodes.ts";
import { mendProxies } from "./browser-proxies.ts";
import { mendSelectors } from "./browser-selectors.ts";
import { mendSelectClass } from "./browser-selects.ts";
import { countEvents } from "./reaching.ts";

/** A page that the browser would load now. */
export interface Load {
  readonly method: "GET" | "POST";
  readonly url: URL;
  /** Fields of a form. */
  readonly body?: URLSearchParams | FormData | undefined;
}

/** Events of a page. */
export interface PageEvents {
  /** A script, a link or a form leaves the page. */
  onLoad(load: Load): void;
  /** A script changed the address in the history. */
  onHistory(url: URL, replace: boolean): void;
}

/** happy-dom keeps the newline that opens these elements; a browser drops it. */
const openingNewline = /(<(?:textarea|pre|listing)\b(?:"[^"]*"|'[^']*'|[^>"'])*>)\r?\n/gi;

/** Pages that hear of forms that a script submits. happy-dom's windows share their classes. */
const listeners = new WeakMap<object, PageEvents>();
let patched = false;

/** Mends happy-dom's classes, once. */
function patchClasses(window: Window): void {
  if (patched) return;
  patched = true;
  const { HTMLTemplateElement, HTMLFormElement, Element } = window;
  if (mendNodes(window)) mendDispatch(window);
  mendCosts(window);
  mendSelectors(window);
  mendProxies(window);
  mendFiles(window);
  mendDialogClass(window);
  mendInputClass(window);
  mendSelectClass(window);
  const template = HTMLTemplateElement.prototype;
  const html = Object.getOwnPropertyDescriptor(template, "innerHTML") as Required<PropertyDescriptor>;
  Object.defineProperty(template, "innerHTML", {
    configurable: true,
    get: html.get,
    set(text: string) {
      html.set.call(this, text.replace(openingNewline, "$1"));
    },
  });
  const form = HTMLFormElement.prototype;
  form.checkValidity = form.reportValidity = function (this: HTMLFormElement) {
    const invalid = invalidFields(this);
    for (const field of invalid) field.dispatchEvent(new window.Event("invalid", { cancelable: true }));
    return invalid.length === 0;
  };
  const submit = form.submit;
  form.submit = function (this: HTMLFormElement) {
    const events = listeners.get(this.ownerDocument);
    if (events) events.onLoad(loadOf(this));
    else submit.call(this);
  };
  const option = window.HTMLOptionElement.prototype;
  for (const name of ["value", "text"] as const) {
    const own = Object.getOwnPropertyDescriptor(option, name);
    Object.defineProperty(option, name, {
      ...own,
      get(this: HTMLElement) {
        // Only `value` says more than what the user reads.
        return (name === "value" ? this.getAttribute(name) : null) ?? readText(this);
      },
    });
  }
  const { matches } = Element.prototype;
  Element.prototype.matches = function (this: HTMLElement, selector: string) {
    return selector === ":disabled" ? isDisabledControl(this) : matches.call(this, selector);
  };
  // To happy-dom what has the attribute `hidden`, or is in a closed dialog, is as visible as anything else.
  const { checkVisibility } = Element.prototype;
  Element.prototype.checkVisibility = function (this: HTMLElement, ...args) {
    const hidden = this.closest("[hidden],dialog:not([open])") as HTMLElement | null;
    return hidden?.style.display !== "" && checkVisibility.apply(this, args);
  };
  // It has bound its methods already.
  (window as unknown as Record<typeof PropertySymbol.bindMethods, () => void>)[PropertySymbol.bindMethods]();
}

/** Opens a page. No script or style of it is loaded or run. {@link watchLeaving} makes it complete. */
export function openPage(url: string, html: string, events: PageEvents): Window {
  const window = new GlobalWindow({
    url,
    settings: {
      disableJavaScriptFileLoading: true,
      disableCSSFileLoading: true,
      handleDisabledFileLoadingAsSuccess: true,
      navigation: { disableFallbackToSetURL: true },
    },
  });
  patchClasses(window);
  releaseProcess(window);
  countEvents(window);
  mendDragging(window);
  mendFormData(window);
  listeners.set(window.document, events);
  watchLocation(window, events);
  watchHistory(window, events);
  window.document.write(html.replace(openingNewline, "$1"));
  chooseLast(window);
  return window;
}

/** An open page does not keep the process of the tests. */
function releaseProcess(window: Window): void {
  for (const name of ["setTimeout", "setInterval"] as const) {
    const own: (...args: Parameters<Window["setTimeout"]>) => object = window[name];
    const start = (...args: Parameters<typeof own>) => {
      const timer = own(...args);
      (timer as { unref?(): void }).unref?.();
      return timer;
    };
    Object.assign(window, { [name]: start });
  }
}

/** Of several chosen options of a select for one, happy-dom takes any; a browser the last. */
function chooseLast({ document }: Window): void {
  for (const select of document.querySelectorAll("select:not([multiple])")) {
    const chosen = [...select.querySelectorAll("option[selected]")];
    if (chosen.length > 1) (chosen.at(-1) as unknown as HTMLOptionElement).selected = true;
  }
}

function watchLocation({ location }: Window, { onLoad }: PageEvents): void {
  const { get, set } = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(location),
    "href",
  ) as Required<PropertyDescriptor>;
  const go = (to: string | URL) => {
    const url = new URL(String(to), location.href);
    if (leadsElsewhere(url, location.href)) onLoad({ method: "GET", url });
    else set.call(location, url.href);
  };
  Object.defineProperties(location, {
    href: { configurable: true, get: () => get.call(location), set: go },
    assign: { configurable: true, value: go },
    replace: { configurable: true, value: go },
    reload: {
      configurable: true,
      value: () => onLoad({ method: "GET", url: new URL(location.href) }),
    },
  });
}

const leadsElsewhere = (url: URL, from: string) =>
  url.hash === "" || url.href.split("#")[0] !== from.split("#")[0];

function watchHistory({ history, location }: Window, { onHistory }: PageEvents): void {
  for (const name of ["pushState", "replaceState"] as const) {
    const own = history[name];
    history[name] = (...args: Parameters<typeof own>) => {
      const before = location.href;
      own.apply(history, args);
      if (name === "pushState" || location.href !== before)
        onHistory(new URL(location.href), name === "replaceState");
    };
  }
}

/** Tells of links and forms that lead away. To be called after all other listeners are there: only those that none of them prevents. */
export function watchLeaving(window: Window, { onLoad }: PageEvents): void {
  watchDialogs(window);
  window.addEventListener("click", (event) => {
    const link = (event.target as unknown as Element | null)?.closest?.("a[href]");
    if (event.defaultPrevented || !link) return;
    event.preventDefault();
    const url = new URL(link.getAttribute("href") ?? "", window.location.href);
    if (leadsElsewhere(url, window.location.href)) onLoad({ method: "GET", url });
  });
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const { submitter } = event as unknown as { submitter?: HTMLInputElement | null };
    const form = event.target as unknown as HTMLFormElement;
    // happy-dom names the form if no button submits it.
    const button = submitter && submitter.localName !== "form" ? submitter : undefined;
    const method = button?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "";
    if (method.toLowerCase() !== "dialog") return onLoad(loadOf(form, button));
    (form.closest("dialog") as HTMLDialogElement | null)?.close(button?.getAttribute("value") ?? undefined);
  });
}

/** The request that a form makes when the browser submits it itself. */
export function loadOf(form: HTMLFormElement, submitter?: HTMLInputElement): Load {
  // `form.action` may be a field of that name, so only the attributes count.
  const read = (name: string) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  const url = new URL(read("action"), form.ownerDocument.location.href);
  const fields = readForm(form, submitter);
  if (read("method").toLowerCase() !== "post") {
    url.search = new URLSearchParams(fields).toString();
    return { method: "GET", url };
  }
  if (read("enctype") !== "multipart/form-data")
    return { method: "POST", url, body: new URLSearchParams(fields) };
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return { method: "POST", url, body };
}
