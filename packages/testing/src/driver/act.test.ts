/** Actions of a test: the order in which they begin, and what they wait for. */
import { html, LiveView, liveFileInput } from "@overwire/server";
import { expect, test, vi } from "vitest";
import { type LiveDriver, live } from "../index.ts";

class Letters extends LiveView {
  letters = "";
  add = this.event((payload) => {
    this.letters += (payload as { letter: string }).letter;
  });
  render() {
    return html`
      <p>${this.letters}</p>
      ${["a", "b", "c"].map((letter) => html`<button phx-click="add" phx-value-letter=${letter}>${letter}</button>`)}`;
  }
}

test("actions that a test does not wait for begin in the order in which it calls them", async () => {
  const view = await live(Letters);
  await Promise.all(["a", "b", "c", "a"].map((letter) => view.element("button", letter).click()));
  expect(view.text("p")).toBe("abca");
  await view.close();
});

test("an action that fails to begin holds up none of those after it", async () => {
  const view = await live(Letters);
  const results = await Promise.allSettled([
    view.element("button", "a").click(),
    view.element("button", "z").click(),
    view.element("button", "b").click(),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(view.text("p")).toBe("ab");
  await view.close();
});

class Slow extends LiveView {
  count = 0;
  #going: (() => void) | undefined;
  save = this.event(async () => {
    await new Promise<void>((resolve) => {
      this.#going = resolve;
    });
    this.count++;
  });
  async answer() {
    await vi.waitFor(() => expect(this.#going).toBeDefined());
    this.#going?.();
    this.#going = undefined;
  }
  render() {
    return html`<p>${this.count}</p>
      <form id="f" phx-submit=${this.save}><input name="text"><button>Save</button></form>
      <button id="b" phx-click=${this.save}>Go</button>`;
  }
}

test.each<[string, (view: LiveDriver<Slow>) => Promise<string>]>([
  ["a form is submitted", (view) => view.form("#f").submit()],
  ["a form is submitted by its element", (view) => view.element("#f").submit()],
  ["an element is clicked", (view) => view.element("#b").click()],
])("an action that the page passes over while an answer is due fails: %s", async (_, act) => {
  const view = await live(Slow);
  const first = act(view);
  await expect(act(view)).rejects.toMatchObject({
    name: "UnansweredError",
    code: "unanswered",
    message: expect.stringMatching(/Await that action first/),
  });
  await view.instance.answer();
  expect(await first).toContain("<p>1</p>");
  const again = act(view);
  await view.instance.answer();
  expect(await again).toContain("<p>2</p>");
  await view.close();
});

class Notes extends LiveView {
  heard: string[] = [];
  changed = this.event((payload) => {
    this.heard.push(String((payload as { text: string }).text));
  });
  render() {
    return html`<form id="f" phx-change=${this.changed}><input name="text"></form>`;
  }
}

test("a form is filled in when it is its action's turn, so that each tells values of its own", async () => {
  const view = await live(Notes);
  await Promise.all([
    view.form("#f", { text: "1" }).change(),
    view.form("#f", { text: "2" }).change(),
    view.element("#f").change({ text: "3" }),
  ]);
  expect(view.instance.heard).toEqual(["1", "2", "3"]);
  await view.close();
});

class Album extends LiveView {
  isOpen = false;
  photos = this.allowUpload({ accept: [".png"] });
  open = this.event(() => {
    this.isOpen = true;
  });
  change = this.event(() => {});
  render() {
    return html`
      <button phx-click=${this.open}>Add</button>
      ${this.isOpen ? html`<form id="f" phx-change=${this.change}>${liveFileInput(this.photos)}</form>` : null}`;
  }
}

test("an answer that brings the page's first file input ends its action at once", async () => {
  // Reads the code of uploads, which may take a busy machine its time.
  await (await live(Album)).element("button", "Add").click();
  const view = await live(Album);
  const start = performance.now();
  expect(await view.element("button", "Add").click()).toContain('type="file"');
  // Otherwise it would wait in vain for an action's whole patience, 5 s.
  expect(performance.now() - start).toBeLessThan(2500);
  await view.close();
});
