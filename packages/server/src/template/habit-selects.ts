/** Selects and textareas whose value nothing shows: HTML has it between their tags, not in an attribute. */
import { escapeHtml } from "./escape.ts";
import type { Mistake } from "./mistakes.ts";
import type { Slot } from "./slot.ts";
import type { AttributeEntry } from "./spread.ts";

const SHOWN_LENGTH = 40;

/**
 * Looks at values that are spread on the selects and textareas of a template that is painted.
 * @param html all of the template, with its values
 */
export function unshownValues(
  html: string,
  slots: readonly Slot[],
  values: readonly unknown[],
): readonly Mistake[] {
  return slots.flatMap((slot) => {
    const { element, source, at, site } = slot;
    if (slot.kind !== "spread" || !(element === "select" || element === "textarea")) return [];
    const { name, value } = spreadIn(slot.entries, values);
    if (typeof name !== "string" || typeof value !== "string" || !value) return [];
    const content = contentOf(html, element, name);
    const problem =
      content === undefined
        ? undefined
        : problems[element](content, JSON.stringify(value.slice(0, SHOWN_LENGTH)));
    return problem ? [{ problem, source, at, site, certain: false }] : [];
  });
}

const problems = {
  select: (content: string, value: string) =>
    /<option\b/.test(content) && !/<option\b[^>]* selected\b/.test(content)
      ? `The value ${value} of this select chooses no option, so the browser shows the first one. Write <option ...\${field.option(…)}>, or <option value=\${…} selected=\${… === chosen}>.`
      : undefined,
  textarea: (content: string, value: string) =>
    content.trim() === ""
      ? `The value ${value} of this textarea is not shown. Write <textarea ...\${field.attributes}>\${field.value}</textarea>.`
      : undefined,
};

function spreadIn(
  entries: readonly AttributeEntry[],
  values: readonly unknown[],
): { name?: unknown; value?: unknown } {
  const spreads = entries.map((entry) => (entry.name === undefined ? values[entry.value] : undefined));
  return Object.assign({}, ...spreads);
}

function contentOf(html: string, element: string, name: string): string | undefined {
  for (const part of html.split(`<${element}`).slice(1)) {
    const end = part.indexOf(">");
    if (part.slice(0, end).includes(` name="${escapeHtml(name)}"`))
      return part.slice(end + 1).split(`</${element}`, 1)[0];
  }
  return undefined;
}
