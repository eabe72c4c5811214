/** A view of a page in terms of the protocol: its tree, its events that await answers, and what it needs to be resumed. */
import {
  type ClientFrame,
  type FullInstance,
  type JoinRequest,
  type ReadTemplate,
  type ServerFrame,
  stringify,
  Tree,
} from "@overwire/server/wire";

type PatchFrame = Extract<ServerFrame, { readonly 0: "p" }>;
type Extras = NonNullable<PatchFrame[5]>;

interface Request {
  readonly frame: ClientFrame;
  /** It is answered, or lost with the view. */
  readonly over: (isLost: boolean) => void;
}

/** A live navigation by which a view comes. */
export interface Arrival {
  readonly url: string;
  readonly flash?: string | undefined;
}

export class WireView {
  readonly number: number;
  token: string;
  isJoined = false;
  /** The server was asked for it on this connection. */
  isAsked = false;
  readonly #tree: Tree;
  readonly #pending = new Map<number, Request>();
  #arrival: Arrival | undefined;
  #ref = 0;
  #seen: number | undefined;
  #html: string | undefined;
  #unacknowledged = 0;

  /** @param templates those of the connection */
  constructor(number: number, token: string, templates: Map<number, ReadTemplate>, arrival?: Arrival) {
    this.number = number;
    this.token = token;
    this.#tree = new Tree(templates);
    this.#arrival = arrival;
  }

  get html(): string {
    this.#html ??= this.#tree.root ? stringify(this.#tree.root) : "";
    return this.#html;
  }

  join(url: string, attempt: number): ClientFrame {
    this.isAsked = true;
    const { url: to = url, flash } = this.#arrival ?? {};
    const request: JoinRequest = {
      token: this.token,
      url: to,
      params: {},
      attempt,
      ...(this.#arrival && { navigate: true }),
      ...(flash && { flash }),
      ...(this.#seen !== undefined && { seen: this.#seen }),
    };
    if (!this.#arrival) this.#seen ??= 0;
    return ["j", this.number, request];
  }

  /** Numbers a request, which is kept until its answer. @returns undefined if it waits for the view to be joined */
  ask(write: (ref: number) => ClientFrame, over: Request["over"]): ClientFrame | undefined {
    const frame = write(++this.#ref);
    this.#pending.set(this.#ref, { frame, over });
    return this.isJoined ? frame : undefined;
  }

  #end(ref: number, isLost = false): void {
    this.#pending.get(ref)?.over(isLost);
    this.#pending.delete(ref);
  }

  /** @returns the frames to send again, as the server has not got them */
  joined(number: number, tree: FullInstance, { k, q }: Extras): ClientFrame[] {
    const [newest = 0, ...open] = q ?? [];
    for (const ref of [...this.#pending.keys()])
      if (q ? ref <= newest && !open.includes(ref) : this.#seen) this.#end(ref, !q);
    if (k) this.token = k;
    this.#tree.load(tree);
    this.#html = undefined;
    this.#arrival = undefined;
    this.#seen = number;
    this.isJoined = true;
    return [...this.#pending].filter(([ref]) => ref > newest).map(([, { frame }]) => frame);
  }

  patched([, , number, ref, diff, { c, e, r } = {}]: PatchFrame): void {
    this.#seen = number;
    this.#end(ref);
    if (e || r !== undefined) this.#unacknowledged++;
    if (!diff && !c) return;
    this.#tree.merge(diff, c);
    this.#html = undefined;
  }

  /** The acknowledgement that the server waits for. */
  acknowledge(): ClientFrame | undefined {
    if (this.#unacknowledged === 0 || !this.#seen) return undefined;
    this.#unacknowledged = 0;
    return ["a", this.number, this.#seen];
  }

  /** The connection is lost, and the view may go on. */
  disconnected(): void {
    this.isJoined = this.isAsked = false;
  }

  /** The view is over, and is mounted anew when it is joined again. */
  ended(): void {
    this.disconnected();
    this.#seen = undefined;
    for (const ref of [...this.#pending.keys()]) this.#end(ref, true);
  }
}
