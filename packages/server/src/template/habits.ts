/** Looks for habits from other frameworks, while a template is read. Only in development and in tests. */
import { unknownBinding, VALUE, wrongBindingValue } from "@overwire/client/wire";
import type { CallSite } from "./call-site.ts";
import { rawText, set, textOnly } from "./elements.ts";
import { TemplateError } from "./errors.ts";
import { habitOfElement, habitOfName, habitOfScript, habitOfValue } from "./habit-attributes.ts";
import { habitOfEvent } from "./habit-events.ts";
import { habitOfStylePart } from "./habit-styles.ts";
import { habitOfShown, habitOfText, habitOfWritten } from "./habit-text.ts";
import { isKnownElement } from "./known-elements.ts";
import type { Habit, Mistake } from "./mistakes.ts";
import { expressionAt } from "./slot-expression.ts";

/** An attribute as it is written. */
interface Written {
  readonly name: string;
  readonly at: number;
  /** Undefined if it has none, or a slot is part of it. */
  readonly value: string | undefined;
}

/** Elements in which code is shown as it is written. */
const verbatim = set("pre code samp kbd textarea xmp");
const VALUE_AFTER = /\s*=\s*("[^"]*"|'[^']*'|(?:(?!\/?>)[^\s])*)/y;
/** Bindings whose value is an event's name, or commands. */
const pushing =
  /^(click|click-away|change|submit|focus|blur|keydown|keyup|window-\w+|viewport-(top|bottom)|auto-recover)$/;
/** Bindings that a slot gives an event or commands. */
const taking = /^phx-(mounted|remove|connected|disconnected|close|cancel)$/i;
const fields = set("form input select textarea");

/** Place of a slot. */
interface Place {
  readonly kind: string;
  readonly element: string;
  readonly at: number;
}

/** Looks at a value when it is shown. */
export type Look = (value: unknown) => void;

export class Habits {
  readonly found: Mistake[] = [];
  readonly #source: string;
  readonly #site: CallSite | undefined;
  /** Attributes of the tag that is read. */
  #attributes: Written[] = [];
  #spreads = false;

  constructor(source: string, site?: CallSite) {
    this.#source = source;
    this.#site = site;
  }

  #add(found: Habit, at: number): void {
    this.found.push({ ...found, source: this.#source, at, site: this.#site });
  }

  /** A tag begins. @param name as it is written; empty for a component */
  open(name: string, at: number): void {
    this.#attributes = [];
    this.#spreads = false;
    const key = name.toLowerCase();
    if (!name) return;
    const known = isKnownElement(key);
    const problem = `<${name}> is ${known ? `HTML's <${key}>` : "no element of HTML"}`;
    const isComponent = /^[A-Z]/.test(name) && /[a-z]/.test(name);
    if (isComponent && !name.includes("-"))
      this.#add({ problem: `${problem}. Write <\${${name}} …>…<//> for a component.`, certain: !known }, at);
    else if (!known) {
      const advice = "Write <${Component}> for a component; names of a page's own elements hold a dash.";
      this.#add({ problem: `${problem}. ${advice}`, certain: false }, at);
    }
  }

  /** An attribute of the tag begins. @param element in lower case, empty for a component */
  attribute(element: string, name: string, at: number): void {
    const [value, quoted] = this.#valueAfter(at + name.length);
    const hasSlot = value?.includes("\0") ?? false;
    this.#attributes.push({ name, at, value: hasSlot ? undefined : value });
    const found = this.#ofAttribute(element, name, value, quoted);
    if (found) this.#add(found, at);
  }

  #ofAttribute(element: string, name: string, value: string | undefined, quoted: boolean): Habit | undefined {
    if (name.startsWith("{"))
      return {
        problem: "Braces are part of an attribute's name in HTML. Write ...${attributes}, or name=${value}.",
        certain: true,
      };
    const written = value === undefined ? undefined : habitOfWritten(name, value, quoted);
    if (!element) {
      if (written || name !== "key") return written;
      const problem =
        "key is a prop like any other here, and keeps no list's elements. A list with keys is each(items, (item) => item.id, (item) => html`…`).";
      return { problem, certain: false };
    }
    const binding = name.startsWith("phx-") ? this.#ofBinding(name.slice(4), value) : undefined;
    const isWritten = value !== undefined && !value.includes("\0");
    return (
      habitOfName(name) ??
      habitOfElement(element, name) ??
      written ??
      binding ??
      (isWritten ? (habitOfValue(name, value) ?? habitOfScript(name, value)) : undefined)
    );
  }

  #ofBinding(written: string, value: string | undefined): Habit | undefined {
    const name = written.toLowerCase();
    const unknown = unknownBinding(name);
    if (unknown) return { problem: unknown, certain: true, binding: true };
    if (name.startsWith(VALUE) && name !== written) {
      const key = written.slice(VALUE.length);
      const problem = `HTML reads names in lower case: phx-${written} arrives as ${key.toLowerCase()}. Write it so, or give the event its payload: phx-click=\${this.event({ ${key}: … })}.`;
      return { problem, certain: false };
    }
    if (value === undefined || value.includes("\0")) return undefined;
    const wrong = wrongBindingValue(name, value);
    if (wrong) return { problem: wrong, certain: true };
    if (pushing.test(name) && !value.startsWith("[") && /^this\b|=>|\(/.test(value))
      return {
        problem: `phx-${name} takes the name of an event here. Write phx-${name}=\${this.…}.`,
        certain: true,
      };
    return undefined;
  }

