/** `@overwire/server`: the exports for authors of views. */

export type {
  ChannelEvent,
  EventsOf,
  JoinPayloadOf,
  JoinReplyOf,
  MessagesOf,
} from "@overwire/client/wire";
export type { AppEvents, OnAppEvent } from "./app/app-messages.ts";
export type { OverwireApp } from "./app/overwire-app.ts";
export { type AppOptions, createApp } from "./app.ts";
export {
  type AnyMessages,
  Channel,
  type ChannelClass,
  type ChannelLike,
  type MessageArguments,
  type ReceivedMessage,
} from "./channel/channel.ts";
export type { Accepted, ChannelOptions, Declined, OpenedSocket } from "./channel/channel-endpoint.ts";
export type { ChannelRouteOptions, ChannelRoutes } from "./channel/channel-routes.ts";
export type { Handshake } from "./channel/handshake.ts";
export { Refused } from "./channel/refused.ts";
export type {
  AppSocket,
  ChannelPeer,
  ClientSocket,
  Peer,
  SharedMessage,
  Upgrade,
} from "./connection/transport.ts";
export {
  type Bearer,
  type BearerError,
  type BearerOf,
  type BearerOptions,
  bearer,
  ExpiredToken,
} from "./http/bearer.ts";
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
export { type GuardOptions, guard } from "./http/guard.ts";
export type { Layout, LayoutProps } from "./http/layout.ts";
export type { LiveOptions } from "./http/live-route.ts";
export type { LiveSessionOptions } from "./http/live-session.ts";
export type { CheckOrigin } from "./http/origin.ts";
export type { TrustProxy } from "./http/proxy-headers.ts";
export type { Nonce } from "./http/response-headers.ts";
export type { Secret } from "./http/secret.ts";
export type { ContentSecurityPolicy, SecureHeadersOptions } from "./http/secure-headers.ts";
export type { SessionOption, SessionOptions } from "./http/session.ts";
export { memorySessions, type SessionStore } from "./http/session-store.ts";
export {
  type SignTokenOptions,
  signToken,
  type TokenFailure,
  type VerifiedToken,
  type VerifyTokenOptions,
  verifyToken,
} from "./http/token.ts";
export type { PresenceTimes } from "./presence/options.ts";
export type { Broker, BrokerEvents } from "./pubsub/broker.ts";
export { createPubSub, type FullPubSub, type PubSubOptions } from "./pubsub/create-pubsub.ts";
export { LocalPubSub } from "./pubsub/local.ts";
export { MessageTooLargeError } from "./pubsub/message-data.ts";
export type { PubSub, PubSubEvents } from "./pubsub/pubsub.ts";
export type { Limits, Report } from "./runtime/services.ts";
export { attributeValue } from "./template/attributes.ts";
export { type Each, each } from "./template/each.ts";
export { TemplateError } from "./template/errors.ts";
export { type Child, type Component, html, type Template } from "./template/html.ts";
export { type Memo, memo } from "./template/memo.ts";
export { type Raw, raw } from "./template/raw.ts";
export { renderToHtml } from "./template/render.ts";
export type { AsyncResult, StreamItems } from "./view/async/async-result.ts";
export { type AsyncResultParts, asyncResult } from "./view/async/async-result-view.ts";
export type { Feed } from "./view/async/feed.ts";
export type { FeedSource } from "./view/async/feed-reader.ts";
export type { AsyncLoader, AsyncOutcome } from "./view/async/task-run.ts";
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
} from "./view/commands/js.ts";
export type { EventRun, Overlap } from "./view/events/concurrency.ts";
export type {
  EventHandle,
  EventOptions,
  EventPayload,
  GuardedEventOptions,
  GuardedRun,
  PushCommand,
} from "./view/events/event.ts";
export type { Flash } from "./view/flash.ts";
export { FieldErrors } from "./view/forms/field-errors.ts";
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
} from "./view/forms/types.ts";
export { usedInput } from "./view/forms/used-input.ts";
export type { Guard, GuardContext, GuardedView, SessionOf } from "./view/guard.ts";
export { type Halt, halt, type LifecycleHooks } from "./view/lifecycle-hooks.ts";
export type { ComponentClass, Joined } from "./view/live.ts";
export { LiveComponent, type PropsOf } from "./view/live-component.ts";
export { LiveView, type OnMount, type ViewClass } from "./view/live-view.ts";
export { Link, type LinkProps } from "./view/navigation/link.ts";
export type { External, PushOptions } from "./view/navigation/navigation.ts";
export type { Params, ParamsOf, ParamValue } from "./view/navigation/params.ts";
export { type PathValue, path, type Query, type QueryValue } from "./view/navigation/path.ts";
export { Portal } from "./view/navigation/portal.ts";
export {
  type Fetched,
  type Presence,
  type PresenceDiff,
  type PresenceEntry,
  type PresenceKey,
  type PresenceMeta,
  type PresenceOptions,
  type Present,
  presence,
  type Tracked,
} from "./view/presence.ts";
export type { Session, ViewContext } from "./view/session.ts";
export { SessionError, type SessionErrorCode } from "./view/session-error.ts";
export type { InsertOptions, Stream, StreamOptions } from "./view/streams/stream.ts";
export { type Topic, topic } from "./view/topic.ts";
export { liveFileInput, liveImgPreview, type UploadAttributes } from "./view/uploads/file-input.ts";
export { type Consumed, type Postponed, postpone } from "./view/uploads/postpone.ts";
export type {
  ExternalMeta,
  TempFile,
  Upload,
  UploadEntry,
  UploadOptions,
  UploadProblem,
  UploadWriter,
} from "./view/uploads/types.ts";
export type { EndReason } from "./view/view-host.ts";
