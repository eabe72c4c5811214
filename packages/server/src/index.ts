/** `@overwire/server`: what an author of views imports. */
export { createApp } from "./app.ts";
export { LocalPubSub } from "./realtime/pubsub.ts";
export type { Limits, PubSub, Report } from "./process/services.ts";
export { attributeValue } from "./template/attributes.ts";
export { type Each, each } from "./template/each.ts";
export { TemplateError } from "./template/errors.ts";
export { type Child, type Component, html, type Template } from "./template/html.ts";
export { type Memo, memo } from "./template/memo.ts";
export { type Raw, raw } from "./template/raw.ts";
export { renderToHtml } from "./template/tree.ts";
export type { EventHandle, EventPayload, PushCommand } from "./view/event.ts";
export type { EndReason, Session, ViewContext } from "./view/host.ts";
export { LiveView, type ViewClass } from "./view/live-view.ts";
export type { Params, ParamsOf, ParamValue } from "./view/params.ts";
export { type Topic, topic } from "./view/topic.ts";
