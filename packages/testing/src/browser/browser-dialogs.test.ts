/** Native dialogs under test: all that a user can do to them, as in the tests of dialogs in Chromium. */
import { html, JS, LiveView } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { live } from "../index.ts";

class Dialogs extends LiveView {
  got: (readonly [name: string, value: unknown])[] = [];
  override handleEvent(name: string, payload: unknown) {
    this.got.push([name, (payload as { value?: unknown }).value]);
  }
  render() {
    return html`<button id="open" phx-click=${JS.showModal("#edit")}>edit</button>
      <dialog id="edit" phx-click-away=${JS.close()} phx-close="closed">
        <form id="answer" method="dialog"><input name="why" required>
          <button value="yes">Yes</button><button value="no" formnovalidate>No</button><button disabled>Maybe</button>
        </form>
        <form id="sent" phx-submit="sent"><button formmethod="dialog" value="kept">Keep</button></form>
        <button id="close" phx-click=${JS.close("#edit").push("after")}>close</button>
        <button id="ask" phx-click=${JS.showModal("#asks")}>ask</button>
        <p id="text">text</p>
      </dialog>
      <dialog id="asks" phx-cancel="asked" phx-close="answered"><b>sure?</b></dialog>
      <dialog id="beside" open><form method="dialog"><button>OK</button></form><i>beside</i></dialog>
      <p id="page">page</p>
      <form id="lost" method="dialog"><button>nowhere</button></form>
      <button id="by-command" type="button" commandfor="any" command="show-modal">by command</button>
      <dialog id="any" closedby="any" phx-close="any closed">
        <button id="by-close" type="button" commandfor="any" command="close" value="done">done</button></dialog>
      <button id="never" type="button" phx-click=${JS.showModal("#firm")}>firm</button>
      <dialog id="firm" closedby="none" phx-close="firm closed"><s>firm</s></dialog>`;
  }
}

const open = async (button = "#open") => {
  const view = await live(Dialogs);
  await view.element(button).click();
  const isOpen = (selector = "#edit") => view.hasElement(`${selector}[open]`);
  return { view, isOpen, got: () => view.instance.got };
};

describe("a button of a form with method=dialog", () => {
  test("closes its dialog, which tells its value", async () => {
    const { view, isOpen, got } = await open();
    await view
      .form("#answer", { why: "so" })
      .change()
      .catch(() => {});
    await view.element("#answer button", "No").click();
    expect([isOpen(), got()]).toEqual([false, [["closed", "no"]]]);
    await view.element("#open").click();
    await view.form("#answer", { why: "so" }).submit();
    expect(got()).toEqual([
      ["closed", "no"],
      ["closed", "yes"],
    ]);
    await view.element("#open").click();
    await view.form("#answer", { why: "" }).submit("[value=no]");
    expect(got().at(-1)).toEqual(["closed", "no"]);
    await view.element("#open").click();
    await view.element("#answer").submit({ why: "so" });
    expect(got().at(-1)).toEqual(["closed", "yes"]);
  });

  test("is held to what a browser asks of the form", async () => {
    const { view, isOpen, got } = await open();
    await expect(view.element("#answer button", "Yes").click()).rejects.toThrow(
      'a browser would not submit form "#answer", because fields are invalid: "why": it is required',
    );
    await expect(view.form("#answer").submit()).rejects.toThrow('"why": it is required');
    await expect(view.element("#answer button", "Maybe").click()).rejects.toThrow("disabled");
    expect([isOpen(), got()]).toEqual([true, []]);
  });

  test("closes a dialog beside the page too, but none that is closed or not there", async () => {
    const { view, isOpen } = await open("#never");
    await view.element("#beside button").click();
    expect(isOpen("#beside")).toBe(false);
    await expect(view.element("#beside button").click()).rejects.toThrow(
      'cannot submit its form: it has method="dialog", and its dialog is not open',
    );
    await expect(view.element("#lost button").click()).rejects.toThrow(
      'cannot submit form "#lost": it has method="dialog", but it is in no <dialog>',
    );
    await expect(view.form("#lost").submit()).rejects.toThrow("it is in no <dialog>");
  });

  test("tells the view of a form that is bound to it", async () => {
    const { view, isOpen, got } = await open();
    await view.element("#sent button").click();
    expect([isOpen(), got()]).toEqual([true, [["sent", undefined]]]);
  });
});

