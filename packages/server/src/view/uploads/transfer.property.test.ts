/** Whatever a client does with a file's bytes: what is kept is the file, or nothing. */

import { codes, openUpload, taken } from "@overwire/test-support/upload-tab";
import fc from "fast-check";
import { expect, test } from "vitest";

const CHUNK = 16;
const bytes = (size: number) =>
  Array.from({ length: size }, (_, at) => String.fromCharCode(97 + (at % 26))).join("");

/** Sends so many bytes, waiting for the answer or not; or loses the line and comes back. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ size: fc.integer({ min: 1, max: CHUNK }), waits: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant("lost" as const) },
);

test("any split of a file, over any number of lines, gives the same bytes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.array(step, { maxLength: 60 }),
      async (size, steps) => {
        const content = bytes(size);
        const tab = await openUpload({ chunkSize: CHUNK });
        const { files } = tab.view;
        await tab.choose(files, { ref: "a", size });
        let { channel, offset } = await tab.channel(files, "a");
        let told = offset;
        const lose = async () => {
          tab.lose();
          await tab.connect();
          tab.acks.length = 0;
          ({ channel, offset } = await tab.channel(files, "a"));
          told = offset;
        };
        for (const one of [...steps, ...Array(size).fill({ size: CHUNK, waits: true })]) {
          if (one === "lost") {
            await lose();
            continue;
          }
          const part = content.slice(offset, offset + one.size);
          if (!part) break;
          for (const ack of tab.acks) if (ack[1] === channel) told = Math.max(told, ack[2]);
          if (one.waits || offset + part.length - told > 4 * CHUNK - CHUNK) {
            told = (await tab.sent(channel, offset, part))[2];
          } else tab.send(channel, offset, part);
          offset += part.length;
        }
        const isDone = () => files.entries[0]?.done === true;
        if (!isDone())
          await tab.until(() => tab.acks.some(([, number, end]) => number === channel && end === size));
        expect(codes(files.entries[0])).toEqual([]);
        expect(await taken(tab)).toEqual([content]);
        tab.close();
      },
    ),
    { numRuns: 60 },
  );
});

test("chunks from anywhere, of any size, never make another file of it", async () => {
  const chunk = fc.record({
    channel: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 0, max: 3 })),
    offset: fc.oneof(
      { weight: 3, arbitrary: fc.constant("next" as const) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 120 }) },
    ),
    size: fc.integer({ min: 0, max: CHUNK + 4 }),
    waits: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 100 }),
      fc.array(chunk, { maxLength: 30 }),
      async (size, chunks) => {
        const content = bytes(size);
        const kept: string[] = [];
        const begun: string[] = [];
        const writer = () => {
          let text = "";
          return {
            meta: { path: "" },
            write: (part: Uint8Array) => {
              text += Buffer.from(part).toString();
              begun.push(text);
            },
            close: (reason: unknown) => void (reason === "done" && kept.push(text)),
          };
        };
        const tab = await openUpload({ chunkSize: CHUNK, writer });
        const { files } = tab.view;
        await tab.choose(files, { ref: "a", size });
        const { channel } = await tab.channel(files, "a");
        let next = 0;
        for (const { offset, size: length, waits, ...to } of chunks) {
          const at = offset === "next" ? next : offset;
          const part = bytes(at + length).slice(at);
          tab.send(to.channel, at, part);
          if (to.channel === channel && at === next) next += length;
          if (waits) await Promise.resolve();
        }
        await Promise.resolve();
        const [entry] = files.entries;
        expect(entry?.valid === false && entry.done).toBe(false);
        // Kept bytes are the beginning of the file at all times.
        for (const text of begun) expect(content.startsWith(text)).toBe(true);
        expect(kept).toEqual(entry?.done ? [content] : []);
        tab.close();
      },
    ),
    { numRuns: 200 },
  );
});
