/** The frame that answers a join: the first that a client gets, whatever is triggered while it is made. */
import type { ServerFrame } from "@overwire/client/wire";
import { createProcess, startProcess } from "@overwire/test-support/view-process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";

afterEach(() => {
  vi.useRealTimers();
});

const kinds = (frames: readonly ServerFrame[]) => frames.map(([kind]) => kind);

class Named extends LiveComponent<{ name: string }> {
  render() {
    return html`<i>${this.props.name}</i>`;
  }
}

describe("the join comes first", () => {
  test("if a feed's source has given more while there was no client", async () => {
    vi.useFakeTimers();
    let give: (text: string) => void = () => {};
    class Feeding extends LiveView {
      words = this.feed<string>();
      override mount() {
        this.words.start(async function* () {
          for (;;) yield await new Promise<string>((resolve) => (give = resolve));
        });
      }
      render() {
        return html`<p>${this.words.each()}</p>`;
      }
    }
    const { viewProcess, join, sent } = startProcess(Feeding);
    join();
    const frame = () => vi.advanceTimersByTimeAsync(20);
    await frame();
    give("one ");
    await frame();
    const before = sent();
    expect(JSON.stringify(before)).toContain("one ");
    viewProcess.detach();
    for (const text of ["two ", "three ", "four "]) {
      give(text);
      await frame();
    }
    const frames = join(true);
    give("five ");
    await frame();
    frames.push(...sent());
    expect(kinds(frames)[0]).toBe("j");
    expect(frames.map(([, , number]) => number)).toEqual(frames.map((_, index) => before.length + 2 + index));
    expect(
      JSON.stringify(frames)
        .match(/(two|three|four|five) /g)
        ?.join(""),
    ).toBe("two three four five ");
    viewProcess.end("closed");
  });

  test("if mount has sent a component an update, which is then applied", () => {
    class Updating extends LiveView {
      override mount() {
        this.sendUpdate(Named, { id: "n", name: "new" });
      }
      render() {
        return html`<main><${Named} id="n" name="old" /></main>`;
      }
    }
    // As in a live navigation: nothing was painted before.
    const { join } = startProcess(Updating);
    const [first, second, ...more] = join();
    expect([first?.[0], first?.[2], second?.[0], second?.[2], more]).toEqual(["j", 1, "p", 2, []]);
    expect(JSON.stringify(first)).toContain("old");
    expect(second?.[5]).toEqual({ c: { 1: { 0: "new" } } });
  });

  test("if mount flushes, pushes events and inserts into streams: the frame holds all of that", () => {
    class Busy extends LiveView {
      items = this.stream<{ id: string }>();
      override mount() {
        this.items.insert({ id: "a" });
        this.pushEvent("hello", {});
        this.flush();
        this.items.insert({ id: "b" });
      }
      render() {
        return html`<ul>${this.items.each((id) => html`<li id=${id}></li>`)}</ul>`;
      }
    }
    const { join } = startProcess(Busy);
    const frames = join();
    expect(frames).toHaveLength(1);
    expect(JSON.stringify(frames)).toContain("items-b");
    expect(frames[0]?.[4]).toMatchObject({ e: [["hello", {}]] });
  });

  test("if a rendering publishes to a topic of its own view", () => {
    class Talking extends LiveView {
      heard = 0;
      renders = 0;
      override handleInfo() {
        this.heard++;
      }
      render() {
        if (++this.renders % 2) this.send("rendered");
        return html`<p>${this.heard}</p>`;
      }
    }
    const { viewProcess, view, join } = startProcess(Talking);
    const frames = join();
    expect(kinds(frames)).toEqual(["j", "p"]);
    expect(frames[0]?.[3]).toEqual([expect.any(Number), "0"]);
    expect(frames[1]?.[4]).toEqual({ 0: "1" });
    expect(view.heard).toBe(1);
    viewProcess.detach();
    expect(kinds(join(true))).toEqual(["j", "p"]);
  });

  test("if a component calls a function of its view, which flushes", () => {
    class Telling extends LiveComponent<{ told: () => void }> {
      override mount() {
        this.props.told();
      }
      override update() {
        this.props.told();
      }
      override terminate() {
        this.props.told();
      }
      render() {
        return html`<i></i>`;
      }
    }
    class Around extends LiveView {
      shown = true;
      told = 0;
      tell = () => {
        this.told++;
        this.flush();
      };
      render() {
        return html`<p>${this.told}</p>${this.shown && html`<${Telling} id="t" told=${this.tell} />`}`;
      }
    }
    const { viewProcess, view, join, sent, reports } = startProcess(Around);
    expect(kinds(join())).toEqual(["j"]);
    viewProcess.post("hide", () => void (view.shown = false));
    expect(kinds(sent())).toEqual(["p"]);
    expect(view.told).toBe(3);
    expect(reports).toEqual([]);
  });

  test("if an event comes the moment it is sent", () => {
    class Count extends LiveView {
      count = 0;
      inc = this.event(() => void this.count++);
      render() {
        return html`<p>${this.count}</p>`;
      }
    }
    const { viewProcess, join, sink } = startProcess(Count);
    const { send } = sink;
    sink.send = (frame) => {
      send.call(sink, frame);
      if (frame[0] === "j") viewProcess.event(1, "inc", {});
    };
    expect(join().map(([kind, , number]) => [kind, number])).toEqual([
      ["j", 1],
      ["p", 2],
    ]);
  });
});

