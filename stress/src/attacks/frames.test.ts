/** Frames that any client can send over an open socket, without a page, a cookie or a token, or with its own. */
import { describe, expect, it } from "vitest";
import { attacked } from "./rig.ts";

const rig = attacked();

const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("a malformed message", () => {
  it.each([
    ["a kind of 39 characters and 117 bytes", JSON.stringify(["€".repeat(39), 1])],
    ["a kind of 10,000 characters", JSON.stringify(["€".repeat(10_000), 1])],
    ["an array in 5,000 arrays", `[${deep(5000)},1]`],
    ["an array in 60,000 arrays", `[${deep(60_000)},1]`],
    ["a kind in 20,000 objects", `[${deepObject(20_000)},1]`],
    ["half a character", `["\\ud800\\ud800",1]`],
    ["control characters", JSON.stringify(["\u0000\n\u001b[31m", 1])],
    ["an object for its kind", `[{"toJSON":1},1]`],
    ["an array for its kind", `[["j"],1]`],
    ["a number that is none", `["e",1e400,1,"inc"]`],
    ["a negative view", `["e",-1,1,"inc"]`],
    ["a huge ref", `["e",1,9007199254740993,"inc"]`],
    ["a byte order mark", `\ufeff["h"]`],
    ["two arrays", `["h"]["h"]`],
    ["the prototype of an array", `{"__proto__":["h"],"0":"h","length":1}`],
    ["60,000 arrays that are not closed", "[".repeat(60_000)],
    ["an object in 20,000 objects", deepObject(20_000)],
    ["50,000 arrays beside each other", `[${"[],".repeat(40_000)}1]`],
  ])("%s ends its socket with a fixed sentence, and no other", async (_, text) => {
    const line = await rig.connect();
    const { longest } = await rig.cost(async () => {
      line.text(text);
      const [code, reason] = await line.end();
      expect(code).toBe(4400);
      expect(Buffer.byteLength(reason)).toBeLessThan(124);
      expect(reason).toMatch(/^[\x20-\x7e]*$/);
    });
    expect(longest).toBeLessThan(200);
    await rig.expectServing();
  });

  it.each([
    ["an event's payload", (json: string) => `["e",1,1,"inc",${json}]`],
    ["a form's meta", (json: string) => `["f",1,1,"inc","a=1",{"m":${json}}]`],
    ["what is no component", (json: string) => `["e",1,1,"inc",{},${json}]`],
    ["what nobody reads", (json: string) => `["l",2,${json}]`],
    ["the params of a join", (json: string) => `["j",2,{"token":"x","url":"/","params":{"a":${json}}}]`],
    ["the token of a join", (json: string) => `["j",2,{"token":${json},"url":"/"}]`],
  ])("depth in %s costs milliseconds", async (_, frame) => {
    for (const json of [deep(5000), deep(50_000), deepObject(15_000)]) {
      const { line } = await rig.open();
      const { longest } = await rig.cost(async () => {
        line.text(frame(json));
        line.say("h");
        await Promise.race([line.end(), line.next(([kind]) => kind === "h")]);
      });
      expect(longest).toBeLessThan(200);
    }
    await rig.expectServing();
  });

  it("is binary: one that is not part of a file ends the socket, a part of an unknown file is ignored", async () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(11), new Uint8Array(12).fill(0xff)]) {
      const line = await rig.connect();
      line.bytes(bytes);
      expect((await line.end())[0]).toBe(4400);
    }
    const { line } = await rig.open();
    line.bytes(new Uint8Array(12));
    line.bytes(new Uint8Array(100_000));
    await line.event(1, 1, "inc");
    await rig.expectServing();
  });
});

describe("joins", () => {
  /** All ways to claim an earlier join of the view. */
  const claims = [
    { seen: 1 },
    { seen: 0 },
    { seen: 2 ** 53 - 1 },
    { seen: 1, attempt: 1 },
    { navigate: true, seen: 1 },
  ];

  it.each(claims)("of a nested view that is joined on the same socket, with %j", async (claim) => {
    const { line, page } = await rig.open("/nested");
    const child = { url: page.url, tokens: page.tokens.slice(1) };
    await line.join(2, child);
    await line.join(3, child, claim);
    await line.join(2, child, claim);
    line.say("l", 3);
    await line.join(3, child, claim);
    await rig.expectServing();
  });

  it.each(claims)("of the page's own view, again and again under other numbers, with %j", async (claim) => {
    const { line, page } = await rig.open("/nested");
    for (const view of [2, 1, 3, 3, 2]) await line.join(view, page, claim);
    await rig.expectServing();
  });

  it.each(claims)("of a nested view before and without its page, with %j", async (claim) => {
    const visitor = rig.visitor();
    const page = await visitor.load("/nested");
    const line = await rig.connect(visitor);
    const child = { url: page.url, tokens: page.tokens.slice(1) };
    await line.join(2, child, claim);
    await line.join(2, child, claim);
    await line.join(1, page, claim);
    await line.join(2, child, claim);
    await rig.expectServing();
  });
});

