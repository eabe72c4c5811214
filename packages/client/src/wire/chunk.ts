/** Parts of uploaded files, the only messages that are binary: a channel's number, a position in the file, and bytes. */

const HEADER = 12;

/** Bytes that a chunk has beside the file's. */
export const CHUNK_OVERHEAD = HEADER;

/** A part of a file. */
export interface Chunk {
  /** The number that the server gave the upload of this file on this connection. */
  readonly channel: number;
  /** Position of the bytes in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export function writeChunk({ channel, offset, bytes }: Chunk): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEADER + bytes.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, channel);
  view.setFloat64(4, offset);
  message.set(bytes, HEADER);
  return message;
}

/** Parses a chunk frame, without copying its bytes. @returns undefined if the message is not a valid chunk */
export function readChunk(message: Uint8Array): Chunk | undefined {
  if (message.length < HEADER) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, HEADER);
  const offset = view.getFloat64(4);
  if (!Number.isSafeInteger(offset) || offset < 0) return undefined;
  return { channel: view.getUint32(0), offset, bytes: message.subarray(HEADER) };
}
