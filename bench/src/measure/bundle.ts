/** Bundle: the bytes of the client that a page's visitor downloads. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { atMost, digits } from "../report.ts";
import type { Measure } from "../rig.ts";

const KB = 1024;

/** The built client, as the app serves it. */
export const clientFile = (): URL =>
  new URL("./prebuilt/client.js", import.meta.resolve("@overwire/server/package.json"));

export const bundle: Measure = {
  name: "bundle",
  about: "the client, minified and gzipped",
  run: async () => {
    const client = readFileSync(clientFile());
    const zipped = gzipSync(client, { level: 9 }).length / KB;
    return [
      {
        what: "client, minified and gzipped",
        ours: `${digits(zipped)} KB (${digits(client.length / KB)} KB minified)`,
        goal: atMost(zipped, 10, " KB"),
      },
    ];
  },
};
