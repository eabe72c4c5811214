import { fakeChannelServers } from "@overwire/test-support/fake-channel-server";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type ChannelError, Socket } from "../channels.ts";

useFakeTimers();

/** Accidents of a channel and its line, one after the other. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant("push" as const) },
  ...(["lose", "open", "join", "refuse late", "crash", "answer", "answer all", "wait"] as const).map(
    (each) => ({
      weight: 1,
      arbitrary: fc.constant(each),
    }),
  ),
);

test("each push arrives at most once and in order, and its promise says what has become of it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const { WebSocket, connections, server } = fakeChannelServers();
      const socket = new Socket("ws://localhost/socket", { WebSocket, maxQueue: 5 });
      socket.connect();
      await vi.advanceTimersByTimeAsync(0);
      const room = socket.channel("room:1");
      void room.join().catch(() => {});
      const outcomes = new Map<number, string>();
      const answered = new Set<unknown>();
      let pushed = 0;
      const answer = () => {
        const next = server()
          .of("say")
          .find(({ ref }) => !answered.has(ref));
        if (!next) return false;
        answered.add(next.ref);
        server().reply(next, "ok", next.payload);
        return true;
      };
      const actions: Record<string, () => unknown> = {
        push: () => {
          const number = ++pushed;
          room.push("say", { number }).then(
            (reply) =>
              outcomes.set(number, (reply as { number: number }).number === number ? "ok" : "mixed up"),
            ({ code }: ChannelError) => outcomes.set(number, code),
          );
        },
        lose: () => server().lose(),
        open: () => server().readyState === 0 && server().open(),
        join: () => room.state === "joining" && server().sent.length && server().join(),
        "refuse late": () =>
          room.state === "joining" &&
          server().sent.length &&
          server().join({ reason: "join crashed" }, "error"),
        crash: () => room.state === "joined" && server().crash(server().of("phx_join").at(-1) as never),
        answer,
        "answer all": () => {
          while (answer());
        },
        wait: () => vi.advanceTimersByTimeAsync(2000),
      };
      for (const each of steps) {
        await actions[each]?.();
        await Promise.resolve();
      }
      await vi.advanceTimersByTimeAsync(0);

      const arrived = connections
        .flatMap((line) => line.of("say"))
        .map(({ payload }) => (payload as { number: number }).number);
      expect(arrived).toEqual([...new Set(arrived)].sort((a, b) => a - b));
      for (const [number, outcome] of outcomes) {
        if (outcome === "queue_full") expect(arrived).not.toContain(number);
        else {
          expect(["ok", "unanswered", "crashed", "timeout"]).toContain(outcome);
          expect(arrived).toContain(number);
        }
      }
      // Those that have neither arrived nor failed still wait, and no more than may.
      const waiting =
        pushed - arrived.length - [...outcomes.values()].filter((each) => each === "queue_full").length;
      expect(waiting).toBeLessThanOrEqual(5);
      socket.disconnect();
    }),
    { numRuns: 200 },
  );
});
