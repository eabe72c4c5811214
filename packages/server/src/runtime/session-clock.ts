/** Sessions with sockets on this node: each ends when its time is over, unless its user has been active meanwhile. */

/** End of a session's time. */
export interface SessionTimes {
  /** Whatever its user does, in milliseconds since 1970. */
  readonly ends: number;
  /** If its user does nothing more. */
  idleUntil: number;
}

/** A session that sockets belong to. */
export interface OpenSession {
  readonly visitor: string;
  readonly id: string;
  readonly ends: number;
  /** It is over then if its user does nothing more. */
  idleUntil: number;
  /** Its user's activity was last told. */
  toldAt: number;
  /** The store is being asked if it is there. */
  isAsked: boolean;
  sockets: number;
}

/** The rest of the app, as the clock needs it. */
export interface SessionClockHost {
  /** Public id of a visitor's session. */
  readonly idOf: (visitor: string) => string;
  /** Ends all of a session on this node. */
  readonly end: (visitor: string) => void;
  /** Tells other nodes that a session's user is active. */
  readonly tell: (id: string, idleUntil: number) => void;
  /** Gives a stored session more time. */
  readonly touch: ((open: OpenSession) => void) | undefined;
  /** Tells if a stored session is there; undefined if none are stored. */
  readonly exists: ((id: string) => Promise<boolean>) | undefined;
}

/** Of the idle time: activity within it is told once. */
const GRAIN = 0.1;
/** Milliseconds that a store may take to tell of a session. */
const ANSWER = 5000;
/** Shortest time between two looks, and the longest that a timer can wait, in milliseconds. */
const SOON = 50;
const LONGEST = 2 ** 31 - 1;

export class SessionClock {
  /** In milliseconds; undefined if a session does not end by doing nothing. */
  readonly #idle: number | undefined;
  readonly #host: SessionClockHost;
  readonly #open = new Map<string, OpenSession>();
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;

  /** @param idle in seconds */
  constructor(idle: number | undefined, host: SessionClockHost) {
    this.#idle = idle === undefined ? undefined : idle * 1000;
    this.#host = host;
  }

  /** A socket belongs to a session. */
  enter(visitor: string, { ends, idleUntil }: SessionTimes): OpenSession {
    const id = this.#host.idOf(visitor);
    const known = this.#open.get(id);
    if (known) {
      known.sockets++;
      if (idleUntil > known.idleUntil) known.idleUntil = idleUntil;
      return known;
    }
    const toldAt = idleUntil - (this.#idle ?? 0);
    const open = { visitor, id, ends, idleUntil, toldAt, isAsked: false, sockets: 1 };
    this.#open.set(id, open);
    this.#schedule(open);
    return open;
  }

  /** @param times of the session's views, which may come back on another connection */
  leave(open: OpenSession, times?: SessionTimes): void {
    if (times) times.idleUntil = open.idleUntil;
    if (--open.sockets === 0) this.#open.delete(open.id);
    if (this.#open.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Infinity;
  }

  /** Tells if sockets of a session keep it alive. */
  isAlive(id: string): boolean {
    const open = this.#open.get(id);
    return open !== undefined && Math.min(open.ends, open.idleUntil) > Date.now();
  }

  /** @returns true if the time of activity has to be written down again, wherever the session is */
  active(open: OpenSession): boolean {
    if (this.#idle === undefined) return false;
    const now = Date.now();
    // Its time is over, and activity brings nothing back. The timer may be late.
    if (open.idleUntil <= now) {
      this.#idled(open);
      return false;
    }
    open.idleUntil = now + this.#idle;
    if (now - open.toldAt < this.#idle * GRAIN) return false;
    open.toldAt = now;
    this.#host.touch?.(open);
    this.#host.tell(open.id, open.idleUntil);
    return true;
  }

  /** The user of a session was active elsewhere. */
  seen(id: string, idleUntil: number): void {
    const open = this.#open.get(id);
    if (open && idleUntil > open.idleUntil) open.idleUntil = idleUntil;
  }

  #schedule({ ends, idleUntil, isAsked }: OpenSession): void {
    const due = isAsked ? ends : Math.min(ends, idleUntil);
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    const wait = Math.min(Math.max(due - Date.now(), SOON), LONGEST);
    this.#timer = setTimeout(() => this.#look(), wait);
    this.#timer.unref?.();
  }

  #look(): void {
    const now = Date.now();
    this.#due = Infinity;
    for (const open of [...this.#open.values()]) {
      if (open.ends <= now) this.#host.end(open.visitor);
      else if (open.idleUntil <= now) this.#idled(open);
      if (this.#open.get(open.id) === open) this.#schedule(open);
    }
  }

  /** A message of another node may have been lost: the store knows better, if it answers in time. */
  #idled(open: OpenSession): void {
    const { exists, end } = this.#host;
    if (!exists) return end(open.visitor);
    if (open.isAsked) return;
    open.isAsked = true;
    const answered = (isThere: boolean) => {
      clearTimeout(late);
      if (!open.isAsked) return;
      open.isAsked = false;
      if (!isThere) return end(open.visitor);
      open.idleUntil = Math.max(open.idleUntil, Date.now() + (this.#idle ?? 0) * GRAIN);
      if (this.#open.get(open.id) === open) this.#schedule(open);
    };
    const late = setTimeout(answered, ANSWER, false);
    late.unref?.();
    exists(open.id).then(answered, () => answered(false));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Infinity;
  }
}
