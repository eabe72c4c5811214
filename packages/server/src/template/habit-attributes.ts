/** Attributes that other frameworks have: the problem of each of them, and the correction. */
import { styles } from "./class-and-style.ts";
import { set } from "./elements.ts";
import { habitOfStyle } from "./habit-styles.ts";
import type { Habit } from "./mistakes.ts";

const certain = (problem: string): Habit => ({ problem, certain: true });
const likely = (problem: string): Habit => ({ problem, certain: false });

/** Names of JSX, Vue and others, with their counterparts in HTML or Overwire. */
const names: Readonly<Record<string, string>> = {
  className: "Write class.",
  classList: "Write class=${…}, which takes arrays and objects.",
  htmlFor: "Write for.",
  defaultValue: "Write value: what a user has typed stays all the same.",
  defaultChecked: "Write checked: what a user has chosen stays all the same.",
  dangerouslySetInnerHTML: "Write ${raw(html)} between the tags, for HTML that you trust.",
  innerHTML: "Write ${raw(html)} between the tags, for HTML that you trust.",
  innerText: "Write ${text} between the tags.",
  textContent: "Write ${text} between the tags.",
  key: "A list with keys is each(items, (item) => item.id, (item) => html`…`).",
  ref: "There is no element on the server: write id=… phx-hook=… for a script of the page, or JS.focus(…) and the like.",
  suppressHydrationWarning: "Take it out: nothing is hydrated.",
  acceptCharset: "Write accept-charset.",
  httpEquiv: "Write http-equiv.",
};

/** Attributes of SVG with a dash, which JSX writes without it. */
const dashed = new Map(
  `alignment-baseline baseline-shift clip-path clip-rule color-interpolation color-interpolation-filters dominant-baseline
fill-opacity fill-rule flood-color flood-opacity font-family font-size font-stretch font-style font-variant font-weight
image-rendering letter-spacing lighting-color marker-end marker-mid marker-start paint-order pointer-events shape-rendering
stop-color stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
stroke-width text-anchor text-decoration text-rendering transform-origin vector-effect word-spacing writing-mode xlink:href
xml:lang xml:space xmlns:xlink`
    .split(/\s/)
    .map((name) => [name.replace(/[-:](\w)/g, (_, letter: string) => letter.toUpperCase()), name]),
);

const events: Readonly<Record<string, string>> = {
  click: "phx-click",
  change: "phx-change",
  input: "phx-change",
  submit: "phx-submit",
  focus: "phx-focus",
  blur: "phx-blur",
  keydown: "phx-keydown",
  keyup: "phx-keyup",
};

/** The binding for an event of the page, as a sentence. */
export function bindingFor(event: string): string {
  const key = event.toLowerCase();
  const binding = Object.hasOwn(events, key) ? events[key] : undefined;
  return binding
    ? `Write ${binding}=\${…} with an event of the view.`
    : "No binding is for it: write a hook (phx-hook) that listens to it and pushes an event of the view.";
}

const conditions = "Write ${shown && html`…`}.";
const lists = "Write ${each(items, (item) => item.id, (item) => html`…`)}.";
const values = "Write name=${value} for the value, and phx-change on the form for its changes.";

/** Directives by their names without the prefix of their framework. */
function directive(name: string): string {
  const [word = ""] = /^[a-z]+/i.exec(name) ?? [];
  const key = word.toLowerCase();
  if (/^(if|else|elseif|show|unless)$/.test(key)) return conditions;
  if (/^(for|each|foreach)$/.test(key)) return lists;
  if (/^(model|ngmodel)$/.test(key)) return values;
  if (/^(html|text)$/.test(key)) return "Write ${…} between the tags.";
  if (/^(on|bind)$/.test(key)) return "Write phx-click=${…} for an event, name=${…} for an attribute.";
  return "Write ${…} for a value, phx-click=${…} for an event.";
}

/** Advice for attributes of libraries that may be on the page beside Overwire. */
const library = "If the page loads it, nothing is wrong";

