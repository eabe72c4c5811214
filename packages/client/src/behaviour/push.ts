/** Events that bindings push: what goes with them, and to whom they go. */
import type { Json } from "@overwire/server/wire";
import { formOf } from "../dom/form-of.ts";
import { findAll, invoke, isForm, read } from "../dom/native.ts";
import type { CommandContext, Host } from "./host.ts";
import { findTargets } from "./targets.ts";
import { valueAttributes } from "./values.ts";

/** Options of a push, under their names on the wire. */
export interface PushArgs {
  readonly event?: string;
  readonly value?: Json;
  readonly target?: number | string;
  readonly loading?: string;
  readonly pageLoading?: boolean;
}

type Field = HTMLInputElement;

const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A binding's commands: those that it holds as JSON, or the push of the event that it names. */
export const readBinding = <Args = PushArgs>(
  binding: string | readonly unknown[],
): readonly (readonly [op: string, args?: Args])[] =>
  (typeof binding !== "string"
    ? binding
    : binding[0] === "["
      ? JSON.parse(binding)
      : [["push", { event: binding }]]) as readonly (readonly [op: string, args?: Args])[];

/** What an element sends as its own value. */
function ownValue(el: Element): { value?: string } {
  const isField = /^(input|select|textarea)$/.test(read(el, "localName"));
  if (isForm(el) || !(isField || invoke(el, "hasAttribute", "value"))) return {};
  const { type, checked, value } = el as Field;
  if (/^(checkbox|radio)$/.test(type) && !checked) return {};
  return { value: String(value ?? invoke(el, "getAttribute", "value")) };
}

/** @returns what pushes an event; `ahead` shows something in advance and returns what takes it back */
export function createPush(host: Pick<Host, "win" | "prefix" | "viewOf" | "extraValues">) {
  const { win, prefix } = host;
  return (args: PushArgs, context: CommandContext, ahead?: () => () => void): void => {
    const { event = "", value = {}, target, loading, pageLoading } = args;
    const { source, type, form } = context;
    // The change of a field is told by its form, if it has no binding of its own.
    const around = type === "change" && !invoke(source, "hasAttribute", `${prefix}change`) && formOf(source);
    const bound = around || source;
    const targets = findTargets(host, source, target ?? invoke(bound, "getAttribute", `${prefix}target`));
    const undo = targets.length ? ahead?.() : undefined;
    const more = { ...(isRecord(value) && value), ...host.extraValues() };
    const own = { ...context.payload, ...valueAttributes(source, prefix), ...ownValue(source) };
    const message = {
      type,
      event,
      source,
      loading: loading ? findAll(win.document, loading) : undefined,
      pageLoading,
      undo,
      ...(form
        ? { form: form.fields, meta: { ...form.meta, ...more } }
        : // A payload that is no object stands alone.
          { payload: isRecord(value) ? { ...own, ...more } : value }),
    };
    // Where there is no connection nothing is sent; where the event is refused the view has said so.
    for (const [view, component] of targets) view.push({ ...message, component }).catch(() => undo?.());
  };
}
