/** Mistakes in a page that tests find by themselves. */
import { html, LiveView } from "@overwire/server";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { live } from "../index.ts";

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
});

class Twice extends LiveView {
  more = false;
  show = this.event(() => {
    this.more = true;
  });
  render() {
    return html`<b id="one">1</b><button phx-click=${this.show}>show</button>${this.more && html`<i id="one">2</i>`}`;
  }
}

class Forms extends LiveView {
  n = 0;
  change = this.event(() => {
    this.n++;
  });
  render() {
    return html`<form class="bad" phx-change=${this.change}><input name="a" value=${this.n}></form>
      <form phx-change=${this.change} id="good"></form>
      <form phx-change=${this.change} phx-ignore-missing-id></form>
      <form phx-change=${this.change} phx-auto-recover="ignore"></form>
      <form phx-submit="x"></form>`;
  }
}

test("an id that is there twice fails the action that brings it (10.1)", async () => {
  const view = await live(Twice);
  await expect(view.element("button").click()).rejects.toThrow(
    'Two elements have the id "one"; patches and hooks need it to be unique:\n\n    <b id="one">1</b>\n    <i id="one">2</i>',
  );
});

test("unless the test says otherwise (10.1)", async () => {
  const ignoring = await live(Twice, { onError: { duplicateId: "ignore" } });
  expect(await ignoring.element("button").click()).toContain("2");
  expect(warn).not.toHaveBeenCalled();
  const warned = await live(Twice, { onError: "warn" });
  expect(await warned.element("button").click()).toContain("2");
  await warned.element("button").click();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('Two elements have the id "one"'));
});

test("a form that tells of changes and has no id is warned of, once", async () => {
  const view = await live(Forms);
  await view.element(".bad").change();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(
    expect.stringMatching(
      /^A form with phx-change has no id, .*\n\n {4}<form class="bad" phx-change="change">\n$/,
    ),
  );
});

test("or raised, or ignored", async () => {
  await live(Forms, { onError: "ignore" });
  expect(warn).not.toHaveBeenCalled();
  await expect(live(Forms, { onError: { missingFormId: "raise" } })).rejects.toThrow(
    "A form with phx-change has no id",
  );
});