/** Frameworks by how their attributes begin. */
const frameworks: readonly (readonly [pattern: RegExp, found: (name: string, rest: string) => Habit])[] = [
  [
    /^wire:/,
    (name, rest) => certain(`${name} is Livewire's. ${rest.startsWith("model") ? values : bindingFor(rest)}`),
  ],
  [/^(on|@):?/, onEvent],
  [/^bind:/, (name) => certain(`${name} is Svelte's. ${values}`)],
  [/^class:/, (name, rest) => certain(`${name} is Svelte's. Write class=\${{ ${rest || "name"}: … }}.`)],
  [
    /^(use|transition|in|out|animate|let|style):/,
    (name) => certain(`${name} is Svelte's. Write a hook (phx-hook), JS commands, or style=\${…}.`),
  ],
  [/^\*ng/, (name, rest) => certain(`${name} is Angular's. ${directive(rest)}`)],
  [/^ng-/, (name, rest) => likely(`${name} is Angular's. ${directive(rest)}`)],
  [/^\[\(/, (name) => certain(`${name} is Angular's. ${values}`)],
  [/^\[/, (name, rest) => certain(`${name} is Angular's. Write ${rest.replace("]", "")}=\${…}.`)],
  [/^\(/, (name, rest) => certain(`${name} is Angular's. ${bindingFor(rest.replace(")", ""))}`)],
  [/^v-/, (name, rest) => likely(`${name} is Vue's. ${directive(rest)} ${library}.`)],
  [/^x-/, (name, rest) => likely(`${name} is Alpine's. ${directive(rest)} ${library}.`)],
  [/^hx-/, (name) => likely(`${name} is htmx's. Write phx-click=\${…} or phx-submit=\${…}. ${library}.`)],
  [
    /^:/,
    (name, rest) =>
      /^(if|for|let)$/.test(rest)
        ? certain(`${name} is HEEx's. ${directive(rest)}`)
        : likely(`${name} is Vue's. Write ${rest}=\${…}. ${library}.`),
  ],
  [/^#/, (name) => likely(`${name} has no meaning in HTML. Write id=…, or phx-hook=….`)],
  [
    /^phx[:._A-Z]/,
    (name) => certain(`${name} is no binding. Write phx-${dash(name.slice(3).replace(/^[:._]/, ""))}.`),
  ],
  [/^(data|aria)[A-Z]/, (name) => certain(`${name} is ${name.toLowerCase()} in HTML. Write ${dash(name)}.`)],
];

function onEvent(name: string, rest: string): Habit {
  const [event = ""] = rest.split(/[.:|]/);
  const own = name.startsWith("on:");
  if (name.startsWith("@")) return likely(`${name} is Vue's. ${bindingFor(event)} ${library}.`);
  return own ? certain(`${name} is Svelte's. ${bindingFor(event)}`) : certain(bindingFor(event));
}

const dash = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, "");

/** Finds a mistake in the name of an attribute. Names of HTML in another case, as `tabIndex`, are right. */
export function habitOfName(name: string): Habit | undefined {
  if (Object.hasOwn(names, name)) return certain(`${name} is no attribute of HTML. ${names[name]}`);
  const svg = dashed.get(name);
  if (svg) return certain(`${name} is no attribute of SVG. Write ${svg}.`);
  for (const [pattern, found] of frameworks) {
    const [start] = pattern.exec(name) ?? [];
    // A script that the author wrote out is HTML's own.
    if (start === undefined || (start === "on" && !name.startsWith("on:"))) continue;
    const rest = name.slice(/[A-Z]$/.test(start) ? start.length - 1 : start.length);
    return found(name, rest);
  }
  return undefined;
}

/** Finds a mistake in a script that is written out as an attribute. HTML's lower-case ones may be meant. */
export function habitOfScript(name: string, value: string): Habit | undefined {
  if (!/^on[a-z]/i.test(name)) return undefined;
  const advice = bindingFor(name.slice(2));
  if (/^on[A-Z]/.test(name))
    return likely(
      `${name} is HTML's ${name.toLowerCase()}: a script of the page, no event of the view. ${advice}`,
    );
  if (!/^\s*[\w$.]+\s*$/.test(value)) return undefined;
  return likely(`${name}="${value}" is a script that names something and calls nothing. ${advice}`);
}

const booleans = set(
  "allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected",
);
const spelledOut = /^(aria-.*|draggable)$/;

/** Finds a mistake in the value of an attribute. @param value true for an attribute without one */
export function habitOfValue(name: string, value: unknown): Habit | undefined {
  const key = name.toLowerCase();
  if (key === "style" && typeof value === "object" && value && !Array.isArray(value))
    return habitOfStyle(styles(value));
  if (typeof value === "string") {
    if (value.includes("[object Object]"))
      return certain(`An object became the text of ${name}. Write what of it is meant.`);
    if (value === "false" && booleans.has(key))
      return certain(`${name}="false" means that it is so, as any value does. Write ${name}=\${false}.`);
    return key === "style" ? habitOfStyle(value) : undefined;
  }
  if (typeof value !== "boolean") return undefined;
  if (value && spelledOut.test(key))
    return certain(
      `${name}=\${true} is an attribute without a value, which says nothing. Write ${name}=\${String(…)}.`,
    );
  if (!value && key === "spellcheck")
    return certain(`${name}=\${false} is no attribute at all. Write ${name}=\${String(…)}.`);
  return undefined;
}

/** Finds a value that is written out for an element which holds it in another way. */
export function habitOfElement(element: string, name: string): Habit | undefined {
  if (name.toLowerCase() !== "value") return undefined;
  if (element === "select")
    return certain("A select has no value in HTML. Write <option value=${…} selected=${… === chosen}>.");
  if (element === "textarea")
    return certain("A textarea has no value in HTML. Write <textarea>${value}</textarea>.");
  return undefined;
}
