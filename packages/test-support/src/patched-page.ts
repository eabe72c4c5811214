/** A view in a page that is patched without a connection, by the client's own rules: the test gives its next renderings. */
import { keepChoice } from "../../client/src/patch/chosen-options.ts";
import type { PatchCallbacks } from "../../client/src/patch/patch-context.ts";
import { createPolicy } from "../../client/src/patch/policy.ts";
import * as notices from "../../client/src/patch/update-notices.ts";
import type { Template } from "../../server/src/template/html.ts";
import { renderToHtml } from "../../server/src/template/render.ts";
import { patchedElement } from "./patched-element.ts";

/** @param container the element that the view is shown in */
export function patchedPage(
  container: Element,
  first: Template,
  callbacks?: PatchCallbacks,
  prefix = "phx-",
): ReturnType<typeof patchedElement> {
  container.innerHTML = renderToHtml(first);
  const patched = patchedElement(
    container,
    createPolicy(prefix, { telling: () => notices, keepChoice: () => keepChoice, ...callbacks }),
  );
  patched.show(first);
  return patched;
}
