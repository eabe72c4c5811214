/**
 * The user's input survives when a view is mounted anew: the real client and server, with the connection cut
 * in between.
 */
import { createApp, type EventHandle, html, JS, LiveComponent, LiveView } from "@overwire/server";
import { live } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

type Field = HTMLInputElement & HTMLSelectElement;
type Payload = { readonly [name: string]: unknown };
interface Page {
  readonly window: { readonly document: unknown };
}

const documentOf = ({ window }: Page) => window.document as Document;
const field = (page: Page, name: string, at = 0) =>
  documentOf(page).querySelectorAll(`[name="${name}"]`)[at] as Field;
const query = (page: Page, selector: string) => documentOf(page).querySelector(selector) as HTMLElement;

/** One of each kind, with what the server begins with. */
const fields = (got: Payload) => html`
  <input name="untouched" value="foo">
  <input name="text" value=${(got.text as string) ?? "bar"}>
  <textarea name="area">${(got.area as string) ?? "bar"}</textarea>
  <select name="one"><option>x</option><option selected=${got.one === "y"}>y</option></select>
  <select name="many[]" multiple>
    ${["p", "q", "r"].map((name) => html`<option selected=${(got.many as string[])?.includes(name)}>${name}</option>`)}
  </select>
  <input type="checkbox" name="check" checked=${got.check === "on"}>
  <input type="radio" name="radio" value="left" checked=${got.radio === "left"}>
  <input type="radio" name="radio" value="right" checked=${got.radio === "right"}>`;

/** Uses the fields as the user does, and leaves the focus in the text. */
function fill(page: Page) {
  const use = (el: Field, change: (el: Field) => void) => {
    change(el);
    el.dispatchEvent(
      new (el.ownerDocument.defaultView as Window & typeof globalThis).Event("input", { bubbles: true }),
    );
  };
  const set = (value: string) => (el: Field) => {
    el.value = value;
  };
  use(field(page, "area"), set("two\nlines"));
  use(field(page, "one"), set("y"));
  use(field(page, "many[]"), (el) => {
    for (const at of [0, 2]) (el.options[at] as HTMLOptionElement).selected = true;
  });
  use(field(page, "check"), (el) => {
    el.checked = true;
  });
  use(field(page, "radio", 1), (el) => {
    el.checked = true;
  });
  field(page, "text").focus();
  use(field(page, "text"), set("hello world"));
}

const read = (page: Page) => ({
  text: field(page, "text").value,
  area: field(page, "area").value,
  one: field(page, "one").value,
  many: [...field(page, "many[]").selectedOptions].map(({ value }) => value),
  check: field(page, "check").checked,
  radio: [field(page, "radio").checked, field(page, "radio", 1).checked],
});

const filled = {
  text: "hello world",
  area: "two\nlines",
  one: "y",
  many: ["p", "r"],
  check: true,
  radio: [false, true],
};

/** Input that each mount has got, in order. */
let got: Payload[] = [];

class Plain extends LiveView {
  values: Payload = {};
  validate = this.event((payload) => {
    this.values = payload as Payload;
    got.push(payload as Payload);
  });
  fail = this.event(() => {
    throw new Error("boom");
  });
  override mount() {
    got = [];
  }
  render() {
    return html`
      <form id="f" phx-change=${this.validate}>${fields(this.values)}</form>
      <button phx-click=${this.fail}>fail</button>`;
  }
}

class Box extends LiveComponent {
  values: Payload = {};
  validate = this.event((payload) => {
    this.values = payload as Payload;
    got.push(payload as Payload);
  });
  render() {
    return html`<section><form id="f" phx-change=${this.validate}>${fields(this.values)}</form></section>`;
  }
}

class Filler extends LiveComponent {
  render() {
    return html`<i>filler</i>`;
  }
}

/** Its components have other numbers once it is mounted anew. */
class WithBox extends LiveView {
  fillers = 0;
  boxes = 1;
  more = this.event(() => {
    this.fillers++;
  });
  override mount() {
    got = [];
  }
  render() {
    const before = mounts++ % 2;
    return html`${before ? html`<${Filler} id="filler" />` : ""}<${Box} id="box" />`;
  }
}
let mounts = 0;

/** The target is an attribute of its own. */
class Named extends LiveComponent {
  values: Payload = {};
  override handleEvent(name: string, payload: unknown) {
    this.values = payload as Payload;
    got.push({ [name]: payload });
  }
  render() {
    return html`<section><form id="f" phx-change="validate" phx-target=${this.target}>${fields(this.values)}</form></section>`;
  }
}

let restarts = 0;
class WithNamed extends LiveView {
  shift = restarts++;
  render() {
    return html`${this.shift % 2 ? html`<${Filler} id="filler" />` : ""}<${Named} id="named" />`;
  }
}

class Outer extends LiveView {
  fail = this.event(() => {
    throw new Error("boom");
  });
  render() {
    return html`<h1>outer</h1><${Plain} id="inner" /><button id="outer-fail" phx-click=${this.fail}>x</button>`;
  }
}

