/** `@overwire/server/wire`: what travels between server and client, shared by both and by the test driver. */
export * from "./wire/bindings.ts";
export * from "./wire/chunk.ts";
export * from "./wire/closing.ts";
export * from "./wire/keys.ts";
export * from "./wire/merge.ts";
export * from "./wire/messages.ts";
export * from "./wire/statics.ts";
export * from "./wire/stream.ts";
export * from "./wire/stringify.ts";
export * from "./wire/tree.ts";
