/** Mistakes in a page that work by chance, and in the templates that made it. */
import { unknownBinding, wrongBindingValue } from "@overwire/server/wire";
import type { Element, Window } from "happy-dom";
import { showElements, showHtml } from "./describe.ts";

/** What is done about a mistake. */
export type Severity = "raise" | "warn" | "ignore";

/** What is done about which mistake; one for all, or each its own. */
export type OnError =
  | Severity
  | {
      /** Two elements have one id. Default `raise`. */
      readonly duplicateId?: Severity | undefined;
      /**
       * A form with `phx-change` has no id, so what a person typed is lost when the connection is. Default `warn`;
       * `phx-ignore-missing-id` on the form, or `phx-auto-recover="ignore"`, says that it is meant so.
       */
      readonly missingFormId?: Severity | undefined;
      /** A template holds what can never be right: JSX's `className`, `<Card>`, `phx-clik`, two equal keys. Default `raise`. */
      readonly mistake?: Severity | undefined;
      /** A template holds what is hardly meant: `{name}` as text, an unknown element, another library's attribute, or a field changed after its handler had ended. Default `warn`. */
      readonly likelyMistake?: Severity | undefined;
    };

/** A view's process, as far as its mistakes go. */
export interface Checked {
  /** Finds fields that changed after their handler had ended, in development. */
  readonly unrenderedChanges: { look(): void } | undefined;
  readonly viewName: string;
  readonly mistakes: readonly {
    readonly certain: boolean;
    readonly binding?: boolean | undefined;
    readonly inState?: boolean | undefined;
    readonly error: Error;
  }[];
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

export class Checks {
  readonly #severity: (kind: keyof typeof defaults) => Severity;
  readonly #prefix: string;
  /** A warning is told once. */
  readonly #told = new Set<string>();

  constructor(onError: OnError, prefix: string) {
    this.#severity = (kind) => (typeof onError === "string" ? onError : (onError[kind] ?? defaults[kind]));
    this.#prefix = prefix;
  }

  /** @throws Error for a mistake that is to be raised */
  run({ document }: Window, views: Iterable<Checked>): void {
    const found = [
      ...this.#templates(views),
      ...this.#bindings(document),
      ...this.#duplicates(document),
      ...this.#forms(document),
    ];
    for (const { severity, message } of found) {
      if (severity === "raise") throw new Error(message);
      if (severity === "ignore" || this.#told.has(message)) continue;
      this.#told.add(message);
      console.warn(message);
    }
  }

  /** Mistakes in their templates. */
  *#templates(views: Iterable<Checked>): Iterable<Mistake> {
    for (const { viewName, mistakes, unrenderedChanges } of views) {
      unrenderedChanges?.look();
      for (const { certain, binding, inState, error } of mistakes) {
        if (binding && this.#prefix !== "phx-") continue;
        const severity = this.#severity(certain ? "mistake" : "likelyMistake");
        yield {
          severity,
          message: inState ? error.message : `In what ${viewName} renders: ${error.message}`,
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
    const seen = new Map<string, Element>();
    for (const element of document.querySelectorAll("[id]") as Iterable<Element>) {
      const { id } = element;
      const other = id && seen.get(id);
      if (other) {
        const message = `Two elements have the id ${JSON.stringify(id)}; patches and hooks need it to be unique:\n\n${showElements([other, element])}\n`;
        yield { severity, message };
      }
      seen.set(id, element);
    }
  }

  *#forms(document: Window["document"]): Iterable<Mistake> {
    const severity = this.#severity("missingFormId");
    if (severity === "ignore") return;
    const [bound, silent, recover] = ["change", "ignore-missing-id", "auto-recover"].map(
      (name) => this.#prefix + name,
    );
    const selector = `form[${bound}]:not([id]):not([${silent}]):not([${recover}="ignore"])`;
    for (const form of document.querySelectorAll(selector) as Iterable<Element>) {
      const message = `A form with ${bound} has no id, so it cannot be restored after a reconnect; give it one, or ${silent}:\n\n${showHtml(startOf(form))}\n`;
      yield { severity, message };
    }
  }
}

const startOf = ({ outerHTML }: Element): string => /^<[^>]*>/.exec(outerHTML)?.[0] ?? "";
