/** Answers by kind: they show how far the attacks got. */
import { PHX_REPLY, PRESENCE_DIFF, PRESENCE_STATE } from "@overwire/server/wire";

/** Numbers of the answers by kind. */
export type Tally = Map<string, number>;

/** Kind of a frame to a view. */
export function kindOfFrame([kind, , third, , fifth, extras]: readonly unknown[]): string {
  if (kind === "j") return (fifth as { q?: unknown }).q ? "j resumed" : "j";
  if (kind === "x") return `x ${String(third)}`;
  if (kind !== "p") return String(kind);
  const refusal = (extras as { x?: { code: string } } | undefined)?.x;
  return refusal ? `p ${refusal.code}` : "p";
}

/** Kind of a message of a channel. */
export function kindOfChannelMessage(data: Buffer, isBinary: boolean): string {
  if (isBinary) return `channel bytes ${data[0]}`;
  const [, , , event, payload] = JSON.parse(String(data)) as [unknown, unknown, unknown, string, unknown];
  if (event === PHX_REPLY) {
    const { status, response } = payload as { status: string; response: unknown };
    const code = status === "error" ? (response as { code?: unknown } | null)?.code : undefined;
    return code === undefined ? `channel ${status}` : `channel ${String(code)}`;
  }
  return event.startsWith("phx_") || event === PRESENCE_STATE || event === PRESENCE_DIFF
    ? `channel ${event}`
    : "channel message";
}
