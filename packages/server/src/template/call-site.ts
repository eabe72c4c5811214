/** Places of templates in the author's code, and their components: development's errors and warnings name both. */
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isProduction } from "./mode.ts";

/** A place in the author's code: that of a template, `html` and what follows. */
export interface CallSite {
  /** Its whole path, or a URL where it is no file of this machine. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Component or view that came to it first. */
  readonly component: string | undefined;
}

/** Facts of a template that is rendered. */
interface Origin {
  readonly site?: CallSite | undefined;
  readonly component?: string | undefined;
}

/** Call sites are looked at. Asked once, so that production has nothing to ask at each template. */
export const tracksCallSites = !isProduction();

const sites = new WeakMap<TemplateStringsArray, CallSite | undefined>();
let site: CallSite | undefined;
let component: string | undefined;

/** The place of the innermost of the author's templates that is being rendered. */
export const currentCallSite = (): CallSite | undefined => site;

/** Name of the component or view whose code runs, or whose template is rendered. */
export const currentComponent = (): string | undefined => component;

/** The place of a template, if it has been looked at. */
export const callSiteOf = (strings: TemplateStringsArray): CallSite | undefined => sites.get(strings);

/**
 * The place of a template that is being made, looked for the first time only.
 * @param tag the function that is called there
 */
export function findCallSite(strings: TemplateStringsArray, tag: object): CallSite | undefined {
  if (sites.has(strings)) return sites.get(strings);
  const found = callerOf(tag);
  const made = found && { ...found, component };
  sites.set(strings, made);
  return made;
}

/** Renders a template: errors within name its place. */
export function withCallSite<T>(origin: Origin, run: () => T): T {
  const [outerSite, outerComponent] = [site, component];
  // A template that was made in a handler is of who shows it.
  ({ site, component = outerComponent } = origin);
  try {
    return run();
  } finally {
    site = outerSite;
    component = outerComponent;
  }
}

/** Calls a component at the position of its tag. */
export const callAs = <T>(name: string, run: () => T): T =>
  withCallSite({ site, component: name || undefined }, run);

/** Calls the `render` of a view or of a live component, whose tag may have been rendered long ago. */
export const renderAs = <T>(name: string, run: () => T): T =>
  tracksCallSites ? withCallSite({ component: name }, run) : run();

/** As errors show it: `src/shop.ts:41:12 (in Cart)`. */
export function formatCallSite(at: CallSite | undefined, name: string | undefined): string {
  if (!at) return name ? `in ${name}` : "";
  return `${shortPath(at.file)}:${at.line}:${at.column}${name ? ` (in ${name})` : ""}`;
}

function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  // It is absolute on another drive of Windows.
  return path && !path.startsWith("..") && resolve(path) === file ? path : file;
}

/** Location of a function's caller. One frame, as text: a stack would keep its receiver alive. */
function callerOf(called: object): Omit<CallSite, "component"> | undefined {
  const holder: { stack?: unknown } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  try {
    Error.captureStackTrace(holder, called as () => unknown);
    return typeof holder.stack === "string" ? readFrame(holder.stack) : undefined;
  } catch {
    // The author's Error.prepareStackTrace may expect an error, or the URL may be of another machine.
    return undefined;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Reads `at name (file:///path:1:2)`, and the same without a name. */
function readFrame(stack: string): Omit<CallSite, "component"> | undefined {
  const frame = /^\s+at (?:async )?(.+)$/m.exec(stack)?.[1];
  const inside = frame?.endsWith(")") ? /\((.+)\)$/.exec(frame)?.[1] : frame;
  const [, path = "", line, column] = /^(.+?)(?:\?[^/]*)?:(\d+):(\d+)$/.exec(inside ?? "") ?? [];
  if (!path || path.includes("<anonymous>")) return undefined;
  const file = path.startsWith("file:") ? fileURLToPath(path) : path;
  return { file, line: Number(line), column: Number(column) };
}
