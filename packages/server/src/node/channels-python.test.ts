/** A client in another language, written from docs/protocol.md alone, talks to a channel. */
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describeWith } from "@overwire/test-support/requirements";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { type Served, serve } from "./serve.ts";

const script = fileURLToPath(new URL("./channel-client.py", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;

class Room extends Channel<{ message: { body: string }; drawn: Uint8Array }, { token: string | undefined }> {
  join(payload: unknown) {
    return { payload, token: this.assigns.token, since: this.params.since };
  }
  say = this.event(z.object({ body: z.string() }), ({ body }) => {
    this.broadcast("message", { body });
    return { length: body.length };
  });
  reverse = this.event(z.instanceof(Uint8Array), (bytes) => {
    this.broadcast("drawn", bytes);
    return bytes.toReversed();
  });
}

let served: Served | undefined;

afterEach(() => served?.close());

describeWith("python", hasPython, "Install python3.", "a client in Python", () => {
  test("joins, pushes, hears broadcasts, is refused and leaves, in text and in bytes", async () => {
    const app = createApp({ secret: "0123456789abcdef".repeat(4), report: () => {} });
    app.channels("/socket", { connect: ({ token }) => ({ token }) }, (socket) =>
      socket.channel("räume:*", Room),
    );
    served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, handleSignals: false }).ready;
    const { stdout } = await promisify(execFile)("python3", [script, String(served.port)], {
      timeout: 20_000,
    });
    const ok = (response: unknown) => ({ status: "ok", response });
    expect(JSON.parse(stdout)).toEqual({
      protocol: "overwire",
      join: ok({ payload: { name: "python" }, token: "geheim ü", since: "5" }),
      push: ok({ length: 5 }),
      heard: { body: "Grüße" },
      bytes: [255, 2, 1],
      bytesHeard: [1, 2, 255],
      refused: { status: "error", response: expect.objectContaining({ code: "invalid_payload" }) },
      unmatched: { status: "error", response: { reason: "unmatched topic", code: "unmatched_topic" } },
      heartbeat: ok({}),
      left: ok({}),
      closed: {},
    });
  });
});
