/** Commands on forms: happy-dom's are proxies, so its own methods have to know them by either side. */
import { createApp, html, JS, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../live.ts";

let told: string[] = [];

class Commands extends LiveView {
  shown = 0;
  count = this.event(() => {
    this.shown++;
  });
  save = this.event((payload) => {
    told.push((payload as { name: string }).name);
  });
  render() {
    return html`<form id="f" tabindex="-1" phx-submit=${this.save}><input name="name" value="Ann"><input name="dispatchEvent"></form>
      <p>${this.shown}</p><button id="count" phx-click=${this.count}>count</button>
      <button id="dispatch" phx-click=${JS.dispatch("submit", { to: "#f" })}>dispatch</button>
      <button id="hide" phx-click=${JS.hide({ to: "#f" })}>hide</button>
      <button id="show" phx-click=${JS.show({ to: "#f" })}>show</button>
      <button id="toggle" phx-click=${JS.toggle({ to: "#f" })}>toggle</button>
      <button id="focus" phx-click=${JS.focus({ to: "#f" })}>focus</button>
      <button id="focus-first" phx-click=${JS.focusFirst({ to: "#f" })}>focus first</button>
      <button id="push-focus" phx-click=${JS.pushFocus({ to: "#f" }).popFocus()}>push focus</button>
      <button id="class" phx-click=${JS.addClass("on", { to: "#f" }).toggleAttribute("hidden", "", { to: "#f" })}>class</button>`;
  }
}

const app = createApp({ secret: "x".repeat(32) }).live("/", Commands);

const open = async () => {
  told = [];
  const page = await live(app, "/");
  const form = () => page.window.document.querySelector("form") as unknown as HTMLFormElement;
  return { page, form, click: (id: string) => page.element(`#${id}`).click() };
};

test("a dispatched event arrives at the form and around it", async () => {
  const { page, form, click } = await open();
  const heard: string[] = [];
  form().addEventListener("submit", () => heard.push("form"));
  page.window.document.addEventListener("submit", () => heard.push("document"));
  await click("dispatch");
  expect(heard).toEqual(["form", "document"]);
  expect(told).toEqual(["Ann"]);
});

test("a form is hidden, shown and toggled, and hears of it", async () => {
  const { form, click } = await open();
  const heard: string[] = [];
  for (const name of ["hide-start", "hide-end", "show-start", "show-end"])
    form().addEventListener(`phx:${name}`, () => heard.push(name));
  await click("hide");
  expect(form().style.display).toBe("none");
  await click("show");
  await click("toggle");
  await click("toggle");
  expect(form().style.display).toBe("block");
  expect(heard).toEqual(["hide", "show", "hide", "show"].flatMap((name) => [`${name}-start`, `${name}-end`]));
});

test("a form takes the focus, and classes and attributes are set", async () => {
  const { page, form, click } = await open();
  await click("focus");
  expect(page.window.document.activeElement?.id).toBe("f");
  await click("focus-first");
  await click("push-focus");
  expect(page.window.document.activeElement?.id).toBe("f");
  await click("class");
  expect(form().className).toBe("on");
  expect(form().hasAttribute("hidden")).toBe(true);
});

test("all methods of forms and selects run through the prototype, so that no field can be in the way", async () => {
  const { page, form } = await open();
  const proto = page.window.HTMLFormElement.prototype as unknown as HTMLFormElement;
  const heard: string[] = [];
  form().addEventListener("reset", () => heard.push("reset"));
  proto.reset.call(form());
  proto.requestSubmit.call(form());
  await page.settled();
  expect([heard, told]).toEqual([["reset"], ["Ann"]]);

  const select = page.window.document.createElement("select");
  select.addEventListener("change", () => heard.push("change"));
  const { dispatchEvent } = page.window.HTMLSelectElement.prototype;
  dispatchEvent.call(select, new page.window.Event("change"));
  expect(heard).toEqual(["reset", "change"]);
});