class InPortal extends Plain {
  override render() {
    return html`<div id="modal" data-ow-portal="body"><form id="f" phx-change=${this.validate}>${fields(this.values)}</form></div>`;
  }
}

/** Cuts the line and brings it back. @returns all that a field showed meanwhile */
async function reconnect(page: Awaited<ReturnType<typeof live>>) {
  const shown = new Set<string>();
  const el = field(page, "text");
  const note = () => shown.add(field(page, "text")?.value);
  const observer = new (documentOf(page).defaultView as Window & typeof globalThis).MutationObserver(note);
  observer.observe(documentOf(page), {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  await page.disconnect({ resume: false });
  note();
  await page.reconnect();
  note();
  observer.disconnect();
  return { shown: [...shown], same: el === field(page, "text") };
}

describe("all that a form held is restored", () => {
  for (const [name, View] of [
    ["in a view", Plain],
    ["in a live component whose number changes", WithBox],
    ["in a live component that phx-target names, whose number changes", WithNamed],
    ["in a nested view", Outer],
    ["in a portal", InPortal],
  ] as const) {
    test(name, async () => {
      const page = await live(View as typeof Plain);
      fill(page);
      await page.settled();
      expect(read(page)).toEqual(filled);
      const { shown, same } = await reconnect(page);
      expect(read(page)).toEqual(filled);
      // It never shows what the server begins with, and is the same element throughout.
      expect(shown).toEqual(["hello world"]);
      expect(same).toBe(true);
      expect(documentOf(page).activeElement).toBe(field(page, "text"));
      await page.close();
    });
  }

  test("and sent as one change, with untouched fields marked as such", async () => {
    const page = await live(Plain);
    fill(page);
    await page.settled();
    await reconnect(page);
    expect(got).toEqual([
      {
        _target: ["untouched"],
        untouched: "foo",
        text: "hello world",
        area: "two\nlines",
        one: "y",
        many: ["p", "r"],
        check: "on",
        radio: "right",
      },
    ]);
    await page.close();
  });

  test("also after a crash, also that of the view around it", async () => {
    const page = await live(Plain);
    fill(page);
    await page.settled();
    await expect(page.element("button").click()).rejects.toThrow("boom");
    await page.settled();
    expect(read(page)).toEqual(filled);
    await page.close();

    const outer = await live(Outer);
    fill(outer);
    await outer.settled();
    await expect(outer.element("#outer-fail").click()).rejects.toThrow("boom");
    await outer.settled();
    expect(read(outer)).toEqual(filled);
    await outer.close();
  });

  test("also what was typed and never told", async () => {
    const page = await live(Plain);
    await page.element("#f").change({ text: "told" });
    field(page, "area").value = "never told";
    await reconnect(page);
    expect([field(page, "text").value, field(page, "area").value]).toEqual(["told", "never told"]);
    await page.close();
  });

  test("and typing goes on: the form is locked no more, and shows what the server makes of it", async () => {
    class Shouting extends LiveView {
      name = "";
      change = this.event((payload) => {
        this.name = String(payload.name).toUpperCase();
      });
      render() {
        return html`<form id="f" phx-change=${this.change}><input name="name" value=${this.name}><b>${this.name}</b></form>`;
      }
    }
    const page = await live(Shouting);
    await page.element("#f").change({ name: "ann" });
    await page.disconnect({ resume: false });
    await page.reconnect();
    expect(page.text("b")).toBe("ANN");
    await page.element("#f").change({ name: "bob" });
    expect(page.text("b")).toBe("BOB");
    expect(query(page, "#f").className).toBe("");
    await page.close();
  });
});

describe("rows of a form of the view's", () => {
  class Rows extends LiveView {
    people = this.form(z.object({ people: z.array(z.object({ name: z.string().min(2) })) }), {
      values: { people: [{ name: "Ann" }] },
    });
    render() {
      const { fields, change } = this.people;
      return html`<form id="f" phx-change=${change}>
        <input ...${fields.people.attributes}>
        ${fields.people.map((row, { removeEvent }) => html`<p class="row"><input ...${row.name.attributes}><button type="button" phx-click=${removeEvent}>-</button></p>`)}
        <button type="button" id="add" phx-click=${fields.people.addEvent}>+</button>
      </form>`;
    }
  }

  test("are all there again, once", async () => {
    const page = await live(Rows);
    await page.element("#add").click();
    await page.form("#f", { "people[1][name]": "Bob" }).change();
    await page.disconnect({ resume: false });
    await page.reconnect();
    const names = () => [...documentOf(page).querySelectorAll(".row input")].map((el) => (el as Field).value);
    expect(names()).toEqual(["Ann", "Bob"]);
    await page.element(".row:first-of-type button").click();
    expect(names()).toEqual(["Bob"]);
    await page.close();
  });
});

/** A page with one form, and what it tells the server. */
async function one(form: (events: { change: EventHandle; custom: EventHandle }, text: string) => unknown) {
  const told: [event: string, payload: Payload][] = [];
  class One extends LiveView {
    text = "bar";
    change = this.event((payload) => {
      told.push(["change", payload as Payload]);
      this.text = String(payload.text);
    });
    custom = this.event((payload) => {
      told.push(["custom", payload as Payload]);
      this.text = `custom ${payload.text}`;
    });
    elsewhere = this.event(() => this.pushPatch("/other"));
    render() {
      return html`${form(this as never, this.text) as never}`;
    }
  }
  const app = createApp({ secret: "x".repeat(32) });
  app.live("/", One);
  app.live("/other", One);
  app.live("/:any", One);
  const page = await live(app, "/");
  const again = async (type = true) => {
    if (type) {
      const el = field(page, "text");
      el.value = "typed";
      el.dispatchEvent(
        new (documentOf(page).defaultView as Window & typeof globalThis).Event("input", { bubbles: true }),
      );
      await page.settled();
    }
    told.length = 0;
    await page.disconnect({ resume: false });
    await page.reconnect();
    return told;
  };
  return { page, again, value: () => field(page, "text").value };
}

describe("messages to the server", () => {
  test("commands that a change is bound to run", async () => {
    const { again, value } = await one(
      ({ change }, text) =>
        html`<form id="f" phx-change=${JS.push(change).addClass("changed")}><input name="text" value=${text}></form>`,
    );
    expect((await again()).map(([event]) => event)).toEqual(["change"]);
    expect(value()).toBe("typed");
  });

  test("an event of its own, whose answer is shown", async () => {
    const { again, value } = await one(
      ({ change, custom }, text) =>
        html`<form id="f" phx-change=${change} phx-auto-recover=${custom}><input name="text" value=${text}></form>`,
    );
    expect(await again()).toEqual([["custom", { _target: ["text"], text: "typed" }]]);
    expect(value()).toBe("custom typed");
  });

  test("an event that leads to another URL", async () => {
    const { page, again } = await one(
      ({ change }, text) =>
        html`<form id="f" phx-change=${change} phx-auto-recover="elsewhere"><input name="text" value=${text}></form>`,
    );
    await again();
    await page.settled();
    expect(page.url()).toBe("/other");
  });

  test("commands that tell the server nothing leave the form to the server again", async () => {
    const { page, again, value } = await one(
      ({ change }, text) =>
        html`<form id="f" phx-change=${change} phx-auto-recover=${JS.addClass("back", { to: "body" })}><input name="text" value=${text}></form>`,
    );
    expect(await again()).toEqual([]);
    expect(documentOf(page).body.className).toBe("back");
    await page.event("change", { text: "by the server" });
    expect(value()).toBe("by the server");
  });

  test("not what a disabled fieldset holds", async () => {
    const { again } = await one(
      ({ change }, text) =>
        html`<form id="f" phx-change=${change}><input name="text" value=${text}><fieldset disabled><input name="off" value="x"></fieldset></form>`,
    );
    expect(await again()).toEqual([["change", { _target: ["text"], text: "typed" }]]);
  });

  test("values of the form's go along", async () => {
    const { again } = await one(
      ({ change }, text) =>
        html`<form id="f" phx-change=${change} phx-value-kind="a"><input name="text" value=${text}></form>`,
    );
    expect(await again()).toEqual([["change", { _target: ["text"], text: "typed", kind: "a" }]]);
  });
});

describe("nothing is told, and the server's value is shown", () => {
  const reset = async (form: Parameters<typeof one>[0], type = true) => {
    const { page, again, value } = await one(form);
    if (!type) field(page, "text").value = "typed";
    expect(await again(type)).toEqual([]);
    const shown = field(page, "text") && value();
    await page.close();
    return shown;
  };

  test("of a form without an id", async () => {
    expect(
      await reset(
        ({ change }, text) => html`<form phx-change=${change}><input name="text" value=${text}></form>`,
      ),
    ).toBe("bar");
  });

  test("of a form that asks for it", async () => {
    expect(
      await reset(
        ({ change }, text) =>
          html`<form id="f" phx-change=${change} phx-auto-recover="ignore"><input name="text" value=${text}></form>`,
      ),
    ).toBe("bar");
  });

  test("of a form without a change event; input that the server was not told of stays", async () => {
    expect(await reset((_, text) => html`<form id="f"><input name="text" value=${text}></form>`, false)).toBe(
      "typed",
    );
  });

  test("of a form without fields", async () => {
    await reset(
      ({ change }, text) => html`<form id="f" phx-change=${change}></form><input name="text" value=${text}>`,
      false,
    );
  });
});

test("nothing is recovered when a page is joined for the first time", async () => {
  const page = await live(Plain);
  expect(got).toEqual([]);
  await reconnect(page);
  expect(got).toHaveLength(1);
  await page.close();
});

test("a form that is not there any more is forgotten", async () => {
  let empty = false;
  class Gone extends LiveView {
    change = this.event(() => {});
    render() {
      return empty ? html`` : html`<form id="f" phx-change=${this.change}><input name="text"></form>`;
    }
  }
  const page = await live(Gone);
  await page.element("#f").change({ text: "typed" });
  empty = true;
  await page.disconnect({ resume: false });
  expect(await page.reconnect()).toBe("");
  await page.close();
});
