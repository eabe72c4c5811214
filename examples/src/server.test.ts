/** The server of `npm start`, in a process of its own: the gallery and the store beside it. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverProcesses } from "@overwire/test-support/server-process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const SERVER = fileURLToPath(new URL("../dist/server.js", import.meta.url));

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "overwire-store-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const run = serverProcesses();
const start = (ports: { readonly PORT?: string; readonly STORE_PORT?: string } = {}) => {
  const server = run(SERVER, { PORT: "0", STORE_PORT: "0", STORE_DATA: data, ...ports });
  const address = async (name: string) =>
    (await server.says(new RegExp(`${name} listens on (http://localhost:\\d+)`)))[1] as string;
  return { ...server, gallery: () => address("Overwire"), store: () => address("store") };
};

async function takePort() {
  const server = createServer().listen(0);
  await once(server, "listening");
  return { port: String((server.address() as AddressInfo).port), free: () => server.close() };
}

const nothingListensAt = (url: string) => vi.waitFor(() => expect(fetch(url)).rejects.toThrow());

test("both are served, the gallery leads to the store, and a signal ends both", async () => {
  const server = start();
  const [gallery, store] = [await server.gallery(), await server.store()];
  expect(await (await fetch(store)).text()).toContain("Overwire Store");
  await vi.waitFor(async () => expect(await (await fetch(gallery)).text()).toContain(`href="${store}/"`));

  server.process.kill("SIGTERM");
  expect(await server.closed).toEqual([0, null]);
  await nothingListensAt(store);
});

test("a store whose port is taken ends the gallery too, and says so", async () => {
  const { port, free } = await takePort();
  const server = start({ STORE_PORT: port });
  const gallery = await server.gallery();
  expect(await server.closed).toEqual([1, null]);
  expect(server.output()).toContain(`Port ${port} is taken`);
  expect(server.output()).toContain("STORE_PORT");
  await nothingListensAt(gallery);
  free();
});

test("a gallery whose port is taken starts no store", async () => {
  const { port, free } = await takePort();
  const server = start({ PORT: port });
  expect(await server.closed).toEqual([1, null]);
  expect(server.output()).toContain(`Port ${port} is taken`);
  expect(server.output()).not.toContain("store");
  free();
});

test("a store whose gallery was killed ends by itself", async () => {
  const server = start();
  const store = await server.store();
  server.process.kill("SIGKILL");
  await server.closed;
  await nothingListensAt(store);
});
