/** Guards of channels: asked before a join and before events; a refusal is the reply. */
import { Forbidden } from "../http/errors.ts";
import { isAnswer, reportSafely } from "../http/report-once.ts";
import type { Report } from "../runtime/services.ts";
import { chain } from "../view/chain.ts";
import { asks, type Guard } from "../view/guard.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session } from "../view/view-host.ts";

/** A channel, as a guard sees it. */
export interface GuardedChannel {
  readonly session: Readonly<Session>;
  readonly params: Params;
  readonly assigns: object;
  readonly topic: string;
}

/**
 * Asks a guard. There is no page that could go elsewhere: in place of a redirect the client is told of it.
 * @throws Forbidden, or the guard's own error
 */
export const passChannel = (
  guard: Guard,
  { session, params, assigns, topic }: GuardedChannel,
): true | Promise<true> =>
  chain(guard[asks](session, { params, context: {}, assigns, topic }), (refusal) => {
    if (refusal) throw refusal.error ?? new Forbidden(refusal.flash?.error ?? refusal.flash?.info);
    return true as const;
  });

/** A channel that is open. */
export interface OpenChannel extends GuardedChannel {
  readonly guard: Guard | undefined;
  /** Of its class. */
  readonly name: string;
  /** @param refused a guard's answer: it ends at once, also while it joins */
  close(refused?: Error): void;
}

/** Asks the guard of an open channel, and closes the channel if it does not let in. One that fails does not, and is reported. */
export async function recheckChannel(channel: OpenChannel, report: (report: Report) => void): Promise<void> {
  if (!channel.guard) return;
  try {
    await passChannel(channel.guard, channel);
  } catch (error) {
    const answers = isAnswer(error);
    channel.close(answers ? (error as Error) : new Forbidden());
    if (answers) return;
    const message = `a guard failed, so the channel ${JSON.stringify(channel.topic)} ends`;
    reportSafely(report, { kind: "crash", view: channel.name, event: "guard", message, error });
  }
}
