/** Mistakes in a page that work by chance, and in the templates that made it. */
import { unknownBinding, wrongBindingValue } from "@overwire/server/wire";
import type { Element, HTMLInputElement, Window } from "happy-dom";
import { showElements, showHtml } from "../errors/describe.ts";
import { isDisabled } from "../forms/form-data.ts";

/** Reaction to a mistake. */
export type Severity = "raise" | "warn" | "ignore";

/** Reaction to each kind of mistake; one for all, or each its own. */
export type OnError =
  | Severity
  | {
      /** Two elements have one id. Default `raise`. */
      readonly duplicateId?: Severity | undefined;
      /**
       * A form with `phx-change` has no id, so the user's input is lost when the connection is. Default
       * `warn`; `phx-ignore-missing-id` on the form, or `phx-auto-recover="ignore"`, says that it is meant
       * so.
       */
      readonly missingFormId?: Severity | undefined;
      /** A template holds a mistake that can never be right: JSX's `className`, `<Card>`, `phx-clik`, two equal keys; or `JS.showModal` is for no element. Default `raise`. */
      readonly mistake?: Severity | undefined;
      /** A template holds a habit that is hardly meant: `{name}` as text, an unknown element, another library's attribute, a field changed after its handler had ended, a form's field without a name, a hook though the test gives none, a command for no element. Default `warn`. */
      readonly likelyMistake?: Severity | undefined;
    };

/** Finds fields that no form sends. */
const nameless = ["input", "select", "textarea"]
  .flatMap((tag) => [`${tag}:not([name])`, `${tag}[name=""]`])
  .join();

/** A view's process, as far as its mistakes go. */
export interface Checked {
  /** Finds fields that changed after their handler had ended, in development. */
  findUnrendered(): void;
  readonly reports: { readonly viewName: string };
  readonly renderer: {
    readonly mistakes: readonly {
      readonly certain: boolean;
      readonly binding?: boolean | undefined;
      readonly inState?: boolean | undefined;
      readonly error: Error;
    }[];
  };
}

interface Mistake {
  readonly severity: Severity;
  readonly message: string;
}

/** Severities if a test does not say them. */
const defaults = {
  duplicateId: "raise",
  missingFormId: "warn",
  mistake: "raise",
  likelyMistake: "warn",
} as const satisfies OnError;

export class PageLint {
  readonly #severity: (kind: keyof typeof defaults) => Severity;
  readonly #prefix: string;
  /** Warnings that were printed: each is once. */
  readonly #warned = new Set<string>();
  /** Finds forms that have no id and need one. */
  readonly #idlessForms: string;
  /** The elements with ids, as they were when all ids were found to be unique. */
  #unique: object | undefined;

  constructor(onError: OnError, prefix: string) {
    this.#severity = (kind) => (typeof onError === "string" ? onError : (onError[kind] ?? defaults[kind]));
    this.#prefix = prefix;
    const [bound, silent, recover] = ["change", "ignore-missing-id", "auto-recover"].map(
      (name) => prefix + name,
    );
    this.#idlessForms = `form[${bound}]:not([id]):not([${silent}]):not([${recover}="ignore"])`;
  }

  /** @throws Error for a mistake that is to be raised */
  run({ document }: Window, views: Iterable<Checked>): void {
    const found = [
      ...this.#templates(views),
      ...this.#bindings(document),
      ...this.#duplicates(document),
      ...this.#forms(document),
      ...this.#fields(document),
    ];
    for (const mistake of found) {
      const error = this.#take(mistake);
      if (error) throw error;
    }
  }

