/** Messages of channels that are broken, stale, or too many. */
import { afterEach, expect, it } from "vitest";
import { ChannelLine } from "../clients/channel-line.ts";
import { attacked } from "./rig.ts";

const rig = attacked();
const lines: ChannelLine[] = [];

async function open(): Promise<ChannelLine> {
  const line = await ChannelLine.open(rig.visitor(), "/channels");
  lines.push(line);
  return line;
}

afterEach(() => {
  for (const line of lines.splice(0)) line.terminate();
});

it.each<[string, string | Uint8Array]>([
  ["text that is no JSON", "["],
  ["an object", "{}"],
  ["four entries", '["1","1","room:1","phx_join"]'],
  ["a ref that is a number", '[1,1,"room:1","phx_join",{}]'],
  ["100 levels", `["1","1","room:1","phx_join",${"[".repeat(100)}${"]".repeat(100)}]`],
  ["bytes of no kind", Uint8Array.from([9, 9])],
  ["lengths beyond the end", Uint8Array.from([0, 255, 255, 255, 255, 1])],
  ["the server's reply", Uint8Array.from([1, 0, 0, 1, 1, 65, 66])],
])("%s closes its socket alone", async (_, message) => {
  const good = await open();
  await good.ask("1", "1", "room:1", "phx_join");
  const bad = await open();
  bad.send(message);
  expect((await bad.end())[0]).toBe(4400);
  expect(await good.ask("1", "2", "room:1", "inc")).toEqual({ status: "ok", response: { count: 1 } });
  await rig.expectServing();
});

it("more topics than a socket may have are refused", async () => {
  const line = await open();
  for (let at = 1; at <= 100; at++) await line.ask(`${at}`, `${at}`, `room:${at}`, "phx_join");
  const refusal = await line.ask("101", "101", "room:101", "phx_join");
  expect(refusal).toMatchObject({ status: "error", response: { code: "too_many_channels" } });
  await rig.expectServing();
});

it("an event under the ref of an earlier join runs nothing", async () => {
  const line = await open();
  await line.ask("1", "1", "room:1", "phx_join");
  await line.ask("2", "2", "room:1", "phx_join");
  line.say("1", "3", "room:1", "inc");
  expect(await line.ask("2", "4", "room:1", "inc")).toEqual({ status: "ok", response: { count: 1 } });
  expect(line.messages.some(({ ref }) => ref === "3")).toBe(false);
  await rig.expectServing();
});