describe("Escape", () => {
  test("closes a dialog that is open modally, in it or in what it holds", async () => {
    const { view, isOpen, got } = await open();
    await view.element("#edit").keydown({ key: "Escape" });
    expect([isOpen(), got()]).toEqual([false, [["closed", undefined]]]);
    await view.element("#open").click();
    await view.element("#answer [name=why]").keydown("Escape");
    expect([isOpen(), got().length]).toEqual([false, 2]);
  });

  test("does what is bound to it in place of closing, and to the newest dialog first", async () => {
    const { view, isOpen, got } = await open();
    await view.element("#ask").click();
    await expect(view.element("#edit").keydown("Escape")).rejects.toThrow(
      'element selected by "#edit" does not have phx-keydown or phx-window-keydown attributes',
    );
    await view.element("#asks").keydown("Escape");
    expect([isOpen(), isOpen("#asks"), got()]).toEqual([true, true, [["asked", undefined]]]);
  });

  test("is nothing to a dialog that is closed, beside the page, or closed by nothing", async () => {
    const { view, isOpen } = await open("#never");
    for (const selector of ["#edit", "#beside", "#firm"])
      await expect(view.element(selector).keydown("Escape")).rejects.toThrow("does not have phx-keydown");
    await expect(view.element("#firm").keydown("Enter")).rejects.toThrow("does not have phx-keydown");
    expect(isOpen("#firm")).toBe(true);
  });
});

describe("a click beside a dialog", () => {
  test("is one on its backdrop, however a test says it", async () => {
    const { view, isOpen, got } = await open();
    await view.element("#edit").click();
    expect(isOpen()).toBe(false);
    await view.element("#open").click();
    await view.element("#edit").clickAway();
    expect(isOpen()).toBe(false);
    await view.element("#open").click();
    await view.element("#page").click();
    expect(isOpen()).toBe(false);
    expect(got().filter(([name]) => name === "closed")).toHaveLength(3);
  });

  test("is none in it", async () => {
    const { view, isOpen } = await open();
    await view.element("#text").click();
    expect(isOpen()).toBe(true);
  });

  test("must be noticed by something", async () => {
    const { view } = await open("#never");
    await expect(view.element("#page").clickAway()).rejects.toThrow(
      'element selected by "#page" does not have phx-click-away attribute',
    );
    await expect(view.element("#page").click()).rejects.toThrow("does not have phx-click attribute");
    await expect(view.element("#edit").click()).rejects.toThrow("does not have phx-click attribute");
    expect(view.instance.got).toEqual([]);
  });
});

class Menu extends LiveView {
  left = 0;
  leave = this.event(() => {
    this.left++;
  });
  render() {
    return html`<p id="page">page</p><button id="open" phx-click=${JS.showModal("#dialog")}>open</button>
      <div id="menu" phx-click-away=${this.leave}><u>menu</u></div>
      <dialog id="dialog" phx-click-away=${JS.close()}><i id="inner" phx-click-away=${this.leave}>inner</i></dialog>`;
  }
}

test("an element that waits for clicks beside it is told of those, in a dialog as well", async () => {
  const view = await live(Menu);
  await view.element("#menu u").click();
  expect(view.instance.left).toBe(0);
  await view.element("#page").click();
  expect(view.instance.left).toBe(1);
  await view.element("#menu").clickAway();
  expect(view.instance.left).toBe(2);
  await view.element("#open").click();
  expect(view.instance.left).toBe(3);
  await view.element("#inner").clickAway();
  expect([view.instance.left, view.hasElement("#dialog[open]")]).toEqual([5, true]);
  await view.element("#dialog").clickAway();
  expect([view.instance.left, view.hasElement("#dialog[open]")]).toEqual([7, false]);
});

test("a dialog opens and closes by commands of its page, and by a click beside it if it says so", async () => {
  const { view, isOpen, got } = await open("#by-command");
  expect(isOpen("#any")).toBe(true);
  await view.element("#by-close").click();
  expect([isOpen("#any"), got()]).toEqual([false, [["any closed", "done"]]]);
  await view.element("#by-command").click();
  await view.element("#any").clickAway();
  expect(isOpen("#any")).toBe(false);
});

test("a dialog tells of its end after the commands that ended it", async () => {
  const { view, got } = await open();
  await view.element("#close").click();
  expect(got()).toEqual([
    ["after", undefined],
    ["closed", undefined],
  ]);
});
