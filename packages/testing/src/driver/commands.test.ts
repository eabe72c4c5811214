/** Client commands under test: what they need of a browser that happy-dom does otherwise. */
import { html, JS, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../index.ts";

class Panel extends LiveView {
  saved = 0;
  save = this.event(() => {
    this.saved++;
  });
  render() {
    const fade = JS.hide({ to: "#panel", transition: "fade", time: 50 });
    return html`
      <button id="toggle" phx-click=${JS.toggle("#panel")}>toggle</button>
      <div id="panel" hidden>panel</div>
      <button id="save" phx-click=${JS.push(this.save).concat(fade)}>${this.saved} saved</button>`;
  }
}

test("an element with the attribute hidden is hidden, until a command shows it", async () => {
  const view = await live(Panel);
  const display = () => (view.element("#panel").node as unknown as HTMLElement).style.display;
  await view.element("#toggle").click();
  expect(display()).toBe("block");
  await view.element("#toggle").click();
  expect(display()).toBe("none");
});

test("an action waits for an answer that a transition holds back, and no longer", async () => {
  const view = await live(Panel);
  await view.element("#toggle").click();
  const before = performance.now();
  await view.element("#save").click();
  expect(view.text("#save")).toBe("1 saved");
  expect(performance.now() - before).toBeLessThan(2000);
});

class Menu extends LiveView {
  clicks = 0;
  count = this.event(() => {
    this.clicks++;
  });
  render() {
    return html`<button id="menu" phx-click=${JS.toggle("#drop").push(this.count)}>${this.clicks} clicks</button>
      <p id="drop" style="display: none" phx-click-away=${JS.hide("#drop")}>drop</p>
      <p id="away" phx-click=${this.count}>away</p>`;
  }
}

test("a button opens and closes what a click away from it closes", async () => {
  const view = await live(Menu);
  const display = () => (view.element("#drop").node as unknown as HTMLElement).style.display;
  const seen: string[] = [];
  for (const selector of ["#menu", "#menu", "#menu", "#away"]) {
    await view.element(selector).click();
    seen.push(display());
  }
  expect(seen).toEqual(["block", "none", "block", "none"]);
});

class Dialogs extends LiveView {
  rendered = 0;
  closed: unknown[] = [];
  again = this.event(() => {
    this.rendered++;
  });
  done = this.event((payload) => {
    this.closed.push((payload as { value?: string }).value);
  });
  render() {
    return html`<button id="open" phx-click=${JS.showModal("#dialog").push(this.again)}>open</button>
      <dialog id="dialog" phx-close=${this.done}>
        <p>${this.rendered}</p>
        <button id="again" phx-click=${this.again}>again</button>
        <button id="close" phx-click=${JS.close("#dialog").push(this.again)}>close</button>
        <form method="dialog"><button id="yes" value="yes" phx-click=${this.again}>yes</button></form>
      </dialog>
      <dialog id="asks" open phx-cancel=${this.again}><i>asks</i></dialog>
      <button id="ask" phx-click=${JS.showModal("#asks").push(this.again)}>ask</button>
      <p id="keys" phx-window-keydown=${this.again}></p>`;
  }
}

test("a dialog opens modally, stays open under patches, and closes in all the ways of a browser", async () => {
  const view = await live(Dialogs);
  const isOpen = () => view.hasElement("#dialog[open]");
  const focused = () => view.window.document.activeElement?.id;
  (view.element("#open").node as unknown as HTMLElement).focus();
  await view.element("#open").click();
  await view.element("#again").click();
  expect([isOpen(), view.text("#dialog p"), focused()]).toEqual([true, "2", "again"]);
  await view.element("#close").click();
  expect([isOpen(), focused()]).toEqual([false, "open"]);
  await view.element("#open").click();
  await view.element("#keys").keydown("Escape");
  expect(isOpen()).toBe(false);
  await view.element("#open").click();
  await view.element("#yes").click();
  expect(isOpen()).toBe(false);
  await view.settled();
  expect(view.instance.closed).toEqual([undefined, undefined, "yes"]);
});

test("a binding of a dialog's cancel event replaces its closing", async () => {
  const view = await live(Dialogs);
  await view.element("#ask").click();
  await view.element("#keys").keydown("Escape");
  await view.settled();
  expect([view.hasElement("#asks[open]"), view.instance.rendered]).toEqual([true, 3]);
});
