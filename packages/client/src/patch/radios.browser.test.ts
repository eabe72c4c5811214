/** Groups of radio buttons whose names pass from row to row. */
import { type Child, each, html, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

interface Row {
  readonly id: string;
  readonly at: number;
  readonly of: number;
}

let body: (n: number, view: Any) => Child = () => "";
class Any extends LiveView {
  n = 1;
  items = this.stream<Row>();
  override handleInfo(n: unknown) {
    if (typeof n === "function") n(this);
    else this.n = n as number;
  }
  render() {
    return html`<output>${this.n}</output><main>${body(this.n, this)}</main>`;
  }
}

describeBrowser("radio buttons", (browser) => {
  const served = serveView(browser, Any);
  const { show, shows } = served;
  let page: Page;
  beforeAll(() => {
    page = served.page;
  });

  async function open(shown: typeof body): Promise<void> {
    body = shown;
    await page.goto(served.url, { waitUntil: "networkidle" });
    await page.locator(".phx-connected").first().waitFor();
  }

  const choose = (choices: Record<string, string>) =>
    page.evaluate((choices) => {
      for (const id in choices)
        document.querySelector<HTMLInputElement>(`#${id} [value="${choices[id]}"]`)?.click();
    }, choices);

  /** By the ids of rows, what is chosen in each. */
  const chosen = () =>
    page.evaluate(() =>
      Object.fromEntries(
        Array.from(document.querySelectorAll("main [id]"), (row) => [
          row.id,
          Array.from(row.querySelectorAll<HTMLInputElement>(":checked"), ({ value }) => value).join(),
        ]),
      ),
    );

  const radios = (name: string, preset?: string) =>
    ["1", "2", "3"].map(
      (value) => html`<input type="radio" name=${name} value=${value} checked=${value === preset}>`,
    );
  const rows = (ids: string, row: (id: string, at: number) => Child) =>
    each(
      [...ids].map((id, at) => ({ id, at })),
      ({ id }) => id,
      ({ id, at }) => html`${row(id, at)}`,
    );
  const list = (ids: string, preset?: string) =>
    html`<form>${rows(ids, (id, at) => html`<p id=${id}>${radios(`rows[${at}][x]`, preset)}</p>`)}</form>`;

  test.each<[string, steps: string[], preset?: string]>([
    ["change places", ["ab", "ba", "ab"]],
    ["go in a ring", ["abc", "bca", "cab"]],
    ["come after one that goes", ["abc", "bc", "c"]],
    ["come before one that goes", ["abc", "ab"]],
    ["come after one that is put in", ["bc", "abc", "zabc"]],
    ["are preset, and come after one that is put in", ["bc", "abc", "zabc"], "1"],
    ["are preset, and come after one that goes", ["abc", "bc"], "3"],
  ])("keep what is chosen in rows that %s", async (_, steps, preset) => {
    await open((n) => list(steps[n - 1] as string, preset));
    const all = Object.fromEntries([...(steps[0] as string)].map((id, at) => [id, `${(at % 3) + 1}`]));
    await choose(all);
    for (const [at, ids] of steps.entries()) {
      if (at) await show(at + 1);
      expect(await chosen()).toEqual(Object.fromEntries([...ids].map((id) => [id, all[id] ?? preset ?? ""])));
    }
  });

  test("keep what is chosen when groups exchange their names in their places", async () => {
    await open((n) => {
      const names = n % 2 ? ["of[0]", "of[1]"] : ["of[1]", "of[0]"];
      return html`<form>${names.map((name, at) => html`<p id=${`row-${at}`}>${radios(name)}</p>`)}</form>`;
    });
    await choose({ "row-0": "1", "row-1": "3" });
    for (const n of [2, 3]) {
      await show(n);
      expect(await chosen()).toEqual({ "row-0": "1", "row-1": "3" });
    }
  });

  test("keep what is chosen in items of a stream that change their names", async () => {
    await open(
      (_, { items }) =>
        html`<form id="form" phx-update="stream">${items.each((id, { at }) => html`<p id=${id}>${radios(`rows[${at}][x]`, "1")}</p>`)}</form>`,
    );
    const insert = (ids: string, n: number) => {
      served.view.send((own: Any) => {
        for (const [at, id] of [...ids].entries()) own.items.insert({ id, at, of: n }, { at });
        own.n = n;
      });
      return shows(n);
    };
    await insert("bc", 2);
    const ids = await page.evaluate(() => Array.from(document.querySelectorAll("p"), ({ id }) => id));
    const [b, c] = ids as [string, string];
    await choose({ [b]: "2", [c]: "3" });
    for (const [n, more] of ["abc", "zabc"].entries()) {
      await insert(more, n + 3);
      expect(await chosen()).toMatchObject({ [b]: "2", [c]: "3" });
    }
    expect(Object.values(await chosen()).sort()).toEqual(expect.arrayContaining(["1", "1", "2", "3"]));
  });

  test("show what the server says of their group, whatever else was chosen", async () => {
    for (const [was, is] of ["12", "31"]) {
      await open((n) => html`<form id="f">${n}${radios("x", n === 1 ? was : is)}</form>`);
      for (const own of ["1", "2", "3"]) {
        await page.reload({ waitUntil: "networkidle" });
        await choose({ f: own });
        await show(2);
        expect(await chosen()).toEqual({ f: is });
      }
    }
  });

  test("show a new one that the server has chosen", async () => {
    const one = (value: string, preset = false) =>
      html`<input type="radio" name="x" value=${value} checked=${preset}>`;
    for (const isFirst of [true, false]) {
      await open((n) => {
        const fresh = n > 1 && one("new", true);
        return html`<form id="f">${isFirst && fresh}${one("1")}${one("2")}${!isFirst && fresh}<b>${n}</b></form>`;
      });
      await choose({ f: "2" });
      await show(2);
      expect(await chosen()).toEqual({ f: "new" });
      await choose({ f: "1" });
      await show(3);
      expect(await chosen()).toEqual({ f: "1" });
    }
  });
});
