/**
 * Messages of channels, both ways, written and read: those of Phoenix channels, version 2 of their serializer, so that clients
 * that exist in other languages understand them. `docs/protocol.md` explains them.
 */
import { isTooDeep, MAX_DEPTH } from "./json-depth.ts";
import { mayHaveUnsafeKeys, removeUnsafeKeys } from "./unsafe-keys.ts";

/** Events of the protocol. Those of authors begin otherwise. */
export const PHX = "phx_";
export const PHX_JOIN = "phx_join";
export const PHX_LEAVE = "phx_leave";
export const PHX_REPLY = "phx_reply";
/** The server has ended the channel, or the client's leaving of it is done. */
export const PHX_CLOSE = "phx_close";
/** The channel has crashed: the client joins it again. */
export const PHX_ERROR = "phx_error";
/** Topic and event of a message that asks if the other side is there. */
export const PHOENIX = "phoenix";
export const PHX_HEARTBEAT = "heartbeat";
/** Events of a channel that presents who is there. */
export const PRESENCE_STATE = "presence_state";
export const PRESENCE_DIFF = "presence_diff";

/** Subprotocols of the socket, of which the server echoes the first that it knows. */
export const CHANNEL_PROTOCOLS: readonly string[] = ["overwire", PHOENIX];
/** Begins the subprotocol in which a client sends its token, as base64url. The server never echoes it. */
export const TOKEN_PROTOCOL = "base64url.bearer.phx.";
/** Version of the messages; a client may say it as `vsn` in the query string. */
export const CHANNEL_VERSION = "2.0.0";
/** The server stops: another one takes the client. */
export const CLOSE_RESTART = 1012;

/** Bytes of UTF-8 that a ref, a topic or the name of an event may have. */
export const LONGEST_FIELD = 255;

/**
 * One message. The join ref is that of the join to which it belongs; null belongs to none: a broadcast, a heartbeat. The
 * ref is the client's, which the reply repeats.
 */
export interface ChannelFrame {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  /** JSON, or bytes; of a reply a {@link ChannelReply}. */
  readonly payload: unknown;
}

export type ReplyStatus = "ok" | "error";

/** Payload of {@link PHX_REPLY}. */
export interface ChannelReply {
  readonly status: ReplyStatus;
  readonly response: unknown;
}

/** Kinds of binary messages, the first byte. */
const PUSH = 0;
const REPLY = 1;
const BROADCAST = 2;

const encoder = new TextEncoder();
// Fatal, as names that are not UTF-8 are not names; and a byte order mark is a character like any other.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes in UTF-8 of a text. */
function utf8(what: string, text: string): Uint8Array {
  const bytes = encoder.encode(text);
  if (bytes.length <= LONGEST_FIELD) return bytes;
  throw new RangeError(
    `The ${what} of a channel's message may have ${LONGEST_FIELD} bytes of UTF-8, but ${JSON.stringify(text.slice(0, 40))}… has ${bytes.length}.`,
  );
}

/** `kind`, a length for each field, the fields, the payload. */
function binary(
  kind: number,
  fields: readonly (readonly [what: string, text: string])[],
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts = fields.map(([what, text]) => utf8(what, text));
  let at = 1 + parts.length;
  const message = new Uint8Array(parts.reduce((sum, { length }) => sum + length, at) + payload.length);
  message[0] = kind;
  parts.forEach((part, index) => {
    message[1 + index] = part.length;
    message.set(part, at);
    at += part.length;
  });
  message.set(payload, at);
  return message;
}

function text(
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
): string {
  utf8("topic", topic);
  utf8("event", event);
  return JSON.stringify([joinRef, ref, topic, event, payload ?? {}]);
}

/**
 * Writes a client's message.
 * @throws RangeError for a topic or event that is too long, TypeError for a payload that has no JSON
 */
export function writeClientMessage({
  joinRef,
  ref,
  topic,
  event,
  payload,
}: ChannelFrame): string | Uint8Array<ArrayBuffer> {
  if (!(payload instanceof Uint8Array)) return text(joinRef, ref, topic, event, payload);
  const fields = [
    ["join ref", joinRef ?? ""],
    ["ref", ref ?? ""],
    ["topic", topic],
    ["event", event],
  ] as const;
  return binary(PUSH, fields, payload);
}

/**
 * Writes a message of the server for one client.
 * @param ref of the end of a channel the ref of its join
 * @throws as {@link writeClientMessage}
 */
export function writePush(
  joinRef: string | null,
  topic: string,
  event: string,
  payload: unknown,
  ref: string | null = null,
): string | Uint8Array<ArrayBuffer> {
  if (!(payload instanceof Uint8Array)) return text(joinRef, ref, topic, event, payload);
  const fields = [
    ["join ref", joinRef ?? ""],
    ["topic", topic],
    ["event", event],
  ] as const;
  return binary(PUSH, fields, payload);
}

/**
 * Writes the server's reply to the client's message of a ref.
 * @throws as {@link writeClientMessage}
 */
export function writeReply(
  joinRef: string | null,
  ref: string | null,
  topic: string,
  status: ReplyStatus,
  response: unknown,
): string | Uint8Array<ArrayBuffer> {
  if (!(response instanceof Uint8Array))
    return text(joinRef, ref, topic, PHX_REPLY, { status, response: response ?? {} } satisfies ChannelReply);
  const fields = [
    ["join ref", joinRef ?? ""],
    ["ref", ref ?? ""],
    ["topic", topic],
    ["status", status],
  ] as const;
  return binary(REPLY, fields, response);
}

