/** A view's server side in tests of the client: what it would send for each of its renderings, as it would travel. */
import type { FullInstance, InstanceDiff, Templates } from "../../client/src/wire/rendered.ts";
import { Differ } from "../../server/src/template/diff.ts";
import { Template } from "../../server/src/template/html.ts";
import { type RenderedTemplate, toRenderedTemplate } from "../../server/src/template/rendered-tree.ts";

export { StreamEach, StreamQueue } from "../../server/src/template/stream-render.ts";
export { Differ, type RenderedTemplate, Template, toRenderedTemplate };

/** Either a whole tree or a difference. */
export interface Message {
  readonly full?: FullInstance;
  readonly diff?: InstanceDiff;
  readonly templates?: Templates;
}

export function serverSide(): (next: Template) => Message {
  const seen = new Set<number>();
  let kept: ReturnType<typeof toRenderedTemplate> | undefined;
  return (next) => {
    const differ = new Differ(seen);
    const isSame = kept?.strings === next.strings;
    const diff = kept && isSame ? differ.diffTemplate(kept, next) : undefined;
    if (!isSame) kept = toRenderedTemplate(next);
    const full = kept && !isSame ? differ.writeFull(kept) : undefined;
    for (const id in differ.fresh) seen.add(Number(id));
    return JSON.parse(JSON.stringify({ full, diff, templates: differ.fresh })) as Message;
  };
}