test("a client that comes back in the middle of a handler leaves the handler's flash as it is", async () => {
  class Paying extends LiveView {
    pay = this.event(async () => {
      this.putFlash("info", "Paid");
      await Promise.resolve();
      this.pushNavigate("/thanks");
    });
    render() {
      return html`<p></p>`;
    }
  }
  const { viewProcess, join } = startProcess(Paying, { createFlashToken: (flash) => JSON.stringify(flash) });
  join();
  viewProcess.event(1, "pay", {});
  viewProcess.detach();
  join(true);
  await viewProcess.whenIdle();
  expect(viewProcess.completedRedirect).toMatchObject({ to: "/thanks", flash: '{"info":"Paid"}' });
});

describe("a rendering that would begin another", () => {
  test("is an error that says so, in a view and in a component", () => {
    class Flushing extends LiveView {
      render() {
        this.flush();
        return html`<p></p>`;
      }
    }
    const own = createProcess(Flushing);
    own.viewProcess.start();
    expect(kinds(own.join())).toEqual(["x"]);
    expect(String(own.reports[0]?.error)).toMatch(/Flushing called flush\(\) while it is rendered/);

    class Part extends LiveComponent {
      render() {
        this.flush();
        return html`<p></p>`;
      }
    }
    class Holding extends LiveView {
      on = false;
      render() {
        return html`<main>${this.on && html`<${Part} id="p" />`}</main>`;
      }
    }
    const other = createProcess(Holding);
    other.viewProcess.start();
    other.join();
    other.viewProcess.post("on", () => void ((other.view as Holding).on = true));
    expect(kinds(other.sent())).toEqual(["x"]);
    expect(String(other.reports[0]?.error)).toMatch(/flush\(\) while it is rendered/);
  });

  test("and so is one that redirects", () => {
    class Going extends LiveView {
      on = false;
      render() {
        if (this.on) this.pushNavigate("/elsewhere");
        return html`<p></p>`;
      }
    }
    const { viewProcess, view, join, sent, reports } = startProcess(Going);
    join();
    viewProcess.post("on", () => void (view.on = true));
    expect(kinds(sent())).toEqual(["x"]);
    expect(String(reports[0]?.error)).toMatch(/cannot go to \/elsewhere while it is rendered/);
  });

  test("a flush of a forgotten timer shows what changed, and what the rendering sent comes after it", () => {
    class Timed extends LiveView {
      heard = 0;
      count = 0;
      override handleInfo() {
        this.heard++;
      }
      render() {
        if (this.count === 1 && !this.heard) this.send("rendered");
        return html`<p>${this.count} ${this.heard}</p>`;
      }
    }
    const { view, join, sent } = startProcess(Timed);
    join();
    view.count++;
    view.flush();
    expect(sent().map((frame) => [frame[2], frame[4]])).toEqual([
      [2, { 0: "1" }],
      [3, { 1: "1" }],
    ]);
  });
});
