/** An element whose content is a view's, patched by the client as the view is rendered again. */
import { createPatcher } from "../../client/src/patch/patcher.ts";
import { learnTemplates } from "../../client/src/wire/client-tree.ts";
import type { ReadTemplate } from "../../client/src/wire/template-steps.ts";
import type { Template } from "../../server/src/template/html.ts";
import { serverSide } from "./server-side.ts";

type Rest = Parameters<typeof createPatcher>;

export function patchedElement(el: Element, policy: Rest[1], showStream?: Rest[3]) {
  const message = serverSide();
  const known = new Map<number, ReadTemplate>();
  const patcher = createPatcher(el, policy, known, showStream);
  return {
    patcher,
    /** Templates that the client was sent. */
    known,
    /** Shows the next rendering. */
    show(next: Template): void {
      const { full, diff, templates } = message(next);
      learnTemplates(known, templates);
      if (full) patcher.load(full);
      else patcher.merge(diff ?? 0);
    },
  };
}