  /** @returns the error to raise, if there is one */
  #take({ severity, message }: Mistake): Error | undefined {
    if (severity === "raise") return new Error(message);
    if (severity === "warn" && !this.#warned.has(message)) {
      this.#warned.add(message);
      console.warn(message);
    }
    return undefined;
  }

  /**
   * Records a mistake that the client has reported.
   * @returns the error to raise, if there is one
   */
  note(kind: keyof typeof defaults, message: string): Error | undefined {
    return this.#take({ severity: this.#severity(kind), message });
  }

  /** As {@link note}, of a command that is for no element. */
  command(name: string, to: unknown, source: Element): Error | undefined {
    const selector = typeof to === "string" ? to : Object.values(to ?? {})[0];
    if (isStateOf(source.ownerDocument, String(selector))) return undefined;
    const call = `JS.${name}(${typeof to === "string" ? JSON.stringify(to) : `{ to: ${JSON.stringify(to)} }`})`;
    // A command that opens a dialog can only mean one that is there.
    const kind = name === "showModal" ? "mistake" : "likelyMistake";
    return this.note(kind, `${call} found no element in the page, at:\n\n${showHtml(startOf(source))}\n`);
  }

  /** Mistakes in their templates. */
  *#templates(views: Iterable<Checked>): Iterable<Mistake> {
    for (const view of views) {
      view.findUnrendered();
      const { reports, renderer } = view;
      for (const { certain, binding, inState, error } of renderer.mistakes) {
        if (binding && this.#prefix !== "phx-") continue;
        const severity = this.#severity(certain ? "mistake" : "likelyMistake");
        yield {
          severity,
          message: inState ? error.message : `In what ${reports.viewName} renders: ${error.message}`,
        };
      }
    }
  }

  /** Bindings of another prefix, of which templates know nothing. */
  *#bindings(document: Window["document"]): Iterable<Mistake> {
    const prefix = this.#prefix;
    const severity = this.#severity("mistake");
    if (prefix === "phx-" || severity === "ignore") return;
    for (const element of document.querySelectorAll("body *") as Iterable<Element>) {
      for (const { name, value } of element.attributes) {
        if (!name.startsWith(prefix)) continue;
        const rest = name.slice(prefix.length);
        const problem = unknownBinding(rest, prefix) ?? wrongBindingValue(rest, value ?? "", prefix);
        if (problem) yield { severity, message: `${problem}\n\n${showHtml(startOf(element))}\n` };
      }
    }
  }

  *#duplicates(document: Window["document"]): Iterable<Mistake> {
    const severity = this.#severity("duplicateId");
    if (severity === "ignore") return;
    // A page whose ids have not changed gives the same list.
    const all = document.querySelectorAll("[id]") as Iterable<Element>;
    if (all === this.#unique) return;
    const seen = new Map<string, Element>();
    let isUnique = true;
    for (const element of all) {
      const { id } = element;
      const other = id && seen.get(id);
      if (other) {
        const message = `Two elements have the id ${JSON.stringify(id)}; patches and hooks need it to be unique:\n\n${showElements([other, element])}\n`;
        yield { severity, message };
      }
      seen.set(id, element);
      isUnique &&= !other;
    }
    if (isUnique) this.#unique = all;
  }

  *#forms(document: Window["document"]): Iterable<Mistake> {
    const severity = this.#severity("missingFormId");
    if (severity === "ignore") return;
    const prefix = this.#prefix;
    for (const form of document.querySelectorAll(this.#idlessForms) as Iterable<Element>) {
      const message = `A form with ${prefix}change has no id, so it cannot be restored after a reconnect; give it one, or ${prefix}ignore-missing-id:\n\n${showHtml(startOf(form))}\n`;
      yield { severity, message };
    }
  }

  /** Fields that their form does not send. */
  *#fields(document: Window["document"]): Iterable<Mistake> {
    const severity = this.#severity("likelyMistake");
    if (severity === "ignore") return;
    const prefix = this.#prefix;
    for (const field of document.querySelectorAll(nameless) as Iterable<HTMLInputElement>) {
      const { form } = field;
      const bound = ["submit", "change"].find((binding) => form?.hasAttribute(prefix + binding));
      if (!bound || /^(submit|image|button|reset)$/.test(field.type) || isDisabled(field)) continue;
      // It is for something else: a binding or a script of its own.
      const isOther = [...field.attributes].some(
        ({ name }) => name.startsWith(prefix) || name.startsWith("data-ow-"),
      );
      if (isOther || field.closest(`[${prefix}hook],[${prefix}update=ignore]`)) continue;
      const message = `A field without a name is in a form with ${prefix}${bound}, so it is never sent; give it one:\n\n${showHtml(startOf(field))}\n`;
      yield { severity, message };
    }
  }
}

/** Conditions of a selector: attributes, pseudo-classes, classes. */
const conditions = /\[[^\]]*\]|::?[\w-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?|\.[\w-]+/g;

/** If a selector fits nothing only because no such element is in the state that it asks for: `#menu[aria-expanded=true]`. */
function isStateOf(document: Element["ownerDocument"], selector: string): boolean {
  const isNamed = (part: string) => part.replace(conditions, "") !== "";
  const parts = selector.replace(conditions, (found) => found.replace(/[\s,>+~]/g, "_")).split(/[\s,>+~]+/);
  if (!parts.every(isNamed)) return false;
  try {
    return document.querySelector(selector.replace(conditions, "")) !== null;
  } catch {
    return false;
  }
}

const startOf = ({ outerHTML }: Element): string => /^<[^>]*>/.exec(outerHTML)?.[0] ?? "";
