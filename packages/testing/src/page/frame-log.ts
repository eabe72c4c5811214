/** Messages between a page and its app, recorded for the questions of a test. */
import {
  ATTR_UPLOAD,
  CHUNK,
  type ClientFrame,
  END,
  EVENT,
  type Extras,
  JOIN,
  LEAVE,
  NAVIGATE,
  OWN,
  PATCH,
  SESSION,
  type ServerFrame,
} from "@overwire/server/wire";
import type { NavigationLog } from "./navigation-log.ts";
import type { UploadGate } from "./upload-gate.ts";

/** Something a view sent: an event, or a reply. */
interface Sent {
  readonly view: number;
  readonly name: string;
  readonly payload: unknown;
  asserted: boolean;
}

/** The id of the process that a view's token is for; the token itself if it is none of the app's. */
function processOf(token: string): string {
  try {
    const [, [id]] = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as [
      number,
      readonly [string],
    ];
    return id;
  } catch {
    return token;
  }
}

export class FrameLog {
  /** Number of the page's own view, and of those it had before. */
  readonly mains: number[] = [];
  /** Why the server refused an event, if it did since this was cleared. */
  refusal: string | undefined;
  /** End of a view that could not go on, if there was one since this was cleared. */
  ending: string | undefined;
  /** Is called with the number of a view that is joined: one that crashes is not found any more. */
  onJoin: (view: number) => void = () => {};
  readonly #navigationLog: NavigationLog;
  readonly #uploadGate: UploadGate;
  readonly #events: Sent[] = [];
  readonly #replies: Sent[] = [];
  readonly #views = new Set<number>();
  /** By the ids of their processes: a session has tokens renewed. */
  readonly #byProcess = new Map<string, number>();
  /** Events of the client's own that are not answered, by view and ref. */
  readonly #own = new Set<string>();

  constructor(navigationLog: NavigationLog, uploadGate: UploadGate) {
    this.#navigationLog = navigationLog;
    this.#uploadGate = uploadGate;
  }

  /** A line is there, or there again. */
  connected(): void {
    this.#own.clear();
    this.#uploadGate.connected();
  }

  /** Numbers of the views that the client has joined. */
  get views(): Iterable<number> {
    return this.#views;
  }

  get main(): number | undefined {
    return this.mains.at(-1);
  }

  /** The number under which the client joined the view of a token. */
  viewOf(token: string | null): number | undefined {
    return token === null ? undefined : this.#byProcess.get(processOf(token));
  }

  /** The client says something. */
  fromClient(frame: ClientFrame): void {
    if (frame[0] === JOIN) {
      const [, view, { token, url, navigate, flash }] = frame;
      this.#views.add(view);
      this.#byProcess.set(processOf(token), view);
      if (navigate) {
        this.#navigationLog.joining(url, flash);
        this.mains.push(view);
      } else if (!this.mains.length) this.mains.push(view);
    } else if (frame[0] === LEAVE) this.#views.delete(frame[1]);
    else if (frame[0] === NAVIGATE) this.#navigationLog.asking(frame[3], `${frame[1]} ${frame[2]}`);
    else if (frame[0] === EVENT && frame[3].startsWith(OWN)) {
      const key = `${frame[1]} ${frame[2]}`;
      this.#own.add(key);
      this.#uploadGate.asks(key, frame[3], frame[4] as object);
    }
  }

  /** The server says something. */
  fromServer(frame: ServerFrame, text: string): void {
    this.#uploadGate.hasInput ||= text.includes(ATTR_UPLOAD);
    if (frame[0] === JOIN) {
      this.#read(frame[1], 0, frame[4]);
      this.onJoin(frame[1]);
    } else if (frame[0] === PATCH) this.#read(frame[1], frame[3], frame[5] ?? {});
    else if (frame[0] === CHUNK) this.#uploadGate.received(frame);
    else if (frame[0] === END) {
      const [, view, code, message, to, events] = frame;
      this.#pushed(view, events);
      if (to) this.#navigationLog.sent(to);
      // If it was refused, the client loads the page.
      else if (code === "crashed" || code.startsWith("too_")) this.ending = `${code}: ${message}`;
      // The page's own view may go on.
      if (code === "too_large") this.refusal = message;
    }
  }

  #pushed(view: number, events: Extras["e"] = []): void {
    for (const [name, payload] of events) this.#events.push({ view, name, payload, asserted: false });
  }

  #read(view: number, ref: number, { e: events, r: reply, x: refused, n: to, k: token }: Extras): void {
    this.#pushed(view, events);
    const key = `${view} ${ref}`;
    if (this.#own.delete(key)) this.#uploadGate.answers(key, reply);
    else if (reply !== undefined) this.#replies.push({ view, name: "", payload: reply, asserted: false });
    if (token) this.#byProcess.set(processOf(token), view);
    if (refused?.code === "elsewhere") this.#navigationLog.elsewhere(key);
    // A change that was taken back has had its effect: the handler ran, and the page shows it.
    else if (refused && refused.code !== "rolled_back") this.refusal = refused.message;
    if (to && to[0] !== SESSION) this.#navigationLog.sent(to);
  }

  /** Events of these views that no assertion has named. */
  events(views: readonly number[], name: string): readonly Sent[] {
    return this.#events.filter((sent) => !sent.asserted && views.includes(sent.view) && sent.name === name);
  }

  /** Names of all their events that no assertion has named. */
  eventNames(views: readonly number[]): readonly string[] {
    return this.#events.filter((sent) => !sent.asserted && views.includes(sent.view)).map(({ name }) => name);
  }

  /** Replies to events of these views that no assertion has named. */
  replies(views: readonly number[]): readonly Sent[] {
    return this.#replies.filter((sent) => !sent.asserted && views.includes(sent.view));
  }
}
