/** `@overwire/client`: for pages that bundle their own scripts. */
export type { EffectOptions, Names, Transition } from "./behaviour/effects.ts";
export { ViewHook } from "./behaviour/hook-context.ts";
export type {
  HandleRef,
  Hook,
  HookCallbacks,
  HookClass,
  HookContext,
  HookFunction,
  HookSocket,
  Hooks,
} from "./behaviour/hook-types.ts";
export type { Metadata } from "./behaviour/host.ts";
export type { Js, ShowOptions } from "./behaviour/js.ts";
export { isUsedInput } from "./dom/used.ts";
export { LiveSocket, type LiveSocketOptions } from "./live-socket.ts";
export type { UploadEntry, Uploader, UploaderContext, Uploaders, UploadMeta } from "./uploads.ts";
