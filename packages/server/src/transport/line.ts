/** The client's end of a connection: sends to it, counts its refused messages, and closes it. */
import type { Peer } from "../http/socket.ts";
import type { Report } from "../process/services.ts";
import type { EndReason } from "../view/host.ts";
import { CLOSE_TOO_MANY } from "../wire/keys.ts";
import type { ServerFrame } from "../wire/messages.ts";
import { hangUp } from "./hang-up.ts";
import type { Host } from "./host.ts";
import { Offences } from "./offences.ts";
import { serialize } from "./unsendable.ts";

export abstract class Line {
  protected readonly host: Host;
  protected readonly peer: Peer;
  protected isClosed = false;
  readonly #bufferedBytes: number;
  #offences: Offences | undefined;

  constructor(host: Host, peer: Peer) {
    this.host = host;
    this.peer = peer;
    this.#bufferedBytes = host.limits.bufferedBytes;
  }

  protected abstract close(reason: EndReason, lost?: boolean): void;

  get full(): boolean {
    return this.peer.bufferedAmount > this.#bufferedBytes;
  }

  /** @throws TypeError if the author's data in it has no JSON */
  send(frame: ServerFrame): void {
    if (!this.isClosed) this.peer.send(serialize(frame));
  }

  refused(report: Report): void {
    this.#offences ??= new Offences(this.host.report);
    if (this.isClosed || this.#offences.add(report)) return;
    this.drop(CLOSE_TOO_MANY, "too many messages were refused");
  }

  protected endOffences(): void {
    this.#offences?.end();
  }

  /** @param reason never the client's text */
  protected hangUp(code: number, reason: string): void {
    hangUp(this.peer, code, reason, this.host.report);
  }

  protected drop(code: number, reason: string): void {
    this.hangUp(code, reason);
    this.close("closed");
  }
}
