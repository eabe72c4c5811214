/** Errors in templates: the problem, its place, and the correction. */
import { type CallSite, currentCallSite, currentComponent, formatCallSite } from "./call-site.ts";

/** Stands for a slot in a template's source, its strings joined. The strings themselves are cleaned of it. */
export const SLOT = "\0";

/** Display form of a slot. */
const SHOWN = "${…}";
const LINES_BEFORE = 2;
const WIDTH = 120;

/**
 * A template that cannot be right, or a value that its position does not allow. The message shows the place
 * in the template, and ends with that of the template in the author's code: `at src/shop.ts:41:12 (in Cart)`.
 * Source maps are respected if the process respects them (`node --enable-source-maps`, tsx, Vitest). In
 * production the latter is not known.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly #site: CallSite | undefined;
  readonly #component: string | undefined;

  /**
   * @param at position in `source`
   * @param site of the template; that of the one which is being rendered, if it is not given
   */
  constructor(problem: string, source?: string, at = 0, site: CallSite | undefined = currentCallSite()) {
    const component = site === currentCallSite() ? currentComponent() : site?.component;
    const shown = [problem, source === undefined ? "" : showPlace(source, at), placeLine(site, component)];
    super(shown.filter(Boolean).join("\n\n") + (source === undefined ? "" : "\n"));
    this.#site = site;
    this.#component = component;
  }

  /** The code under which `docs/errors.md` lists the error. */
  get code(): "invalid_template" {
    return "invalid_template";
  }

  /** The place as the message ends with it: `src/shop.ts:41:12 (in Cart)`. */
  get place(): string | undefined {
    return formatCallSite(this.#site, this.#component) || undefined;
  }

  /**
   * Full path of the template's file: the one of its `html`, or of the template around a built-in component.
   */
  get file(): string | undefined {
    return this.#site?.file;
  }

  /** The template's line in {@link file}, from 1. */
  get line(): number | undefined {
    return this.#site?.line;
  }

  /** The template's column in {@link line}, from 1. */
  get column(): number | undefined {
    return this.#site?.column;
  }

  /** Name of the function component, live component or view whose template it is. */
  get component(): string | undefined {
    return this.#component;
  }
}

function placeLine(site: CallSite | undefined, component: string | undefined): string {
  const place = formatCallSite(site, component);
  return site ? `  at ${place}` : place && `  ${place}`;
}

/** A value that cannot stand where it was put, thrown by who does not know where that is. */
export class TemplateValueError extends Error {
  /** Position in the template's source, if it is another one than the slot's. */
  at: number | undefined;
}

/** The line with a caret under the place, and those before it. */
function showPlace(source: string, at: number): string {
  const start = source.lastIndexOf("\n", at - 1) + 1;
  const end = source.indexOf("\n", at);
  const before = source
    .slice(0, start)
    .replace(/^\s*\n/, "")
    .split("\n")
    .slice(0, -1);
  const line = source.slice(start, end < 0 ? undefined : end);
  const lines = [
    ...before.slice(-LINES_BEFORE),
    line,
    `${visible(source.slice(start, at)).replace(/\S/g, " ")}^`,
  ];
  const shown = lines.map(visible);
  const indents = shown.filter((each) => each.trim()).map((each) => each.search(/\S/));
  const margin = Math.min(...indents);
  const caret = (shown.at(-1) as string).length - 1;
  const from = caret > WIDTH ? caret - WIDTH / 2 : margin;
  return shown.map((each) => `  ${each.slice(from, from + WIDTH)}`.trimEnd()).join("\n");
}

const visible = (text: string) => text.replaceAll(SLOT, SHOWN).replaceAll("\t", "  ").replaceAll("\r", "");