describe("messages that are cheap to send are cheap to read", () => {
  it.each([
    ["depth in what goes with it", ["a=1", { m: JSON.parse(deep(500)) }]],
    ["40,000 arrays in what goes with it", ["a=1", { m: Array(40_000).fill([]) }]],
    [
      "60,000 keys in what goes with it",
      ["a=1", Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`k${at}`, 1]))],
    ],
    ["keys with brackets in what goes with it", ["a=1", { [`m${"[a]".repeat(30_000)}`]: 1 }]],
    ["a target with brackets", ["a=1", { _target: `a${"[a]".repeat(30_000)}` }]],
    ["large indexes", [Array.from({ length: 999 }, (_, at) => `k${at}[999][999][999][999]=`).join("&"), {}]],
    [
      "indexes at each level",
      [Array.from({ length: 999 }, (_, at) => `a[${at}][${at}][${at}]=1`).join("&"), {}],
    ],
    ["a name of brackets", [`a${"[a]".repeat(40_000)}=1`, {}]],
    ["a name of brackets that do not close", [`a${"[".repeat(120_000)}=1`, {}]],
    ["one list of all names", ["a[]=1&".repeat(999), {}]],
    ["bytes that are no UTF-8", ["%ff%fe%80=%c0%80&".repeat(900), {}]],
    ["percent signs", ["%".repeat(120_000), {}]],
    ["semicolons and separators", ["&;=".repeat(40_000), {}]],
    ["unused marks", [Array.from({ length: 999 }, (_, at) => `a[_unused_b${at}]=`).join("&"), {}]],
  ] as const)("a form with %s", async (_, [fields, meta]) => {
    const { line } = await rig.open("/forms");
    for (const event of ["loose", "signup.change"]) {
      const { longest, kept } = await rig.cost(async () => {
        const from = line.frames.length;
        line.say("f", 1, event === "loose" ? 1 : 2, event, fields, meta);
        await Promise.race([line.end(), line.answer(1, event === "loose" ? 1 : 2, from)]);
      });
      expect(longest).toBeLessThan(250);
      expect(kept).toBeLessThan(20_000_000);
    }
    await rig.expectServing();
  });

  it("a record whose keys differ by their ends", async () => {
    const { line } = await rig.open("/forms");
    const fields = Array.from({ length: 440 }, (_, at) => `scores[a${"_".repeat(at)}][points]=1`).join("&");
    const { longest } = await rig.cost(async () => {
      for (let ref = 1; ref <= 3; ref++) {
        line.say("f", 1, ref, "ratings.change", fields, {});
        await line.answer(1, ref);
      }
    });
    expect(longest).toBeLessThan(400);
    await rig.expectServing();
  });

  it("a message in which a key __proto__ may be hidden costs about as much as any other", async () => {
    const { line } = await rig.open();
    const cpuOf = async (first: string) => {
      const { cpu } = await rig.cost(async () => {
        for (let ref = 1; ref <= 20; ref++)
          line.text(`["e",9,${ref},"inc",["${first}",${"0,".repeat(60_000)}0]]`);
        const from = line.frames.length;
        line.say("h");
        await line.next(([kind]) => kind === "h", from);
      });
      return cpu;
    };
    const plain = await cpuOf("proto");
    expect(await cpuOf("\\u005f_proto__")).toBeLessThan(3 * plain + 50);
  });

  it("an event's payload of empty arrays", async () => {
    const { line } = await rig.open();
    const { longest } = await rig.cost(async () => {
      line.say("e", 1, 1, "add", { by: 1, more: Array(40_000).fill([]) });
      await Promise.race([line.end(), line.answer(1, 1)]);
    });
    expect(longest).toBeLessThan(200);
  });
});

describe("values of a form", () => {
  it("that are sent bit by bit do not exceed the size of one form", async () => {
    const { line } = await rig.open("/forms");
    const text = "x".repeat(60_000);
    const { kept } = await rig.cost(async () => {
      for (let ref = 1; ref <= 200 && !line.closed; ref++) {
        const from = line.frames.length;
        line.say(
          "f",
          1,
          ref,
          "ratings.change",
          `scores[a${ref}][points]=${text}&scores[b${ref}][points]=${text}`,
          {},
        );
        await Promise.race([
          line.end(),
          line.next((frame) => frame[0] === "x" || (frame[0] === "p" && frame[3] === ref), from),
        ]);
      }
    });
    expect(kept).toBeLessThan(10_000_000);
    await rig.expectServing();
  });
});
