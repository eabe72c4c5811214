/** Events on their way to the store: signed, and sent again until the store has taken them. */
import type { GatewayEvent } from "../payments/gateway.ts";
import { SIGNATURE_HEADER, signWebhook } from "../payments/webhook-signature.ts";
import { MINUTE } from "../shared/clock.ts";
import type { Ledger } from "./ledger.ts";

export interface WebhookOptions {
  readonly url: () => string;
  readonly secret: string;
  /** Milliseconds until the second try. Each further one waits twice as long, up to a minute. */
  readonly delay?: number;
}

const TIMEOUT = 10_000;

export class Webhooks {
  readonly #ledger: Ledger;
  readonly #options: WebhookOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #end = new AbortController();

  constructor(ledger: Ledger, options: WebhookOptions) {
    this.#ledger = ledger;
    this.#options = options;
    ledger.onEvent = (event) => void this.#send(event);
    for (const event of ledger.undelivered()) void this.#send(event);
  }

  close(): void {
    this.#end.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #send(event: GatewayEvent, delay = this.#options.delay ?? 500): Promise<void> {
    if (await this.#post(JSON.stringify(event))) return this.#ledger.delivered(event.id);
    if (this.#end.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#send(event, Math.min(delay * 2, MINUTE));
    }, delay);
    this.#timers.add(timer);
  }

  /** @returns false if the store has not taken it */
  async #post(body: string): Promise<boolean> {
    const { url, secret } = this.#options;
    try {
      const response = await fetch(url(), {
        method: "POST",
        headers: {
          "content-type": "application/json",
          [SIGNATURE_HEADER]: signWebhook(secret, body, new Date()),
        },
        body,
        signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(TIMEOUT)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
