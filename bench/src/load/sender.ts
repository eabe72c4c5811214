/** Sends a file as the protocol says: in chunks, as many of them unanswered as the window lets through. */
import { CHUNK, CHUNK_OVERHEAD, EVENT, OWN_FILES, OWN_START, PATCH } from "@overwire/server/wire";
import { joinView, VIEW } from "./join.ts";
import { LightSocket } from "./socket.ts";

/** A server's limits for a file that may be sent. */
interface Terms {
  readonly channel: number;
  readonly chunkSize: number;
  readonly window: number;
}

/** Limits that our views leave at their defaults. */
const usual: Terms = { channel: 1, chunkSize: 64_000, window: 4 * 64_000 };

const FILE = "1";
/** Every file is made of these. */
const content = Buffer.alloc(usual.chunkSize, "as good as anything ");

export class Sender {
  readonly #socket: LightSocket;
  #terms = usual;
  #size = 0;
  #sent = 0;
  #acknowledged = 0;
  #ref = 0;
  #asking: Waiting<readonly unknown[]> | undefined;
  #sending: Waiting<void> | undefined;

  private constructor(socket: LightSocket) {
    this.#socket = socket;
    socket.onFailure = (error) => this.#fail(error);
    socket.onText = (buffer, start, end) => this.#receive(JSON.parse(buffer.toString("utf8", start, end)));
  }

  /** Joins a view that has an upload, and asks it to take a file of so many bytes. */
  static async join(port: number, path: string, size: number): Promise<Sender> {
    const { socket, reply } = await joinView(port, path);
    const [upload] = /upload-[0-9a-f]+/.exec(reply) ?? [];
    if (!upload) throw new Error(`${path} has no upload: ${reply.slice(0, 500)}`);
    const sender = new Sender(socket);
    sender.#size = size;
    const file = { ref: FILE, name: "file.bin", size, type: "", relativePath: "", lastModified: 0 };
    await sender.ask(OWN_FILES, { upload, entries: [file] });
    const frame = await sender.ask(OWN_START, { upload, entries: [FILE] });
    const started = (frame[5] as { readonly r?: Started } | undefined)?.r;
    const entry = started?.entries?.[FILE];
    if (!started || !entry) throw new Error(`a file is not to be sent: ${JSON.stringify(frame)}`);
    sender.#terms = { channel: entry.channel, chunkSize: started.chunkSize, window: started.window };
    return sender;
  }

  /** Connects to the bare server, which takes any file. */
  static async bare(port: number, path: string, size: number): Promise<Sender> {
    const sender = new Sender(await LightSocket.open(port, path));
    sender.#size = size;
    return sender;
  }

  /** Sends the file. Resolves when the server has all of it. */
  send(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sending = { resolve, reject };
      this.#pump();
    });
  }

  /** Sends an event. @returns the patch that answers it */
  ask(event: string, payload: object): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      this.#socket.send(JSON.stringify([EVENT, VIEW, ++this.#ref, event, payload]));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #pump(): void {
    const { channel, chunkSize, window } = this.#terms;
    for (;;) {
      const length = Math.min(chunkSize, this.#size - this.#sent);
      if (length === 0 || this.#sent + length - this.#acknowledged > window) return;
      const head = Buffer.allocUnsafe(CHUNK_OVERHEAD);
      head.writeUInt32BE(channel, 0);
      head.writeDoubleBE(this.#sent, 4);
      this.#socket.sendBinary(head, content.subarray(0, length));
      this.#sent += length;
    }
  }

  #receive(frame: readonly unknown[]): void {
    const [kind, , received, ref, message] = frame;
    if (kind === CHUNK && ref === undefined) {
      this.#acknowledged = received as number;
      if (this.#acknowledged === this.#size) this.#sending?.resolve();
      else this.#pump();
    } else if (kind === CHUNK) this.#fail(new Error(`a file is refused: ${ref}, ${message}`));
    else if (kind !== PATCH) this.#fail(new Error(`a message that begins with ${kind}`));
    // A patch that answers no event shows the progress of the file.
    else if (ref !== 0) this.#asking?.resolve(frame);
  }

  #fail(error: Error): void {
    this.#asking?.reject(error);
    this.#sending?.reject(error);
  }
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** The answer to what is to be sent. */
interface Started {
  readonly chunkSize: number;
  readonly window: number;
  readonly entries?: { readonly [ref: string]: { readonly channel: number } };
}
