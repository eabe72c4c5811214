/** Bundle: the bytes of the client that a page's visitor downloads. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { atMost, digits } from "../report.ts";
import type { Measure } from "../rig.ts";

const KB = 1024;

const folder = new URL("./prebuilt/", import.meta.resolve("@overwire/server/package.json"));

/** Files of the client: what every page loads, and what it loads when a page needs it. */
type Part = "client" | "features" | "streams" | "uploads" | "s3";

/** A part of the built client, as the app serves it. */
export const clientFile = (part: Part = "client"): URL =>
  new URL(
    readdirSync(folder).find((name) => name.startsWith(`${part}-`) && name.endsWith(".js")) ?? "",
    folder,
  );

const row = (part: Part, what: string, most: number) => {
  const file = readFileSync(clientFile(part));
  const zipped = gzipSync(file, { level: 9 }).length / KB;
  return {
    what,
    ours: `${digits(zipped)} KB (${digits(file.length / KB)} KB minified)`,
    goal: atMost(zipped, most, " KB"),
  };
};

export const bundle: Measure = {
  name: "bundle",
  about: "the client, minified and gzipped",
  run: async () => [
    row("client", "client, minified and gzipped", 16),
    row("features", "what a page loads that needs it", 12),
    row("streams", "what a page loads that has a stream", 1.5),
    row("uploads", "what a page loads that has a file input", 5.5),
    row("s3", "what a page loads whose files go to a bucket", 1.8),
  ],
};
