/** `@overwire/server`: what an author of views imports. */
export { type AppOptions, createApp } from "./app.ts";
export type { Nonce } from "./http/answers.ts";
export type { OverwireApp } from "./http/app.ts";
export type { CsrfOptions } from "./http/csrf.ts";
export type { ErrorPage, ErrorPageProps } from "./http/error-page.ts";
export {
  BadRequest,
  Forbidden,
  Gone,
  HttpError,
  NotFound,
  TooManyRequests,
  Unauthorized,
} from "./http/errors.ts";
export type { Layout, LayoutProps } from "./http/layout.ts";
export type { LiveOptions } from "./http/live-route.ts";
export type { LiveSessionOptions } from "./http/live-session.ts";
export type { CheckOrigin } from "./http/origin.ts";
export type { TrustProxy } from "./http/proxy.ts";
export type { Secret } from "./http/secret.ts";
export type { ContentSecurityPolicy, SecureHeadersOptions } from "./http/secure-headers.ts";
export type { SessionOption, SessionOptions } from "./http/session.ts";
export type { ClientSocket, Peer, Upgrade } from "./http/socket.ts";
export { signToken, type TokenFailure, type VerifiedToken, verifyToken } from "./http/token.ts";
export type { Limits, PubSub, Report } from "./process/services.ts";
export { LocalPubSub } from "./realtime/pubsub.ts";
export { attributeValue } from "./template/attributes.ts";
export { type Each, each } from "./template/each.ts";
export { TemplateError } from "./template/errors.ts";
export { type Child, type Component, html, type Template } from "./template/html.ts";
export { type Memo, memo } from "./template/memo.ts";
export { type Raw, raw } from "./template/raw.ts";
export { renderToHtml } from "./template/render.ts";
export type { AsyncResult, StreamItems } from "./view/async-result.ts";
export { type AsyncResultParts, asyncResult } from "./view/async-result-view.ts";
export type { EventHandle, EventOptions, EventPayload, PushCommand } from "./view/event.ts";
export type { Feed } from "./view/feed.ts";
export type { Flash } from "./view/flash.ts";
export { FieldErrors } from "./view/form-errors.ts";
export type {
  AddEvent,
  ArrayField,
  Field,
  FieldAttributes,
  FieldList,
  Fields,
  Form,
  FormErrors,
  FormOptions,
  FormValues,
  RawValues,
  Row,
  ToggleAttributes,
} from "./view/form-types.ts";
export { type Halt, halt, type LifecycleHooks } from "./view/hooks.ts";
export type { EndReason, Session, ViewContext } from "./view/host.ts";
export {
  JS,
  type JSAttribute,
  type JSCommands,
  type JSDispatch,
  type JSEffect,
  type JSNames,
  type JSNavigate,
  type JSPush,
  type JSShow,
  type JSTarget,
  type JSTime,
  type JSTo,
  type JSToggle,
  type JSTransition,
} from "./view/js.ts";
export { Link, type LinkProps } from "./view/link.ts";
export type { ComponentClass, Joined } from "./view/live.ts";
export { LiveComponent, type PropsOf } from "./view/live-component.ts";
export { LiveView, type OnMount, type ViewClass } from "./view/live-view.ts";
export type { External, PushOptions } from "./view/navigation.ts";
export type { EventRun, Overlap } from "./view/overlap.ts";
export type { Params, ParamsOf, ParamValue } from "./view/params.ts";
export { type PathValue, path, type Query, type QueryValue } from "./view/path.ts";
export { Portal } from "./view/portal.ts";
export { type Consumed, type Postponed, postpone } from "./view/postpone.ts";
export type { FeedSource } from "./view/reading.ts";
export type { AsyncLoader, AsyncOutcome } from "./view/run.ts";
export type { InsertOptions, Stream, StreamOptions } from "./view/stream.ts";
export { type Topic, topic } from "./view/topic.ts";
export { liveFileInput, liveImgPreview, type UploadAttributes } from "./view/upload-input.ts";
export type {
  ExternalMeta,
  TempFile,
  Upload,
  UploadEntry,
  UploadOptions,
  UploadProblem,
  UploadWriter,
} from "./view/upload-types.ts";
export { usedInput } from "./view/used-input.ts";
