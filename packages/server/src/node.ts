/** `@overwire/server/node`: serving an app with node. */
export { type Attached, type AttachOptions, attach, type Mountable } from "./node/attach.ts";
export { handler, type NodeHandler } from "./node/handler.ts";
export { type Served, type ServeOptions, serve } from "./node/serve.ts";
