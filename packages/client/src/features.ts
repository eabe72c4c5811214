/** What not every page needs, and is loaded when one does: commands, hooks, live navigation, keys, recovery of forms. */
export { createArrivals, createNavigator } from "./arrivals.ts";
export { createCommands } from "./behaviour/commands.ts";
export { bindFar } from "./behaviour/far.ts";
export { createRunForm } from "./behaviour/forms.ts";
export { createHookContext, startHook } from "./behaviour/hook-context.ts";
export { createHookLives } from "./behaviour/hook-life.ts";
export { createJs } from "./behaviour/js.ts";
export { createNavigation } from "./behaviour/navigation.ts";
export { createRecover } from "./behaviour/recovery.ts";
export { createRemoving } from "./behaviour/removing.ts";
export { watchScrolling } from "./behaviour/scrolling.ts";
export { applySubmitter } from "./behaviour/submitter.ts";
export { createTiming } from "./behaviour/timing.ts";
export { createUploading } from "./uploading.ts";

export const loadViewport = () => import("./behaviour/viewport.ts");
export const loadUploads = () => import("./uploads.ts");
export const loadRare = () => import("./rare.ts");
export const loadStreams = () => import("./patch/streams.ts");
export { replaceChange } from "./waiting-changes.ts";
