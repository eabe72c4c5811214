/** Lost connections between the real client and the real server: what the user does meanwhile happens once they are back. */
import { createApp, html, Link, LiveView } from "@overwire/server";
import { live } from "@overwire/testing";
import { expect, test } from "vitest";

type Page = Awaited<ReturnType<typeof live>>;
const documentOf = ({ window }: Page) => window.document as unknown as Document;
const find = (page: Page, selector: string) => documentOf(page).querySelector(selector) as HTMLInputElement;
const type = (page: Page, selector: string, text: string) => {
  const field = find(page, selector);
  field.value = text;
  const { Event } = field.ownerDocument.defaultView as Window & typeof globalThis;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

let mounts: string[] = [];
let told: unknown[] = [];

class Notes extends LiveView {
  text = "";
  saved = 0;
  override mount() {
    mounts.push("notes");
  }
  change = this.event((payload) => {
    this.text = (payload as { text: string }).text;
    told.push(this.text);
  });
  save = this.event(() => {
    this.saved++;
    told.push("save");
  });
  override handleParams() {
    told.push(this.url.search);
  }
  render() {
    return html`
      <form phx-ignore-missing-id phx-change=${this.change}><input id="text" name="text" value=${this.text}></form>
      <button phx-click=${this.save}>${this.saved}</button><p>${this.text}${this.url.search}</p>
      <${Link} id="more" patch="/notes?more">more<//><${Link} id="other" navigate="/other">other<//>`;
  }
}

class Other extends LiveView {
  override mount() {
    mounts.push("other");
  }
  render() {
    return html`<h1>other ${mounts.length}</h1><${Link} id="notes" navigate="/notes">notes<//>`;
  }
}

function open(path = "/notes") {
  mounts = [];
  told = [];
  const app = createApp({ secret: "a secret for these tests alone, long enough" });
  app.live("/notes", Notes);
  app.live("/other", Other);
  return live(app, path);
}

test("a form without an id that was typed in is told, and a click runs, in their order, once", async () => {
  const page = await open();
  type(page, "#text", "one");
  await page.settled();
  await page.disconnect();
  told = [];
  type(page, "#text", "one t");
  type(page, "#text", "one two");
  find(page, "button").click();
  type(page, "#text", "one two three");
  await page.reconnect();
  expect(told).toEqual(["one two", "save", "one two three"]);
  expect([find(page, "#text").value, find(page, "p").textContent, mounts]).toEqual([
    "one two three",
    "one two three",
    ["notes"],
  ]);
  await page.close();
});

test("a click on a view that has to be mounted anew does not run, and shows nothing any more", async () => {
  const page = await open();
  await page.disconnect({ resume: false });
  told = [];
  find(page, "button").click();
  expect(find(page, "button").className).toBe("phx-click-loading");
  await page.reconnect();
  expect([told, find(page, "button").hasAttribute("class"), mounts]).toEqual([
    [""],
    false,
    ["notes", "notes"],
  ]);
  await page.close();
});

test.each([true, false])(
  "a live patch is made when the view is there again (resumed: %s)",
  async (resume) => {
    const page = await open();
    await page.disconnect({ resume });
    find(page, "#more").click();
    await page.reconnect();
    await expect.poll(() => find(page, "p").textContent).toBe("?more");
    expect(page.window.location.search).toBe("?more");
    await page.close();
  },
);

test("of several links without a connection the last one is followed, over the socket", async () => {
  const page = await open();
  await page.disconnect();
  find(page, "#more").click();
  await nextTask();
  find(page, "#other").click();
  await page.reconnect();
  await expect.poll(() => find(page, "h1")?.textContent).toBe("other 2");
  expect([page.window.location.pathname, mounts]).toEqual(["/other", ["notes", "other"]]);
  await page.close();
});

test("a view that is navigated to, away from, and to once more while its answers travel has its statics", async () => {
  const page = await open();
  for (const id of ["#other", "#more", "#other"]) {
    find(page, id).click();
    // Its join has been sent, and not been answered.
    await Promise.resolve();
  }
  await expect.poll(() => find(page, "h1")?.textContent).toMatch("other");
  expect(page.window.location.pathname).toBe("/other");
  await page.close();
});
