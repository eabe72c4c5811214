/** A server in a process of its own: errors that no handler catches, and signals. It runs the built package. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tokensIn } from "@overwire/test-support/fake-socket";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";

const program = `
import { createApp, LiveView, html } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
import { serve } from ${JSON.stringify(new URL("../../dist/node.js", import.meta.url).href)};
class Page extends LiveView {
  forget = this.event(() => { void (async () => { await null; throw new Error("forgotten"); })(); });
  timer = this.event(() => { setTimeout(() => { throw new Error("late"); }, 1); });
  slow = this.event(async () => { await new Promise((done) => setTimeout(done, 300)); console.log("slow is done"); });
  never = this.event(() => new Promise(() => {}));
  terminate(reason) { console.log("terminate " + reason); }
  render() { return html\`<p>page</p>\`; }
}
const report = ({ view, event, error }) => console.log("report " + [view, event, error?.message]);
const app = createApp({ secret: "0123456789abcdef".repeat(4), report });
app.live("/", Page);
const options = JSON.parse(process.argv.at(-1));
const onClose = async () => {
  await new Promise((done) => setImmediate(done));
  console.log("database " + (options.fails ? "fails" : "ended"));
  if (options.fails) throw new Error("disk full");
  if (options.hangs) await new Promise(() => {});
};
const { url } = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, onClose, ...options }).ready;
console.log("url " + url + ";");
`;

let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
});

/** Starts the server, joins its page, and sends these events. */
async function start(options: object, ...events: string[]) {
  const started = spawn(process.execPath, ["--input-type=module", "-e", program, JSON.stringify(options)]);
  child = started;
  let output = "";
  started.stdout.on("data", (data) => (output += data));
  started.stderr.on("data", (data) => (output += data));
  const exited = once(started, "exit") as Promise<[code: number | null, signal: string | null]>;
  const says = (text: string) => vi.waitFor(() => expect(output).toContain(text));
  await says(";");
  const url = /url ([^;]*);/.exec(output)?.[1] ?? "";
  const response = await fetch(url);
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const token = tokensIn(await response.text())[0];
  const socket = new WebSocket(`${url.replace("http", "ws")}/overwire/socket`, { headers: { cookie } });
  socket.on("error", () => {});
  const frames: string[] = [];
  socket.on("message", (data) => frames.push(String(data)));
  const closed = once(socket, "close") as Promise<[code: number]>;
  await once(socket, "open");
  socket.send(JSON.stringify(["j", 1, { token, url }]));
  await once(socket, "message");
  events.forEach((event, at) => {
    socket.send(JSON.stringify(["e", 1, at + 1, event, {}]));
  });
  socket.send('["h"]');
  // All that was sent before it has been handled, or is being handled; a server that ends does not answer.
  await vi.waitFor(() => expect(frames.includes('["h"]') || started.exitCode !== null).toBe(true));
  return { child: started, url, exited, closed, says, output: () => output };
}

test("an error that no handler catches is reported with its view and event, and the server goes on", async () => {
  const { url, says } = await start({}, "forget", "timer");
  await says("report Page,forget,forgotten");
  await says("report Page,timer,late");
  expect((await fetch(url)).status).toBe(200);
});

test("or ends the process, if the author prefers that", async () => {
  const { exited, says } = await start({ onUncaughtError: "exit" }, "timer");
  await says("report Page,timer,late");
  expect(await exited).toEqual([1, null]);
});

test("SIGTERM lets running handlers finish, ends views, and closes clients so that they come back", async () => {
  const { child, exited, closed, says } = await start({}, "slow");
  child.kill("SIGTERM");
  await says("slow is done");
  await says("terminate shutdown");
  expect((await closed)[0]).toBe(1001);
  expect(await exited).toEqual([0, null]);
});

test("the process exits when onClose has ended its database, after all views", async () => {
  const { child, exited, says, output } = await start({});
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  await says("database ended");
  expect(output().indexOf("terminate shutdown")).toBeLessThan(output().indexOf("database ended"));
});

test("an onClose that fails is reported, and the process exits with 1", async () => {
  const { child, exited, says } = await start({ fails: true });
  child.kill("SIGTERM");
  expect(await exited).toEqual([1, null]);
  await says("report ,close,disk full");
});

test("an onClose that never ends holds the process no longer than the deadline", async () => {
  const { child, exited, says } = await start({ hangs: true, deadline: 100 });
  child.kill("SIGTERM");
  expect(await exited).toEqual([1, null]);
  await says("database ended");
});

test("SIGINT waits no longer than the deadline, and exits with 1 if something has not finished", async () => {
  const { child, exited, says } = await start({ deadline: 100 }, "never");
  child.kill("SIGINT");
  await says("terminate shutdown");
  expect((await exited)[0]).toBe(1);
});

test("a second signal exits at once", async () => {
  const { child, url, exited } = await start({ deadline: 60_000 }, "never");
  child.kill("SIGTERM");
  await vi.waitFor(() => expect(fetch(url)).rejects.toThrow());
  child.kill("SIGTERM");
  expect((await exited)[0]).toBe(143);
});