/**
 * Writes a message of the server for all clients of a topic.
 * @throws as {@link writeClientMessage}
 */
export function writeBroadcast(
  topic: string,
  event: string,
  payload: unknown,
): string | Uint8Array<ArrayBuffer> {
  if (!(payload instanceof Uint8Array)) return text(null, null, topic, event, payload);
  const fields = [
    ["topic", topic],
    ["event", event],
  ] as const;
  return binary(BROADCAST, fields, payload);
}

/** @returns the fields of a binary message and its payload, which is a copy; undefined if there are too few bytes */
function fieldsOf(message: Uint8Array, count: number): [fields: string[], payload: Uint8Array] | undefined {
  let at = 1 + count;
  if (message.length < at) return undefined;
  const fields: string[] = [];
  for (let index = 0; index < count; index++) {
    const end = at + (message[1 + index] as number);
    if (message.length < end) return undefined;
    try {
      fields.push(decoder.decode(message.subarray(at, end)));
    } catch {
      return undefined;
    }
    at = end;
  }
  // A copy: a transport's message may be a part of a larger buffer, which a small payload is not to keep.
  return [fields, new Uint8Array(message.subarray(at))];
}

const isRef = (value: unknown): value is string | null => value === null || isField(value);

/** Tells if a value is a text of at most {@link LONGEST_FIELD} bytes. */
function isField(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const { length } = value;
  return (
    length * 3 <= LONGEST_FIELD || (length <= LONGEST_FIELD && encoder.encode(value).length <= LONGEST_FIELD)
  );
}

function frameOf(joinRef: unknown, ref: unknown, topic: unknown, event: unknown, payload: unknown) {
  if (!isRef(joinRef)) return `a join ref must be null, or a text of at most ${LONGEST_FIELD} bytes`;
  if (!isRef(ref)) return `a ref must be null, or a text of at most ${LONGEST_FIELD} bytes`;
  if (!isField(topic) || topic === "") return `a topic must be a text of 1 to ${LONGEST_FIELD} bytes`;
  if (!isField(event) || event === "") return `an event must be a text of 1 to ${LONGEST_FIELD} bytes`;
  return { joinRef, ref, topic, event, payload: payload ?? {} } satisfies ChannelFrame;
}

function readText(message: string): ChannelFrame | string {
  let frame: unknown;
  try {
    frame = JSON.parse(message);
  } catch {
    return "a message must be JSON";
  }
  if (!Array.isArray(frame) || frame.length < 5)
    return "a message must be an array of join ref, ref, topic, event and payload";
  const [joinRef, ref, topic, event, payload] = frame as unknown[];
  return frameOf(joinRef, ref, topic, event, payload);
}

const unsafe = new WeakSet<object>();

/** Tells if a key `__proto__` was left out of a client's message: it would change the prototype of a payload's copy. */
export const hadUnsafePayload = (frame: ChannelFrame): boolean => unsafe.has(frame);

/**
 * Reads a client's message.
 * @returns the frame, or a sentence about its problem. Never throws.
 */
export function readClientMessage(message: string | Uint8Array): ChannelFrame | string {
  if (typeof message !== "string") {
    const [fields, payload] = (message[0] === PUSH && fieldsOf(message, 4)) || [];
    if (!fields) return "a binary message must begin with 0, four lengths, and so many bytes of UTF-8";
    const [joinRef, ref, topic, event] = fields;
    return frameOf(joinRef || null, ref || null, topic, event, payload);
  }
  if (isTooDeep(message)) return `a message may have ${MAX_DEPTH} levels of arrays and objects`;
  const frame = readText(message);
  if (typeof frame !== "string" && mayHaveUnsafeKeys(message) && removeUnsafeKeys(frame.payload))
    unsafe.add(frame);
  return frame;
}

/**
 * Reads a message of the server. Of bytes the payload is a `Uint8Array`, that of a reply with bytes a {@link ChannelReply} of
 * them. The client trusts its server, and weighs little: it only looks if it is a message at all.
 * @returns the frame, undefined if it is none. Never throws.
 */
export function readServerMessage(message: string | Uint8Array): ChannelFrame | undefined {
  if (typeof message === "string") {
    try {
      const [joinRef, ref, topic, event, payload] = JSON.parse(message);
      return { joinRef, ref, topic, event, payload };
    } catch {
      return undefined;
    }
  }
  const kind = message[0];
  const [fields, payload] = fieldsOf(message, kind === PUSH ? 3 : kind === REPLY ? 4 : 2) ?? [];
  if (!fields) return undefined;
  const [first = "", second = "", third = "", status] = fields;
  if (kind === BROADCAST) return { joinRef: null, ref: null, topic: first, event: second, payload };
  if (kind === PUSH) return { joinRef: first || null, ref: null, topic: second, event: third, payload };
  const reply = { status, response: payload };
  return { joinRef: first || null, ref: second || null, topic: third, event: PHX_REPLY, payload: reply };
}

/** The subprotocol in which a client sends its token. */
export function tokenProtocol(token: string): string {
  const characters = Array.from(encoder.encode(token), (byte) => String.fromCharCode(byte)).join("");
  const base64 = btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return TOKEN_PROTOCOL + base64;
}
