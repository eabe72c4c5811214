/** Pushes of a channel: those that wait to be sent, in order, and those that wait for their reply. Each is sent at most once. */
import type { ChannelReply } from "../wire/channel-frames.ts";
import { ChannelError, refusal } from "./errors.ts";

interface Push {
  readonly event: string;
  readonly payload: unknown;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
  timer?: ReturnType<typeof setTimeout>;
}

export interface PushesOptions {
  readonly topic: string;
  /** Longest wait for a reply, in milliseconds. */
  readonly timeout: number;
  /** Pushes that may wait to be sent. */
  readonly limit: number;
  /** @returns the ref of the push, undefined if it cannot be sent now @throws as `writeClientMessage` */
  send(event: string, payload: unknown): string | undefined;
}

export class Pushes {
  readonly #options: PushesOptions;
  /** In order. */
  readonly #waiting = new Set<Push>();
  /** By their refs. */
  readonly #sent = new Map<string, Push>();

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  /** @param timeout from now on; default: that of the socket, once it is sent */
  push(event: string, payload: unknown, timeout: number | undefined): Promise<unknown> {
    const waiting = this.#waiting;
    const reply = new Promise((resolve, reject) => {
      const push: Push = { event, payload, resolve, reject };
      if (timeout !== undefined) this.#watch(push, timeout);
      // None waits while the channel is joined, so those that came before are sent before.
      if (this.#send(push)) return;
      if (waiting.size >= this.#options.limit)
        return this.#reject(push, "queue_full", `was not sent: ${waiting.size} wait already.`);
      // As it is now, not as it will be when it is sent.
      const copy =
        payload instanceof Uint8Array ? payload.slice() : JSON.parse(JSON.stringify(payload ?? {}));
      waiting.add(Object.assign(push, { payload: copy }));
    });
    // Many pushes are sent without a care for their reply, which is no reason to end a process.
    reply.catch(() => {});
    return reply;
  }

  /** Sends those that wait, as far as the connection lasts. */
  flush(): void {
    for (const push of this.#waiting) {
      if (!this.#send(push)) return;
      this.#waiting.delete(push);
    }
  }

  /** Settles the push of a ref. */
  answer(ref: string, { status, response }: ChannelReply): void {
    const push = this.#sent.get(ref);
    if (!push) return;
    this.#sent.delete(ref);
    clearTimeout(push.timer);
    if (status === "ok") push.resolve(response);
    else push.reject(refusal(`"${push.event}" on channel "${this.#options.topic}"`, response));
  }

  /** Those that were sent get no reply any more. */
  rejectSent(code: string, reason: string): void {
    const all = [...this.#sent.values()];
    this.#sent.clear();
    for (const push of all) this.#reject(push, code, `got no reply, but may have arrived: ${reason}`);
  }

  /** Those that wait are not sent any more. */
  rejectWaiting(code: string, reason: string): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const push of all) this.#reject(push, code, `was not sent: ${reason}`);
  }

  /** @returns false if it cannot be sent now */
  #send(push: Push): boolean {
    let ref: string | undefined;
    try {
      ref = this.#options.send(push.event, push.payload);
    } catch (error) {
      clearTimeout(push.timer);
      push.reject(error);
      return true;
    }
    if (ref === undefined) return false;
    this.#sent.set(ref, push);
    push.timer ??= this.#watch(push, this.#options.timeout);
    return true;
  }

  #watch(push: Push, timeout: number) {
    return (push.timer = setTimeout(() => {
      const isUnsent = this.#waiting.delete(push);
      for (const [ref, each] of this.#sent) if (each === push) this.#sent.delete(ref);
      const outcome = isUnsent ? "was not sent in" : "may have arrived, but got no reply in";
      this.#reject(push, "timeout", `${outcome} ${timeout} ms.`);
    }, timeout));
  }

  #reject(push: Push, code: string, outcome: string): void {
    clearTimeout(push.timer);
    push.reject(new ChannelError(code, `"${push.event}" on channel "${this.#options.topic}" ${outcome}`));
  }
}
