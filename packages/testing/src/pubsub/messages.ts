/** Tests of messages: those that are data, those that are not, and those that are too large. */
import assert from "node:assert/strict";
import type { PubSub } from "@overwire/server";
import { Ear, turn } from "./ear.ts";
import type { Suite } from "./suite.ts";

/** Messages of all kinds that are data. Made anew for each use. */
export const DATA: { readonly [name: string]: () => unknown } = {
  undefined: () => undefined,
  null: () => null,
  texts: () => ["", "ünï 🦊", "\ud800", "\0\n\u2028</script>", "__proto__"],
  numbers: () => [0, -0, 1.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER],
  bigint: () => 2n ** 70n,
  dates: () => [new Date(0), new Date(1.8e12)],
  objects: () => ({ a: { b: undefined, constructor: 1, toString: 2 }, "": [1, 3] }),
  "objects without a prototype": () => Object.assign(Object.create(null), { a: 1 }),
  Map: () =>
    new Map<unknown, unknown>([
      ["a", new Set([1, "1"])],
      [{ key: 1 }, new Map()],
    ]),
  "lists with gaps": () => Object.assign([], { 2: "third", length: 5 }),
  Set: () => new Set<unknown>([undefined, null, NaN, "a"]),
  "typed arrays": () => [
    new Uint8Array([1, 255]),
    new Float64Array([0.1]),
    new BigInt64Array([-1n]),
    new Uint16Array([1, 2, 3, 4]).subarray(1, 3),
    new DataView(new Uint8Array([1, 2, 3]).buffer),
    new Uint8Array([7]).buffer,
  ],
  Buffer: () => Buffer.from("bytes"),
  RegExp: () => /a+/giu,
  URL: () => new URL("https://example.com/a?b#c"),
};

const NOT_DATA: { readonly [path: string]: () => unknown } = {
  "post.author": () => ({ post: { author: new (class Author {})() } }),
  "list[1]": () => ({ list: [1, () => {}] }),
  'a.get("b")': () => ({ a: new Map([["b", Symbol("c")]]) }),
  it: () => Promise.resolve(),
};

/** Hears the warnings of a node that has any. */
export function warningsOf(node: PubSub): string[] {
  const warnings: string[] = [];
  node.on?.("warning", ({ message }) => warnings.push(message));
  return warnings;
}

export function testMessages({ runner, check }: Suite): void {
  runner.describe("messages", () => {
    check("of any kind reach the publisher's own node", 1, async (node) => {
      const warnings = warningsOf(node!);
      const ear = new Ear(node!, "data");
      const messages = Object.values(DATA).map((make) => make());
      for (const message of messages) node!.publish("data", message);
      await turn();
      assert.deepEqual(ear.heard, messages);
      assert.deepEqual(warnings, []);
    });

    check("that are not data are warned of once a topic, with the topic and the path", 1, async (node) => {
      if (!node!.on) return;
      const warnings = warningsOf(node!);
      for (const [path, make] of Object.entries(NOT_DATA)) {
        const ear = new Ear(node!, `about ${path}`);
        const message = make();
        node!.publish(ear.topic, message);
        node!.publish(ear.topic, message);
        await turn();
        assert.deepEqual(ear.heard, [message, message]);
        const warning = warnings.shift() ?? "";
        assert.ok(
          warning.includes(`"about ${path}"`) && warning.includes(`${path} is `),
          `it warns: ${warning}`,
        );
        assert.deepEqual(warnings, []);
      }
    });

    check("of more than 10 MB are refused, and reach no subscriber", 1, async (node) => {
      const ear = new Ear(node!, "large");
      const publish = () => node!.publish("large", "ü".repeat(5.5 * 1024 * 1024));
      assert.throws(publish, { code: "message_too_large", topic: "large" });
      node!.publish("large", "small");
      await ear.count(1);
      assert.deepEqual(ear.heard, ["small"]);
    });

    check("a closed node goes on within itself", 1, async (node) => {
      if (!node!.close) return;
      const ear = new Ear(node!, "posts");
      await node!.close();
      await node!.close();
      node!.publish("posts", 1);
      await turn();
      const late = new Ear(node!, "posts");
      node!.publish("posts", 2);
      await turn();
      assert.deepEqual([ear.heard, late.heard], [[1, 2], [2]]);
    });
  });
}
