/** Events that bindings push: their payloads and their targets. */
import { invoke, isForm, read } from "../dom/native.ts";
import type { Json } from "../wire/frames.ts";
import type { BoundView, CommandContext, EventType, Host, Push } from "./host.ts";
import { valueAttributes } from "./phx-value.ts";

/** Options of a push, under their names on the wire. */
export interface PushArgs {
  readonly event?: string;
  readonly value?: Json;
  readonly target?: number | string;
  readonly loading?: string;
  readonly pageLoading?: boolean;
}

/** Target of an event. */
export type Target = readonly [view: BoundView, component: number | undefined];

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

/** Runs the commands of a binding. @param name of its attribute, without the prefix */
export function runBinding(
  { prefix, metadata, commands }: Pick<Host, "prefix" | "metadata" | "commands">,
  type: EventType,
  name: string,
  source: Element,
  event: Event,
  given: { readonly [key: string]: Json } = {},
): void {
  const payload = { ...given, ...metadata[type]?.(event as never, source) };
  commands.run(invoke(source, "getAttribute", prefix + name) ?? "", { source, type, event, payload });
}

/** An element's own value. */
function ownValue(el: Element): { value?: string } {
  const isField = /^(input|select|textarea)$/.test(read(el, "localName"));
  if (isForm(el) || !(isField || invoke(el, "hasAttribute", "value"))) return {};
  const { type, checked, value } = el as Field;
  if (/^(checkbox|radio)$/.test(type) && !checked) return {};
  return { value: String(value ?? invoke(el, "getAttribute", "value")) };
}

/**
 * The view that an element is in, or the component of it that has this number.
 * @param target as the event or an element names it
 * @returns undefined if that is a selector
 */
export function ownTarget(
  { viewOf }: Pick<Host, "viewOf">,
  source: Element,
  target: number | string | null | undefined,
): readonly Target[] | undefined {
  if (!/^\d*$/.test(String(target ?? ""))) return undefined;
  const view = viewOf(source);
  return view ? [[view, Number(target) || undefined]] : [];
}

/** Pushes an event. @param shown other visible effects of it */
export function push(
  { prefix, extraValues }: Pick<Host, "prefix" | "extraValues">,
  { event = "", value = {}, pageLoading }: PushArgs,
  { source, type, form, payload }: CommandContext,
  targets: readonly Target[],
  shown: Pick<Push, "loading" | "locks" | "undo" | "done"> = {},
): void {
  const more = { ...(isRecord(value) && value), ...extraValues() };
  const message = {
    type,
    event,
    source,
    pageLoading,
    ...shown,
    ...(form
      ? { form: form.fields, meta: { ...form.meta, ...more } }
      : // A payload that is no object stands alone.
        {
          payload: isRecord(value)
            ? { ...payload, ...valueAttributes(source, prefix), ...ownValue(source), ...more }
            : value,
        }),
  };
  // Nothing is sent without a connection; if the event is refused the view has said so.
  for (const [view, component] of targets) view.push({ ...message, component }).catch(() => shown.undo?.());
}
