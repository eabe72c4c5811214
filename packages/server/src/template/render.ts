/** Templates as HTML, where no client follows their changes yet: first paints, layouts. */
import { compile } from "./compile.ts";
import { Each } from "./each.ts";
import { Template } from "./html.ts";
import { Living, placeholder } from "./live.ts";
import { Memo } from "./memo.ts";
import { withPlainStyles } from "./names.ts";
import { resolve, type Slot, slotHtml } from "./slot.ts";
import { checkItem, enterStream, renderItem, StreamEach, startTag } from "./stream.ts";
import { resolveChild } from "./tree.ts";

const childSlot: Slot = { kind: "child", value: 0 };

/**
 * Renders a template to HTML that stands alone: a mail, a page without a client.
 * @throws TemplateError where it cannot be right, or a value cannot stand where it was put
 */
export function renderToHtml(template: Template): string {
  return withPlainStyles(renderForClient(template));
}

/**
 * Renders a template for a page with a client, which sets the styles.
 * @throws TemplateError as {@link renderToHtml} does
 */
export function renderForClient({ strings, values }: Template): string {
  const { statics, slots } = compile(strings);
  let html = statics[0] as string;
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] as Slot;
    html += valueHtml(slot, resolve(slot, values)) + statics[index + 1];
  }
  return html;
}

function valueHtml(slot: Slot, value: unknown): string {
  if (typeof value !== "object" || value === null) return slotHtml(slot, value);
  if (value instanceof Template) return renderForClient(value);
  if (value instanceof Memo) return childHtml(value.render());
  let html = "";
  if (value instanceof Each) {
    let index = 0;
    for (const item of value.items) html += childHtml(value.render(item, index++));
    return html;
  }
  if (value instanceof StreamEach) return streamHtml(value);
  if (!Array.isArray(value)) return value instanceof Living ? placeholder(value) : slotHtml(slot, value);
  for (const item of value) html += childHtml(item);
  return html;
}

function streamHtml(each: StreamEach): string {
  const { source } = each;
  enterStream(source);
  let html = "";
  for (const [id, item] of source.all())
    html += renderItem(each, id, item, (value) => {
      const written = childHtml(value);
      // What a component of any kind is will be seen when a client joins.
      const root = value instanceof Template ? compile(value.strings).root : undefined;
      if (root !== "slot") checkItem(source, id, root && startTag(written));
      return written;
    });
  return html;
}

const childHtml = (value: unknown) => valueHtml(childSlot, resolveChild(value));
