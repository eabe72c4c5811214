/** Mistakes in a page that work by chance: ids that are there twice, forms that a reconnect cannot restore. */
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
    };

interface Mistake {
  readonly severity: Severity;
  readonly message: string;
}

export class Checks {
  readonly #duplicateId: Severity;
  readonly #missingFormId: Severity;
  readonly #prefix: string;
  /** A warning is told once. */
  readonly #told = new Set<string>();

  constructor(onError: OnError, prefix: string) {
    const { duplicateId = "raise", missingFormId = "warn" } =
      typeof onError === "string" ? { duplicateId: onError, missingFormId: onError } : onError;
    this.#duplicateId = duplicateId;
    this.#missingFormId = missingFormId;
    this.#prefix = prefix;
  }

  /** @throws Error for a mistake that is to be raised */
  run({ document }: Window): void {
    for (const { severity, message } of [...this.#duplicates(document), ...this.#forms(document)]) {
      if (severity === "raise") throw new Error(message);
      if (this.#told.has(message)) continue;
      this.#told.add(message);
      console.warn(message);
    }
  }

  *#duplicates(document: Window["document"]): Iterable<Mistake> {
    const severity = this.#duplicateId;
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
    const severity = this.#missingFormId;
    if (severity === "ignore") return;
    const [bound, silent, recover] = ["change", "ignore-missing-id", "auto-recover"].map(
      (name) => this.#prefix + name,
    );
    const selector = `form[${bound}]:not([id]):not([${silent}]):not([${recover}="ignore"])`;
    for (const form of document.querySelectorAll(selector) as Iterable<Element>) {
      const [tag = ""] = /^<[^>]*>/.exec(form.outerHTML) ?? [];
      const message = `A form with ${bound} has no id, so it cannot be restored after a reconnect; give it one, or ${silent}:\n\n${showHtml(tag)}\n`;
      yield { severity, message };
    }
  }
}
