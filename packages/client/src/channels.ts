/** `@overwire/client/channels`: channels for what is no view. */

export type { WebSocketClass, WebSocketLike } from "./channels/attempt.ts";
export type { ChannelParams, ChannelSocketOptions as SocketOptions } from "./channels/channel-socket.ts";
export { ChannelSocket as Socket } from "./channels/channel-socket.ts";
export type {
  Channel,
  ChannelState,
  EventName,
  JoinArguments,
  JoinReply,
  MessageName,
  MessagePayload,
  PushArguments,
  PushReply,
  UntypedChannel,
  WaitOptions as PushOptions,
} from "./channels/channel-types.ts";
export type { LineEnd } from "./channels/delays.ts";
export { ChannelError, type ChannelErrorCode } from "./channels/errors.ts";
export {
  type PresenceEntry,
  type PresenceMeta,
  type Present,
  presenceOf,
  type Roster,
} from "./channels/presence.ts";
