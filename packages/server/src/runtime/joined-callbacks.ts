/** Tells a view and its live components that a client is there: `joined`, each in the view's turn. */
import type { Joined } from "../view/live.ts";

/** A view or a live component with a `joined` callback. */
export interface Joinable {
  joined?(client: Joined): unknown;
}

interface Entry {
  /** Puts a message into the view's mailbox in its name. */
  readonly post: (label: string, run: () => unknown) => void;
  /** It was told of a client before. */
  wasTold: boolean;
}

export class JoinedCallbacks {
  readonly #all = new Map<Joinable, Entry>();
  /** Components that appeared after the last call of `joined`. */
  #fresh: Joinable[] = [];
  /** Counts the clients; 0 while there is none. */
  #client = 0;
  #clients = 0;

  add(one: Joinable, post: Entry["post"]): void {
    this.#all.set(one, { post, wasTold: false });
    this.#fresh.push(one);
  }

  remove(one: Joinable): void {
    this.#all.delete(one);
  }

  /** A client has been sent the whole tree. */
  attached(): void {
    this.#client = ++this.#clients;
    this.#fresh = [];
    for (const one of this.#all.keys()) this.#tell(one);
  }

  /** The client is gone. */
  released(): void {
    this.#client = 0;
  }

  /** A rendering for the client is done. */
  rendered(): void {
    if (!this.#fresh.length) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const one of fresh) this.#tell(one);
  }

  #tell(one: Joinable): void {
    const client = this.#client;
    this.#all.get(one)?.post("joined", () => {
      const entry = this.#all.get(one);
      // Its turn comes late if a handler takes time; a newer client has a call of its own.
      if (!entry || client !== this.#client) return undefined;
      const resumed = entry.wasTold;
      entry.wasTold = true;
      return one.joined?.({ resumed });
    });
  }
}
