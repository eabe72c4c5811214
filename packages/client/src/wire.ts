/** `@overwire/client/wire`: messages between server and client, shared by both and by the test driver. */

export * from "./wire/apply-stream-change.ts";
export * from "./wire/bindings.ts";
export type * from "./wire/channel-class.ts";
export * from "./wire/channel-frames.ts";
export * from "./wire/chunk.ts";
export * from "./wire/client-tree.ts";
export * from "./wire/close-codes.ts";
export * from "./wire/constants.ts";
export * from "./wire/frames.ts";
export * from "./wire/json-weight.ts";
export * from "./wire/rendered.ts";
export * from "./wire/stringify.ts";
export * from "./wire/template-steps.ts";
