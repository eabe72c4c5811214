/** The board in a browser: cursors and strokes from page to page, under load, without frames, and after a lost connection. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { connect, live } from "@overwire/testing";
import type { Page } from "playwright-core";
import { beforeEach, expect, test, vi } from "vitest";
import { app } from "../app.ts";
import { joined, openGallery } from "../shared/browser-harness.ts";
import { Board } from "./board.ts";
import type { BoardChannel } from "./board-channel.ts";
import { allStrokes, BOARD, HEIGHT, inks, remove, ticketOf, WIDTH } from "./board-store.ts";

/** Frames of a second on a common screen; a page sends half as many messages. */
const FRAMES = 60;

type Point = readonly [x: number, y: number];

interface Traffic {
  /** Events that the page has sent, and messages that it has got, by the channel. */
  readonly sent: string[];
  readonly received: string[];
}

/** Waits while the event loop goes on. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describeBrowser("the board", (browser) => {
  const gallery = openGallery(browser);

  beforeEach(() => {
    for (const { id } of allStrokes()) remove(id);
  });

  const isReady = (page: Page) => page.locator("#board button:enabled").waitFor();

  async function open(name: string, color: string = inks[1].color): Promise<Page & { traffic: Traffic }> {
    const page = await (await gallery.newContext()).newPage();
    const traffic: Traffic = { sent: [], received: [] };
    const nameOf = (payload: string | Buffer) => (JSON.parse(String(payload)) as string[])[3] ?? "";
    page.on("websocket", (socket) => {
      if (!socket.url().includes("/board/socket")) return;
      socket.on("framesent", ({ payload }) => traffic.sent.push(nameOf(payload)));
      socket.on("framereceived", ({ payload }) => traffic.received.push(nameOf(payload)));
    });
    await page.goto("/board");
    await joined(page);
    await isReady(page);
    await page.getByRole("textbox", { name: "Your name" }).fill(name);
    await page.locator(`[name=color][value="${color}"]`).check();
    await page.locator(".painters", { hasText: `${name} (you)` }).waitFor();
    return Object.assign(page, { traffic });
  }

  /** A point of the paper, on the screen. */
  async function onScreen(page: Page, [x, y]: Point): Promise<[number, number]> {
    const canvas = page.locator("#board canvas");
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (!box) throw new Error("There is no paper.");
    return [box.x + (x / WIDTH) * box.width, box.y + (y / HEIGHT) * box.height];
  }

  const moveTo = async (page: Page, point: Point) => page.mouse.move(...(await onScreen(page, point)));

  async function drawLine(page: Page, from: Point, to: Point): Promise<void> {
    await moveTo(page, from);
    await page.mouse.down();
    await page.mouse.move(...(await onScreen(page, to)), { steps: 5 });
    await page.mouse.up();
  }

  /** Tells if the paper has a colour at a point. */
  const isInked = (page: Page, point: Point, color: string = inks[1].color) =>
    page.locator("#board canvas").evaluate(
      (canvas, [x, y, color]) => {
        // A copy, as reading would make the browser draw the paper itself in another way.
        const copy = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
        const context = copy.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
        context.drawImage(canvas as HTMLCanvasElement, -x, -y);
        const { data } = context.getImageData(0, 0, 1, 1);
        const hex = [...data.slice(0, 3)].map((part) => part.toString(16).padStart(2, "0")).join("");
        return data[3] === 255 && `#${hex}` === color;
      },
      [...point, color] as const,
    );

  const cursor = (page: Page, name: string) => page.locator(".cursor:not([hidden])", { hasText: name });

  /** Place of a cursor on the paper, as it is drawn. */
  const placeOf = (page: Page, name: string): Promise<Point> =>
    cursor(page, name).evaluate(
      (element, [width, height]) => {
        const [x = "", y = "0"] = (element as HTMLElement).style.translate.split(" ");
        return [
          Math.round((Number.parseFloat(x) / 100) * width),
          Math.round((Number.parseFloat(y) / 100) * height),
        ];
      },
      [WIDTH, HEIGHT] as const,
    ) as Promise<Point>;

  test("two pages see each other's cursor and strokes, a third that comes late has them, and Clear takes them away", async () => {
    const [ann, bob] = [await open("Ann", inks[1].color), await open("Bob", inks[2].color)];
    await ann.locator(".painters", { hasText: "Bob" }).waitFor();
    await moveTo(bob, [400, 250]);
    await cursor(ann, "Bob").waitFor();
    expect(await placeOf(ann, "Bob")).toEqual([expect.closeTo(400, -1), expect.closeTo(250, -1)]);

    await drawLine(ann, [200, 500], [800, 500]);
    for (const page of [ann, bob]) await expect.poll(() => isInked(page, [500, 500])).toBe(true);
    await cursor(bob, "Ann").waitFor();
    await drawLine(bob, [200, 700], [800, 700]);
    for (const page of [ann, bob])
      await expect.poll(() => isInked(page, [500, 700], inks[2].color)).toBe(true);

    await ann.getByRole("textbox", { name: "Your name" }).fill("Annabel");
    await moveTo(ann, [900, 500]);
    await cursor(bob, "Annabel").waitFor();

    const late = await open("Cleo");
    await cursor(late, "Annabel").waitFor();
    await expect.poll(() => isInked(late, [500, 500])).toBe(true);
    expect(await isInked(late, [500, 700], inks[2].color)).toBe(true);

    await late.getByRole("button", { name: "Clear" }).click();
    for (const page of [ann, bob, late]) await expect.poll(() => isInked(page, [500, 500])).toBe(false);
    expect(allStrokes()).toEqual([]);

    await ann.close();
    await expect.poll(() => cursor(bob, "Annabel").count()).toBe(0);
    await expect.poll(() => bob.locator(".painters li").count()).toBe(2);
  });

  test("holds its frame rate while ten others move 30 times a second, and ends up with all in their places", async () => {
    const page = await open("Ann");
    const hooks = { Board() {} };
    const views = await Promise.all(Array.from({ length: 10 }, () => live(app, "/board", { hooks })));
    const movers = await Promise.all(
      views.map(async (view, index) => {
        const name = `Mover ${"ABCDEFGHIJ"[index]}`;
        await view.form("#painter", { name }).change();
        const token = ticketOf((view.instance as Board).painter);
        const socket = await connect(app, "/board/socket", { token });
        return { name, room: await socket.subscribeAndJoin<BoardChannel>(BOARD) };
      }),
    );
    const received = () => page.traffic.received.filter((name) => name === "moved").length;
    let rounds = 0;
    const moveAll = async () => {
      const x = (17 * ++rounds) % WIDTH;
      await Promise.all(movers.map(({ room }, index) => room.push("move", { at: [x, 100 * index] })));
      await until(() => received() === rounds * movers.length);
      return x;
    };

    await moveAll();
    for (const { name } of movers) await cursor(page, name).waitFor();
    /** Milliseconds that the page takes for frames in a row; those of a screen's rate, if it has nothing else to do. */
    const timeOfFrames = () =>
      page.evaluate(
        (enough) =>
          new Promise<number>((resolve) => {
            let frames = 0;
            let start = 0;
            const count = (time: number) => {
              start ||= time;
              if (frames++ === enough) resolve(time - start);
              else requestAnimationFrame(count);
            };
            requestAnimationFrame(count);
          }),
        FRAMES,
      );
    const atRest = await timeOfFrames();
    const moving = async () => {
      const from = rounds;
      let time = 0;
      const frames = timeOfFrames().then((taken) => (time = taken));
      while (!time) await moveAll();
      await frames;
      return { messagesEach: rounds - from, rate: atRest / time };
    };
    // Others who use the machine take frames away too, from a page at rest as well: one good second is enough.
    await expect
      .poll(moving, { timeout: 30_000, interval: 0 })
      .toSatisfy(({ messagesEach, rate }) => messagesEach >= FRAMES / 2 && rate >= 0.9);
    const x = await moveAll();
    for (const [index, { name }] of movers.entries())
      await expect.poll(() => placeOf(page, name)).toEqual([x, 100 * index]);
    for (const view of views) await view.close();
  });

  test("sends one message for many moves", async () => {
    const [ann, bob] = [await open("Ann"), await open("Bob")];
    await ann.mouse.move(0, 0);
    ann.traffic.sent.length = 0;
    await ann.locator("#board canvas").evaluate((canvas) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      for (let part = 1; part <= 200; part++)
        canvas.dispatchEvent(
          new PointerEvent("pointermove", {
            isPrimary: true,
            clientX: left + (width * part) / 400,
            clientY: top + (height * part) / 400,
          }),
        );
    });
    await cursor(bob, "Ann").waitFor();
    expect(await placeOf(bob, "Ann")).toEqual([WIDTH / 2, HEIGHT / 2]);
    expect(ann.traffic.sent).toEqual(["move"]);
  });

  test("a page without frames, as a hidden one, keeps what it gets and sends what it draws", async () => {
    const [ann, bob] = [await open("Ann"), await open("Bob", inks[2].color)];
    await ann.evaluate(() => {
      const { requestAnimationFrame } = window;
      const waiting: FrameRequestCallback[] = [];
      window.requestAnimationFrame = (callback) => waiting.push(callback);
      window.addEventListener("shown", () => {
        window.requestAnimationFrame = requestAnimationFrame;
        for (const callback of waiting) requestAnimationFrame(callback);
      });
    });
    await drawLine(bob, [200, 700], [800, 700]);
    await expect
      .poll(() => ann.traffic.received.filter((name) => name === "drawn").length)
      .toBeGreaterThan(0);
    await expect.poll(() => allStrokes().length).toBe(1);
    await drawLine(ann, [200, 300], [800, 300]);
    await expect.poll(() => isInked(bob, [500, 300])).toBe(true);
    expect(await isInked(ann, [500, 300])).toBe(false);
    expect(await isInked(ann, [500, 700], inks[2].color)).toBe(false);

    await ann.evaluate(() => void window.dispatchEvent(new Event("shown")));
    await expect.poll(() => isInked(ann, [500, 700], inks[2].color)).toBe(true);
    expect(await isInked(ann, [500, 300])).toBe(true);
    await cursor(ann, "Bob").waitFor();
  });

  test("draws on while the connection is lost, and sends it when it is back", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const [ann, bob] = [await open("Ann"), await open("Bob")];
    await drawLine(ann, [200, 300], [800, 300]);
    await expect.poll(() => isInked(bob, [800, 300])).toBe(true);

    await gallery.stop();
    for (const page of [ann, bob])
      await page.getByText("Connection lost.", { exact: false }).first().waitFor();
    expect(await ann.getByRole("button", { name: "Clear" }).isDisabled()).toBe(true);
    await drawLine(ann, [200, 600], [800, 600]);
    await drawLine(ann, [200, 800], [800, 800]);
    await gallery.restart();

    for (const page of [ann, bob]) {
      await isReady(page);
      for (const y of [300, 600, 800]) await expect.poll(() => isInked(page, [500, y])).toBe(true);
    }
    await moveTo(ann, [100, 100]);
    await cursor(bob, "Ann").waitFor();
    expect(allStrokes()).toHaveLength(3);
  });

  test("a view that crashes alone is another painter, whose page draws on", async () => {
    gallery.expected = /crash/;
    const [ann, bob] = [await open("Ann"), await open("Bob", inks[2].color)];
    const painter = await ann.locator("#board").getAttribute("data-painter");
    await drawLine(ann, [200, 300], [800, 300]);
    await expect.poll(() => isInked(bob, [500, 300])).toBe(true);

    const { render } = Board.prototype;
    const rendering = vi.spyOn(Board.prototype, "render").mockImplementation(function (this: Board) {
      if (this.painter === painter) throw new Error("The view of Ann crashed.");
      return render.call(this);
    });
    await ann.getByRole("textbox", { name: "Your name" }).fill("Annabel");
    await ann.locator(`#board:not([data-painter="${painter}"])`).waitFor();
    rendering.mockRestore();

    await bob.locator(".painters", { hasText: "Annabel" }).waitFor();
    await expect.poll(() => bob.locator(".painters li").count()).toBe(2);
    await drawLine(ann, [200, 600], [800, 600]);
    for (const page of [ann, bob])
      for (const y of [300, 600]) await expect.poll(() => isInked(page, [500, y])).toBe(true);
    await cursor(bob, "Annabel").waitFor();
    expect(await bob.locator(".cursor:not([hidden])").count()).toBe(1);
    expect(allStrokes().map(({ id }) => id)).toEqual([
      `${painter}.0`,
      expect.not.stringContaining(`${painter}`),
    ]);
  });

  test("draws by keyboard, and shows where the pen is", async () => {
    const page = await open("Ann");
    await page.locator("#board canvas").focus();
    for (const key of ["Space", "ArrowRight", "ArrowDown", "ArrowDown", "Space", "ArrowLeft"])
      await page.keyboard.press(key);
    const points = [800, 500, 820, 500, 820, 520, 820, 540];
    await expect.poll(() => allStrokes().map(({ points }) => points)).toEqual([points]);
    expect(await placeOf(page, "Ann")).toEqual([800, 540]);
    await page.keyboard.press("Tab");
    await expect.poll(() => cursor(page, "Ann").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Clear");
  });
});
