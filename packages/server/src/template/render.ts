/** Templates as HTML without a client that follows their changes: first paints, layouts. */
import type { ConstantAttribute } from "./attributes.ts";
import { withCallSite } from "./call-site.ts";
import { withPlainStyles } from "./class-and-style.ts";
import { compile } from "./compile.ts";
import { Each } from "./each.ts";
import { unshownValues } from "./habit-selects.ts";
import { Template } from "./html.ts";
import { Memo } from "./memo.ts";
import { isProduction } from "./mode.ts";
import { Raw } from "./raw.ts";
import { ComponentSlot, placeholder, reportMistake } from "./render-context.ts";
import { childSlot, type ResolvedValue, resolveChild, resolveSlot, type Slot, slotHtml } from "./slot.ts";
import { anyPosition, type SlotPosition } from "./slot-position.ts";
import { checkItem, enterStream, renderItem, StreamEach, startTag } from "./stream-render.ts";
import { nameValue } from "./wrong-list.ts";

/**
 * Renders a template to HTML without a client: for a mail, or a static page.
 * @throws TypeError for a value that is no template
 * @throws TemplateError if it cannot be right, or a value cannot be rendered in its position
 */
export function renderToHtml(template: Template): string {
  if (!(template instanceof Template))
    throw new TypeError(`renderToHtml expects a template, html\`…\`, but it is ${nameValue(template)}.`);
  return withPlainStyles(renderForClient(template, isProduction() ? undefined : anyPosition));
}

/**
 * Renders a template for a page with a client, which sets the styles.
 * @param place in which elements it is to stand, to be checked
 * @throws TemplateError as {@link renderToHtml} does
 */
export function renderForClient(template: Template, place?: SlotPosition): string {
  return template.site ? withCallSite(template, () => htmlOf(template, place)) : htmlOf(template, place);
}

function htmlOf({ strings, values }: Template, place: SlotPosition | undefined): string {
  const template = compile(strings);
  const { statics, slots } = template;
  place?.checkTemplate(template);
  let html = statics[0] as string;
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] as Slot;
    html += placedHtml(slot, values, place) + statics[index + 1];
  }
  if (place) for (const mistake of unshownValues(html, slots, values)) reportMistake(mistake);
  return html;
}

/** Resolves a slot. All that one shows whose content is no part of the page is one text of HTML. */
export const resolveRenderedSlot = (
  slot: Slot,
  values: readonly unknown[],
): ResolvedValue | ConstantAttribute =>
  slot.inert
    ? new Raw(placedHtml(slot, values, isProduction() ? undefined : anyPosition))
    : resolveSlot(slot, values);

function placedHtml(slot: Slot, values: readonly unknown[], place?: SlotPosition): string {
  const isChild = slot.kind === "child" || slot.kind === "component";
  const html = valueHtml(slot, resolveSlot(slot, values), isChild ? place?.within(slot) : undefined);
  // No client sets the styles of what is not in the page.
  return slot.inert === "template" ? withPlainStyles(html) : html;
}

function valueHtml(slot: Slot, value: unknown, place: SlotPosition | undefined): string {
  if (typeof value !== "object" || value === null) {
    place?.checkValue(value);
    return slotHtml(slot, value);
  }
  if (value instanceof Template) return renderForClient(value, place);
  if (value instanceof Memo) return childHtml(value.render(), place);
  let html = "";
  if (value instanceof Each) {
    let index = 0;
    for (const item of value.items) html += childHtml(value.render(item, index++), place);
    return html;
  }
  if (value instanceof StreamEach) return streamHtml(value, place);
  if (value instanceof ComponentSlot) {
    place?.checkAlive("A live component");
    value.position = place;
    return placeholder(value);
  }
  if (!Array.isArray(value)) {
    if (value instanceof Raw) place?.checkHtml(value.html);
    return slotHtml(slot, value);
  }
  for (const item of value) html += childHtml(item, place);
  return html;
}

function streamHtml(each: StreamEach, place: SlotPosition | undefined): string {
  const { queue } = each;
  place?.checkAlive("A stream");
  enterStream(queue);
  let html = "";
  for (const [id, item] of queue.all())
    html += renderItem(each, id, item, (value) => {
      const written = childHtml(value, place);
      // The root of a component, of any kind, is only known when a client joins.
      const root = value instanceof Template ? compile(value.strings).root : undefined;
      if (root !== "slot") checkItem(queue, id, root && startTag(written));
      return written;
    });
  return html;
}

const childHtml = (value: unknown, place: SlotPosition | undefined) =>
  valueHtml(childSlot, resolveChild(value), place);
