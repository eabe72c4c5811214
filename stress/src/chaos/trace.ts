/** Trace of a run, in short lines, and its counts. */
import { type ClientFrame, END, HEARTBEAT, JOIN, LEAVE, type ServerFrame } from "@overwire/server/wire";

const SHOWN = 150;

/** Effect of a run on its views. */
export interface Tally {
  /** Sockets that the client opened, or tried to. */
  attempts: number;
  /** Sockets that had been open. */
  broke: number;
  resumed: number;
  anew: number;
  /** Reasons why views were mounted anew, with their counts. */
  readonly reasons: Map<string, number>;
}

export const emptyTally = (): Tally => ({ attempts: 0, broke: 0, resumed: 0, anew: 0, reasons: new Map() });

export const count = (counts: Map<string, number>, key: string, by = 1): void =>
  void counts.set(key, (counts.get(key) ?? 0) + by);

interface Joining {
  joined: boolean;
  asked: boolean;
  /** It was to be mounted since it was joined, though the answer to that may have been lost. */
  mounts: boolean;
  ended: string | undefined;
}

export class Trace {
  readonly tally = emptyTally();
  readonly lines: string[] = [];
  readonly #start = performance.now();
  readonly #views = new Map<number, Joining>();
  #isOpen = false;
  #wasBeat = false;
  /** End of the latest line, as the server saw it. */
  #closed = "";

  note(text: string): void {
    const isBeat = / beat$|\["h"\]$/.test(text);
    // One of many alike is enough.
    if (isBeat && this.#wasBeat) return;
    this.#wasBeat = isBeat;
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length})` : text;
    this.lines.push(`${(performance.now() - this.#start).toFixed(0).padStart(5)} ${shown}`);
  }

  /** The client makes a socket. */
  attempted(): void {
    this.tally.attempts++;
    if (this.#isOpen) this.tally.broke++;
    this.#isOpen = false;
  }

  opened(line: number): void {
    this.#isOpen = true;
    this.note(`c${line} open`);
  }

  sent(line: number, data: string | Uint8Array): void {
    if (typeof data !== "string") return this.note(`c${line} → ${data.byteLength} bytes`);
    const frame = JSON.parse(data) as ClientFrame;
    if (frame[0] === HEARTBEAT) return this.note(`c${line} → beat`);
    if (frame[0] === LEAVE) this.#views.delete(frame[1]);
    if (frame[0] !== JOIN) return this.note(`c${line} → ${data}`);
    const [, view, { token: _, ...request }] = frame;
    const joining = this.#views.get(view) ?? {
      joined: false,
      asked: false,
      mounts: false,
      ended: undefined,
    };
    joining.asked = request.seen !== undefined;
    joining.mounts ||= joining.joined && !joining.asked;
    this.#views.set(view, joining);
    this.note(`c${line} → join ${view} ${JSON.stringify(request)}`);
  }

  /** @param isHeard the client still listens to that line */
  received(line: number, data: string, isHeard: boolean): void {
    const frame = JSON.parse(data) as ServerFrame;
    this.note(`c${line} ${isHeard ? "←" : "⇠"} ${frame[0] === HEARTBEAT ? "beat" : data}`);
    if (!isHeard) return;
    if (frame[0] !== JOIN && frame[0] !== END) return;
    const joining = this.#views.get(frame[1]);
    if (!joining) return;
    if (frame[0] === END) {
      joining.ended = frame[2];
      return;
    }
    if (frame[4].q && !joining.mounts) this.tally.resumed++;
    else if (joining.joined) {
      this.tally.anew++;
      count(this.tally.reasons, this.#reason(joining));
    }
    joining.joined = true;
    joining.mounts = false;
    joining.ended = undefined;
  }

  /** @param how as the server's transport reported it */
  serverClosed(line: string, how: string): void {
    this.#closed = how;
    this.note(`s${line} closed ${how}`);
  }

  #reason({ asked, ended }: Joining): string {
    if (ended) return `the server ended it: ${ended}`;
    if (!asked) return "the client did not ask to resume";
    return `the server did not resume it (its last line: closed(${this.#closed}))`;
  }
}
