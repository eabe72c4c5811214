/** What not every page needs, and is loaded when one does: commands, hooks, live navigation, keys, recovery of forms. */
export { createCommands } from "./behaviour/commands.ts";
export { bindFar } from "./behaviour/far.ts";
export { createHookContext, startHook } from "./behaviour/hook-context.ts";
export { createJs } from "./behaviour/js.ts";
export { createNavigation } from "./behaviour/navigation.ts";
export { createRecover } from "./behaviour/recovery.ts";
export { createRemoving } from "./behaviour/removing.ts";
export { watchViewport } from "./behaviour/viewport.ts";
