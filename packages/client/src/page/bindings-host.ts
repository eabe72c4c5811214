/** The client as bindings see it. */
import type { Host } from "../bindings/host.ts";
import { createEarlyActions, createEarlyCommands } from "../features/early.ts";
import type { UploadsHost } from "../uploads/uploads.ts";
import type { PageParts } from "./page-parts.ts";

export function createBindingsHost({
  win,
  prefix,
  options,
  loader,
  views,
  socket,
  traffic,
  changes,
}: PageParts): Host & UploadsHost {
  const { metadata = {}, immediate = false, extraValues = () => undefined, uploaders = {} } = options;
  const early = createEarlyActions(win.document, prefix, loader);
  return {
    win,
    prefix,
    metadata,
    immediate,
    get actions() {
      return loader.started ?? early;
    },
    commands: createEarlyCommands({ prefix, viewOf: views.viewOf, extraValues }, loader),
    get views() {
      return views.byNumber.values();
    },
    get patching() {
      return changes.active;
    },
    extraValues,
    foundNothing: options.foundNothing,
    viewOf: views.viewOf,
    navigate: (...args) => loader.whenLoaded(({ navigating }) => navigating.go(...args)),
    hold: traffic.hold,
    socket,
    uploaders,
    gate: options.uploadGate,
  };
}
