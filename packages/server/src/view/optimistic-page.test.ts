/** Optimistic changes of events that overlap: taking one back leaves alone what others have changed meanwhile. */
import { live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { html } from "../template/html.ts";
import type { EventPayload } from "./events/event.ts";
import { LiveView } from "./live-view.ts";

/** Saves that the test ends, one by one. */
function saves() {
  const all: { resolve(): void; reject(error: Error): void }[] = [];
  const save = () => new Promise<void>((resolve, reject) => all.push({ resolve, reject }));
  return { all, save, begun: (count: number) => vi.waitUntil(() => all.length === count) };
}

test("parallel: what fails is taken back, what others have changed since it began is not", async () => {
  const { all, save, begun } = saves();
  class View extends LiveView {
    liked: string[] = [];
    saving = { a: false, b: false };
    count = 0;
    inc = this.event(() => {
      this.count++;
    });
    like = this.event(
      ({ id }: EventPayload) =>
        this.optimistic(() => {
          this.saving[id as "a" | "b"] = true;
          if (id === "a") this.liked.push("a");
        }, save),
      { overlap: "parallel" },
    );
    render() {
      return html`<i>${this.count}</i><b>${this.liked}</b>
        <button id="a" phx-click=${this.like({ id: "a" })}>a</button>
        <button id="inc" phx-click=${this.inc}>inc</button>`;
    }
  }
  const view = await live(View);
  const liking = view.element("#a").click();
  await begun(1);
  expect(view.text("b")).toBe("a");
  const counting = view.element("#inc").click();
  await vi.waitUntil(() => view.text("i") === "1");
  all[0]?.reject(new Error("the database is away"));
  await Promise.all([liking, counting]);
  expect([view.text("i"), view.text("b")]).toEqual(["1", ""]);
  expect(view.instance.saving).toEqual({ a: false, b: false });
});

test("latest: what a newer call has set stays when the older one is taken back", async () => {
  const { all, save, begun } = saves();
  class View extends LiveView {
    rating = 0;
    rate = this.event(
      ({ stars }: EventPayload, { wanted }) =>
        this.optimistic(
          () => {
            this.rating = Number(stars);
          },
          () => wanted(save()),
        ),
      { overlap: "latest" },
    );
    render() {
      return html`<b>${this.rating}</b>${[1, 2].map((stars) => html`<button phx-click=${this.rate({ stars })}>${stars}</button>`)}`;
    }
  }
  const view = await live(View);
  const first = view.element("button", "1").click();
  await begun(1);
  const second = view.element("button", "2").click();
  await begun(2);
  expect(view.text("b")).toBe("2");
  all[1]?.resolve();
  await Promise.all([first, second]);
  expect([view.text("b"), view.instance.rating]).toEqual(["2", 2]);
});

test("queue: no other event has run, so all is put back, changes of the commit included", async () => {
  class View extends LiveView {
    saving = false;
    step = 0;
    save = this.event(() =>
      this.optimistic(
        () => {
          this.saving = true;
        },
        async () => {
          this.step = 1;
          await null;
          this.step = 2;
          throw new Error("the database is away");
        },
      ),
    );
    render() {
      return html`<b>${this.saving} ${this.step}</b><button phx-click=${this.save}>save</button>`;
    }
  }
  const view = await live(View);
  await view.element("button").click();
  expect([view.instance.saving, view.instance.step]).toEqual([false, 0]);
});
