/** `@overwire/client`: for pages that bundle their own scripts. */

export type { Metadata } from "./bindings/host.ts";
export type { Js, ShowOptions } from "./commands/js.ts";
export type { EffectOptions, Names, Transition } from "./dom/effects.ts";
export { isUsedInput } from "./dom/used.ts";
export { ViewHook } from "./hooks/hook-context.ts";
export type {
  HandleRef,
  Hook,
  HookCallbacks,
  HookClass,
  HookContext,
  HookFunction,
  HookSocket,
  Hooks,
} from "./hooks/hook-types.ts";
export { LiveSocket, type LiveSocketOptions } from "./live-socket.ts";
export type { UploadEntry, Uploader, UploaderContext, Uploaders, UploadMeta } from "./uploads/uploads.ts";
