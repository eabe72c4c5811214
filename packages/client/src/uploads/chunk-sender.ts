/** Sends files to the app in chunks: as fast as the line takes them, and with room for events between them. */
import { writeChunk } from "../wire/chunk.ts";
import type { ChunkFrame } from "../wire/frames.ts";
import type { UploadsHost } from "./types.ts";

/** Files that are under way at the same time. */
const PARALLEL = 4;
/** More time than without anything before it, in milliseconds: up to the first there is room for more, beyond the second too much is under way. */
const QUICK = 50;
const SLOW = 150;
/** Until the line is looked at again when something else fills it, in milliseconds. */
const PAUSE = 20;

/** A file to be sent. */
export interface Sending {
  readonly file: File;
  readonly channel: number;
  /** Position to continue from. */
  readonly offset: number;
  /** Bytes of a chunk. */
  readonly chunkSize: number;
  /** Bytes that may be under way. */
  readonly window: number;
  /** The server has all of it. */
  done(): void;
  /** @param reason of a failure that the server does not know of */
  failed(reason?: string): void;
}

export interface ChunkSender {
  /** @returns ends it */
  add(sending: Sending): () => void;
  acked(frame: ChunkFrame): void;
  /** Forgets all of it: files that go on have another channel on the next connection. */
  lost(): void;
  /** Set if something is under way, or about to be. */
  readonly busy: boolean;
}

interface Transfer extends Sending {
  sent: number;
  acked: number;
  /** End of each chunk under way, and the time when it was sent. */
  readonly under: [end: number, at: number][];
  /** Grows with each chunk of any file. */
  turn: number;
  /** The next one is being read; or waits for a test before that. */
  reading: boolean;
  gated: boolean;
  /** All of it has been sent. */
  complete: boolean;
  /** Read, and not sent yet. */
  ready: Uint8Array | undefined;
}

const newTransfer = (sending: Sending): Transfer => ({
  ...sending,
  sent: sending.offset,
  acked: sending.offset,
  under: [],
  turn: 0,
  reading: false,
  gated: false,
  complete: false,
  ready: undefined,
});

/** Reads the next chunk of a file. @param all transfers: one that is not among them any more has ended */
async function readChunk(
  { win, gate }: UploadsHost,
  transfer: Transfer,
  all: Set<Transfer>,
  pump: () => void,
): Promise<void> {
  const { file, sent, chunkSize } = transfer;
  if (transfer.complete || transfer.reading || transfer.ready) return;
  const end = Math.min(sent + chunkSize, file.size);
  transfer.reading = true;
  try {
    const gated = gate?.(file, end);
    if (gated) {
      transfer.gated = true;
      win.queueMicrotask(pump);
      await gated;
      transfer.gated = false;
    }
    transfer.ready = new Uint8Array(await file.slice(sent, end).arrayBuffer());
  } catch (error) {
    // It was changed or taken away after it had been chosen.
    win.console.error(`Overwire: ${file.name} cannot be read`, error);
    if (all.delete(transfer)) transfer.failed("The file cannot be read any more.");
  }
  transfer.reading = false;
  pump();
}

export function createChunkSender(host: UploadsHost): ChunkSender {
  const { win } = host;
  const all = new Set<Transfer>();
  /** Bytes that may be under way, all in all, and the shortest time that a chunk took. */
  let limit = 0;
  let quickest = Number.POSITIVE_INFINITY;
  let turns = 0;
  let timer: number | undefined;

  const send = (transfer: Transfer) => {
    const { ready: bytes, sent, acked, channel, chunkSize, window, file } = transfer;
    if (!bytes || sent + bytes.length - acked > window) return;
    const ahead = [...all].reduce((sum, { sent, acked }) => sum + sent - acked, 0);
    if (ahead && ahead + bytes.length > Math.min(limit, PARALLEL * window)) return;
    if (host.socket.bufferedAmount > chunkSize) {
      // An answer to a chunk under way looks again; without one a timer has to.
      if (!ahead && timer === undefined) timer = win.setTimeout(resume, PAUSE);
      return;
    }
    // Without a line it waits to be asked for again.
    if (!host.socket.sendBytes(writeChunk({ channel, offset: sent, bytes }))) return;
    transfer.ready = undefined;
    transfer.sent += bytes.length;
    // An empty file, or one that was complete before, is asked for with an empty chunk.
    transfer.complete = transfer.sent >= file.size;
    transfer.turn = ++turns;
    transfer.under.push([transfer.sent, win.performance.now()]);
  };

  const pump = () => {
    const active = [...all].filter(({ gated, complete }) => !gated && !complete).slice(0, PARALLEL);
    // The transfer that has waited longest comes first.
    for (const transfer of active.sort((a, b) => a.turn - b.turn)) {
      send(transfer);
      void readChunk(host, transfer, all, pump);
    }
  };
  const resume = () => {
    timer = undefined;
    pump();
  };

  return {
    add(sending) {
      limit ||= 2 * sending.chunkSize;
      if (!all.size) quickest = Number.POSITIVE_INFINITY;
      const transfer = newTransfer(sending);
      all.add(transfer);
      pump();
      return () => void (all.delete(transfer) && pump());
    },
    acked([, channel, received, code]) {
      const transfer = [...all].find((each) => each.channel === channel);
      if (!transfer) return;
      const { under, chunkSize, window, file } = transfer;
      if (code !== undefined) {
        all.delete(transfer);
        transfer.failed();
        return pump();
      }
      transfer.acked = received;
      for (let first = under[0]; first && first[0] <= received; first = under[0]) {
        under.shift();
        const took = win.performance.now() - first[1];
        quickest = Math.min(quickest, took);
        if (took - quickest < QUICK) limit = Math.min(limit + chunkSize, PARALLEL * window);
        else if (took - quickest > SLOW) limit = Math.max(limit - chunkSize, chunkSize);
      }
      if (received >= file.size) {
        all.delete(transfer);
        transfer.done();
      }
      pump();
    },
    lost: () => all.clear(),
    get busy() {
      return [...all].some(({ gated, sent, acked }) => !gated || sent > acked);
    },
  };
}
