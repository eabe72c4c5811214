/** Messages as texts for other nodes: data only, within a size, and of foreign texts nothing but data. */
import { DevalueError, parse, stringify } from "devalue";
import { nameValue } from "../template/wrong-list.ts";

/** Bytes of a message, serialised. */
export const MOST_BYTES = 10 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** Refuses a message of more than 10 MB. */
export class MessageTooLargeError extends RangeError {
  readonly code = "message_too_large";
  /** Name of the topic. */
  readonly topic: string;
  /** Bytes that it has, serialised. */
  readonly size: number;

  constructor(topic: string, size: number) {
    super(
      `The message on "${topic}" has ${(size / MEGABYTE).toFixed(1)} MB, and at most ${MOST_BYTES / MEGABYTE} MB are ` +
        "published. Store the value, and publish the key under which others find it.",
    );
    this.name = "MessageTooLargeError";
    this.topic = topic;
    this.size = size;
  }
}

/** A message that is not only data. */
export class NotDataError extends TypeError {}

/** Kinds of values that devalue would carry in another way. */
const reducers = {
  // A Buffer is one on the other node too, and not only its bytes.
  Buffer: (value: unknown) => Buffer.isBuffer(value) && new Uint8Array(value),
  // A view of a part of a buffer takes that part along and not what stands beside it.
  Part: (value: unknown) => ArrayBuffer.isView(value) && isPart(value) && copyOf(value),
};
const revivers = {
  Buffer: (bytes: unknown) => {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("These are no bytes.");
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
  Part: (view: unknown) => view,
};

const isPart = ({ buffer, byteLength }: ArrayBufferView) => byteLength < buffer.byteLength;

function copyOf(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  const View = view.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView;
  return new View(buffer.slice(byteOffset, byteOffset + byteLength));
}

/**
 * Writes a message.
 * @throws NotDataError with the path of the value that is no data
 * @throws MessageTooLargeError
 */
export function serialize(topic: string, message: unknown): string {
  let text: string;
  try {
    text = stringify(message, reducers);
  } catch (error) {
    throw notData(topic, error);
  }
  // No character takes more than three bytes.
  if (text.length * 3 > MOST_BYTES) {
    const size = Buffer.byteLength(text);
    if (size > MOST_BYTES) throw new MessageTooLargeError(topic, size);
  }
  return text;
}

/** Reads a message. @throws Error if it is none; it may come from anyone who reaches the broker */
export function deserialize(text: string): unknown {
  return parse(text, revivers);
}

function notData(topic: string, error: unknown): NotDataError {
  const found =
    error instanceof DevalueError
      ? `${error.path ? `its ${error.path.replace(/^\./, "")}` : "it"} is ${describe(error.value, error.message)}`
      : `it cannot be serialised: ${error instanceof Error ? error.message : String(error)}`;
  return new NotDataError(
    `The message on "${topic}" is not only data, so it does not reach other nodes: ${found}. Publish plain objects and ` +
      "lists of strings, numbers, bigints, Date, Map, Set and typed arrays.",
    { cause: error },
  );
}

function describe(value: unknown, reason: string): string {
  if (typeof value === "object" && value !== null) {
    if (reason.includes("__proto__")) return "an object with the key __proto__";
    if (reason.includes("symbolic")) return "an object with a symbol as a key";
    const { name } = (value.constructor as { readonly name?: unknown } | undefined) ?? {};
    if (typeof name === "string" && name !== "" && name !== "Object") return `a ${name}`;
  }
  return nameValue(value);
}
