/** The client's end of a connection: sends to it, counts its refused messages, and closes it. */
import { CLOSE_TOO_MANY, type Extras, MESSAGE_SIZE, type ServerFrame } from "@overwire/client/wire";
import type { Limits, Report } from "../runtime/services.ts";
import { closePeer } from "./close-peer.ts";
import { RefusalLimit } from "./refusal-limit.ts";
import { serializeFrame } from "./serialize-frame.ts";
import type { Peer } from "./transport.ts";

/** The part of the app that it needs. */
export interface ClientHost {
  readonly limits: Pick<Limits, "bufferedBytes" | "messageSize">;
  readonly report: (report: Report) => void;
}

const CLOSE_FAILED = 1011;

export class ClientPeer {
  /** Nothing is sent any more. */
  isClosed = false;
  readonly #host: ClientHost;
  readonly #peer: Peer;
  readonly #bufferedBytes: number;
  readonly #dropped: (lost: boolean) => void;
  #refusals: RefusalLimit | undefined;

  /**
   * @param dropped ends the connection's views, after its socket was closed because of the client; or lets them wait for
   * it, if it is `lost`
   */
  constructor(host: ClientHost, peer: Peer, dropped: (lost: boolean) => void) {
    this.#host = host;
    this.#peer = peer;
    this.#bufferedBytes = host.limits.bufferedBytes;
    this.#dropped = dropped;
  }

  get full(): boolean {
    return this.#peer.bufferedAmount > this.#bufferedBytes;
  }

  /** @throws TypeError if the author's data in it has no JSON */
  send(frame: ServerFrame): void {
    if (!this.isClosed) this.#peer.send(serializeFrame(frame));
  }

  /** Sends a frame that is JSON already. */
  sendText(text: string): void {
    this.#peer.send(text);
  }

  refused(report: Report): void {
    this.#refusals ??= new RefusalLimit(this.#host.report);
    if (this.isClosed || this.#refusals.add(report)) return;
    this.drop(CLOSE_TOO_MANY, "too many messages were refused");
  }

  /** @param reason never the client's text */
  close(code: number, reason: string): void {
    closePeer(this.#peer, code, reason, this.#host.report);
  }

  /** Closes the socket and ends the views. @param reason never the client's text */
  drop(code: number, reason: string): void {
    this.close(code, reason);
    this.#dropped(false);
  }

  /** Closes the socket of a client that sends what it may not. @param message never the client's text */
  refuse(code: number, message: string): void {
    if (this.isClosed) return;
    this.#host.report({ kind: "refused", message: `the connection is closed: ${message}` });
    this.drop(code, message);
  }

  /** Closes the socket after a fault of the framework's: others go on. */
  broken(event: string, error: unknown): void {
    const message = "the connection is closed, because handling what it brought failed";
    this.#host.report({ kind: "crash", event, message, error });
    this.drop(CLOSE_FAILED, "the server failed");
  }

  /** Closes the socket of a client that may come back for its views. @param message for the report */
  lose(code: number, reason: string, message = reason): void {
    if (this.isClosed) return;
    this.#host.report({ kind: "refused", message: `the connection is closed: ${message}` });
    this.close(code, reason);
    this.#dropped(true);
  }

  /** Facts that a client has to know with its first view. */
  get joinExtras(): Extras | undefined {
    const { messageSize } = this.#host.limits;
    return messageSize === MESSAGE_SIZE ? undefined : { m: messageSize };
  }

  /** The connection is closed. */
  end(): void {
    this.isClosed = true;
    this.#refusals?.end();
  }
}
