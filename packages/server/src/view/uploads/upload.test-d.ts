/** Types of uploads: the code that they allow, and the code that they refuse. */
import { assertType, expectTypeOf } from "vitest";
import { LiveView } from "../live-view.ts";
import { postpone } from "./postpone.ts";
import type { TempFile, Upload, UploadWriter } from "./types.ts";

declare const bucket: { writer(key: string): Promise<UploadWriter<{ etag: string }>> };

export class Page extends LiveView {
  plain = this.allowUpload({ accept: ["image/*"], maxEntries: 2 });
  linked = this.allowUpload({
    accept: "any",
    external: async (entry) => ({ uploader: "S3", key: entry.uuid }),
  });
  written = this.allowUpload({ accept: "any", writer: (entry) => bucket.writer(entry.uuid) });

  async take() {
    expectTypeOf(this.plain).toEqualTypeOf<Upload<TempFile>>();
    expectTypeOf(await this.plain.consume(({ path }) => path)).toEqualTypeOf<string[]>();
    expectTypeOf(await this.linked.consume(async ({ key, uploader }) => [key, uploader])).toEqualTypeOf<
      string[][]
    >();
    expectTypeOf(await this.written.consumeEntry("a", ({ etag }) => etag)).toEqualTypeOf<string>();
    expectTypeOf(
      await this.plain.consume((_, entry) => (entry.clientSize > 5 ? postpone(5) : "small")),
    ).toEqualTypeOf<(number | "small")[]>();
    // @ts-expect-error a writer's own meta has no path
    await this.written.consume(({ path }) => path);
    // @ts-expect-error entries are looked at, not changed
    for (const entry of this.plain.entries) entry.progress = 5;
    assertType<readonly { code: string; message: string }[]>(this.plain.errors);
  }

  // @ts-expect-error accept is required
  nothing = this.allowUpload({});
  // @ts-expect-error metadata names the client's uploader
  nowhere = this.allowUpload({ accept: "any", external: () => ({ url: "/" }) });
  // @ts-expect-error a writer says what consume gets
  meta = this.allowUpload({ accept: "any", writer: () => ({ write() {}, close() {} }) });

  render() {
    return null as never;
  }
}