  #valueAfter(at: number): [value: string | undefined, quoted: boolean] {
    VALUE_AFTER.lastIndex = at;
    const given = VALUE_AFTER.exec(this.#source)?.[1];
    if (given === undefined) return [undefined, false];
    const quoted = /^["']/.test(given);
    return [quoted ? given.slice(1, -1) : given, quoted];
  }

  /** Attributes of the tag are spread. */
  spread(): void {
    this.#spreads = true;
  }

  /** The tag's attributes have all been read. @param element in lower case, empty for a component */
  end(element: string): void {
    if (!element) return;
    const find = (name: string) => this.#attributes.find((each) => each.name.toLowerCase() === name);
    const hook = find("phx-hook");
    const lacksId = !find("id") && !this.#spreads;
    if (hook && lacksId)
      this.#add(
        { problem: "An element with phx-hook needs an id: write id=… too.", certain: false },
        hook.at,
      );
    const update = find("phx-update");
    if (update?.value === "ignore" && lacksId) {
      const problem = 'An element with phx-update="ignore" needs an id, or another may be taken for it.';
      this.#add({ problem, certain: false }, update.at);
    }
    const own = element.includes("-");
    const submit = find("phx-submit");
    if (submit && element !== "form" && !own)
      this.#add(
        { problem: "Only a form is submitted: phx-submit belongs on <form>.", certain: false },
        submit.at,
      );
    const change = find("phx-change");
    if (change && !fields.has(element) && !own)
      this.#add(
        { problem: "Only fields change: phx-change belongs on <form>, or on a field.", certain: true },
        change.at,
      );
  }

  /** Text that is written out. @param around names of the elements around it, in lower case */
  text(start: number, end: number, around: readonly { readonly key: string }[]): void {
    if (around.some(({ key }) => key !== "textarea" && verbatim.has(key))) return;
    const text = this.#source.slice(start, end);
    const found = habitOfText(text);
    if (found) this.#add(found, start + found.index);
    if (around.at(-1)?.key !== "textarea") return;
    const tag = text.search(/<[a-z]/i);
    if (tag >= 0)
      this.#add(
        { problem: "A textarea holds text: tags are shown as they are written.", certain: false },
        start + tag,
      );
  }

  /** Makes the check of a slot's values, if there is anything to look for. */
  look({ kind, element, at }: Place, name: string, report: (mistake: Mistake) => void): Look | undefined {
    const tell = (found: Habit | undefined) => {
      if (found) report({ ...found, source: this.#source, at, site: this.#site });
    };
    if (kind === "value" && takesEvent(name)) {
      // Reading a file takes time, and an optional event is given to each row of a list.
      const expression = once(() => expressionAt(this.#source, at, this.#site));
      return (value) => tell(habitOfEvent(name, value, expression) ?? habitOfValue(name, value));
    }
    if (kind === "value") return (value) => tell(this.#ofValue(name, value, at));
    if (kind === "spread")
      return (value) => tell(typeof value === "object" && value ? habitOfSpread(value) : undefined);
    if (kind !== "child" && kind !== "text") return undefined;
    const isVerbatim = verbatim.has(element) || rawText.has(element) || textOnly.has(element);
    return (value) => {
      if (typeof value === "string") tell(habitOfShown(value, isVerbatim));
    };
  }

  #ofValue(name: string, value: unknown, at: number): Habit | undefined {
    if (typeof value === "number" && name.toLowerCase() === "style")
      return habitOfStylePart(this.#source.slice(0, at), value, this.#source.slice(at + 1));
    return habitOfValue(name, value);
  }

  /** The first mistake is why a template cannot be read, more often than not. */
  cause(error: unknown): unknown {
    const first = this.found.find(
      ({ certain, at = 0 }) => certain || /^<[A-Z]/.test(this.#source.slice(at, at + 2)),
    );
    if (!first || !(error instanceof TemplateError)) return error;
    return new TemplateError(first.problem, first.source, first.at, first.site);
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const takesEvent = (name: string) =>
  /^phx-/i.test(name) && (pushing.test(name.slice(4).toLowerCase()) || taking.test(name));

/** Finds mistakes in attributes that are spread. */
export function habitOfSpread(attributes: object): Habit | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const binding = name.startsWith("phx-") ? unknownBinding(name.slice(4).toLowerCase()) : undefined;
    const found = binding
      ? { problem: binding, certain: true, binding: true }
      : (habitOfName(name) ??
        (takesEvent(name) ? habitOfEvent(name, value, () => undefined) : undefined) ??
        habitOfValue(name, value));
    if (found && value !== undefined && value !== null) return found;
  }
  return undefined;
}
