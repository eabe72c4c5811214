/** The client's end of a connection: sends to it, counts its refused messages, and closes it. */
import type { Report } from "../runtime/services.ts";
import { CLOSE_TOO_MANY, MESSAGE_SIZE } from "../wire/constants.ts";
import type { Extras, ServerFrame } from "../wire/frames.ts";
import { hangUp } from "./close-peer.ts";
import type { Host } from "./connection-host.ts";
import { Offences } from "./refusal-limit.ts";
import { serialize } from "./serialize-frame.ts";
import type { Peer } from "./transport.ts";

export class ClientEnd {
  /** Nothing is sent any more. */
  isClosed = false;
  readonly #host: Host;
  readonly #peer: Peer;
  readonly #bufferedBytes: number;
  readonly #dropped: (lost: boolean) => void;
  #offences: Offences | undefined;

  /**
   * @param dropped ends the connection's views, after its socket was closed because of the client; or lets them wait for
   * it, if it is `lost`
   */
  constructor(host: Host, peer: Peer, dropped: (lost: boolean) => void) {
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
    if (!this.isClosed) this.#peer.send(serialize(frame));
  }

  /** Sends a frame that is JSON already. */
  sendText(text: string): void {
    this.#peer.send(text);
  }

  refused(report: Report): void {
    this.#offences ??= new Offences(this.#host.report);
    if (this.isClosed || this.#offences.add(report)) return;
    this.drop(CLOSE_TOO_MANY, "too many messages were refused");
  }

  /** @param reason never the client's text */
  hangUp(code: number, reason: string): void {
    hangUp(this.#peer, code, reason, this.#host.report);
  }

  /** Closes the socket and ends the views. @param reason never the client's text */
  drop(code: number, reason: string): void {
    this.hangUp(code, reason);
    this.#dropped(false);
  }

  /** Closes the socket of a client that may come back for its views. @param message for the report */
  lose(code: number, reason: string, message = reason): void {
    if (this.isClosed) return;
    this.#host.report({ kind: "refused", message: `the connection is closed: ${message}` });
    this.hangUp(code, reason);
    this.#dropped(true);
  }

  /** Facts that a client has to know with its first view. */
  get told(): Extras | undefined {
    const { messageSize } = this.#host.limits;
    return messageSize === MESSAGE_SIZE ? undefined : { m: messageSize };
  }

  /** The connection is closed. */
  end(): void {
    this.isClosed = true;
    this.#offences?.end();
  }
}
