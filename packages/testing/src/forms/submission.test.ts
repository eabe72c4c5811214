/** Actions that a user could not do, or that a browser would not do, are refused with the reason. */
import { html, type JSCommands, LiveView, raw, type Template } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { live } from "../index.ts";

/** A view that counts the submits of the form in it. */
async function open(render: (view: { save: unknown; count: number }) => Template) {
  class Page extends LiveView {
    count = 0;
    payload: unknown;
    save = this.event((payload: object) => {
      this.count++;
      this.payload = payload;
    });
    override render() {
      return html`<p>${this.count}</p>${render(this)}`;
    }
  }
  return live(Page);
}

describe("a submit", () => {
  test("of an invalid form names the field and the reason", async () => {
    const view = await open(
      ({ save }) =>
        html`<form phx-submit=${save}><input name="name" required><button name="go">Go</button></form>`,
    );
    await expect(view.form("form").submit()).rejects.toThrow(/"name": it is required/);
    await expect(view.element("button").click()).rejects.toThrow(/"name": it is required/);
    await view.form("form", { name: "Ann" }).submit("button");
    expect(view.instance.payload).toEqual({ name: "Ann", go: "" });
  });

  test("is not held back by happy-dom's own rules", async () => {
    const view = await open(
      ({ save }) => html`<form phx-submit=${save}>
        <input name="big" type="number" value="1e3">
        <input name="level" type="range" min="0" max="10" step="3" value="9">
        <fieldset disabled><input name="off" required></fieldset>
        <input name="long" maxlength="2" value="abc">
        <button name="go">Go</button></form>`,
    );
    await view.form("form").submit("button");
    expect(view.instance.count).toBe(1);
  });

  test("passes if the form, or its button, says that nothing is checked", async () => {
    const view = await open(
      ({ save }) => html`<form phx-submit=${save}><input name="name" required>
        <button id="strict">Go</button><button id="free" formnovalidate>Go</button></form>`,
    );
    await expect(view.element("#strict").click()).rejects.toThrow("required");
    await view.element("#free").click();
    expect(view.instance.count).toBe(1);
  });

  test.each([
    ["two text fields and no button", `<input name="a"><input name="b">`, false],
    ["one text field and no button", `<input name="a"><input type="checkbox" name="b">`, true],
    ["a button elsewhere", `<input name="a"><input name="b"></form><button form="f">Go</button><form>`, true],
    ["an image", `<input name="a"><input name="b"><input type="image" name="go">`, true],
    ["a disabled button", `<input name="a"><button disabled>Go</button>`, false],
    ["a textarea that a hook submits, and no button", `<textarea name="a"></textarea>`, true],
  ])("by Enter of a form with %s", async (_, fields, possible) => {
    const view = await open(({ save }) => html`<form id="f" phx-submit=${save}>${raw(fields)}</form>`);
    const submitted = view.form("#f").submit();
    if (possible) await submitted;
    else await expect(submitted).rejects.toThrow("cannot submit");
    expect(view.instance.count).toBe(possible ? 1 : 0);
  });
});

describe("a form's buttons and fields", () => {
  const openRaw = (fields: string) =>
    open(({ save }) => html`<form id="f" phx-submit=${save}>${raw(fields)}</form>`);

  test("include an image, which is clicked at a place", async () => {
    const view = await openRaw(`<input type="image" id="go" name="at" alt="go">`);
    await view.element("#go").click();
    expect(view.instance.payload).toEqual({ "at.x": "0", "at.y": "0" });
  });

  test("are not those inside that name another form", async () => {
    const view = await openRaw(`<input name="a" value="1"><input name="b" value="2" form="other" required>`);
    await view.form("#f").submit();
    expect(view.instance.payload).toEqual({ a: "1" });
  });

  test("can be in the first legend of a disabled fieldset, not in another", async () => {
    const view = await openRaw(`<fieldset disabled><legend><button name="first">1</button></legend>
      <legend><button name="second">2</button></legend></fieldset>`);
    await view.form("#f").submit("[name=first]");
    expect(view.instance.payload).toEqual({ first: "" });
    await expect(view.form("#f").submit("[name=second]")).rejects.toThrow("non-disabled");
  });

  test("keep what the server puts in out of bounds, so that it is refused", async () => {
    const view = await openRaw(`<input name="a" type="month" min="2026-03" value="2026-02">`);
    await expect(view.form("#f").submit()).rejects.toThrow(`"a": "2026-02" is below its min of 2026-03`);
  });
});

describe("a field", () => {
  test.each([
    ["readonly", html`<input name="a" readonly>`, "x"],
    ["full", html`<input name="a" maxlength="2">`, "abc"],
  ])("that is %s takes nothing more", async (_, field, value) => {
    const view = await open(({ save }) => html`<form phx-submit=${save}>${field}<button>Go</button></form>`);
    await expect(view.form("form", { a: value }).submit()).rejects.toThrow(/readonly|maxlength/);
  });

  test("of an option without a value is known by its text, as it is shown", async () => {
    const view = await open(
      ({ save }) => html`<form phx-submit=${save}><select name="a"><option>x</option><option>
        New   York </option></select><button>Go</button></form>`,
    );
    await view.form("form", { a: "New York" }).submit();
    expect(view.instance.payload).toEqual({ a: "New York" });
  });
});

describe("in a disabled fieldset", () => {
  const page = ({ save }: { save: unknown }) => html`<fieldset disabled>
    <legend><button type="button" id="first" phx-click=${save as JSCommands}>1</button></legend>
    <legend><button type="button" id="second" phx-click=${save as JSCommands}>2</button></legend>
    <button type="button" id="in" phx-click=${save as JSCommands}>3</button>
    <span id="span" phx-click=${save as JSCommands}>4</span></fieldset>`;

  test.each(["first", "span"])("%s can be clicked", async (id) => {
    const view = await open(page);
    await view.element(`#${id}`).click();
    expect(view.instance.count).toBe(1);
  });

  test.each(["second", "in"])("%s cannot be clicked", async (id) => {
    const view = await open(page);
    await expect(view.element(`#${id}`).click()).rejects.toThrow("disabled");
  });
});

test("an action in a nested view that sends the page elsewhere resolves", async () => {
  class Child extends LiveView {
    go = this.event(() => this.pushNavigate("/elsewhere"));
    override render() {
      return html`<button id="go" phx-click=${this.go}>Go</button>`;
    }
  }
  class Page extends LiveView {
    override render() {
      return html`<${Child} id="child" />`;
    }
  }
  const view = await live(Page);
  await view.child("child").element("#go").click();
  await view.assertRedirect("/elsewhere");
});

test("an action in a nested view that it takes away resolves, and one that crashes it rejects", async () => {
  class Child extends LiveView {
    crash = this.event(() => {
      throw new Error("stopped");
    });
    leave = this.event(() => parents.at(-1)?.hide());
    override render() {
      return html`<button id="crash" phx-click=${this.crash}>x</button><button id="leave" phx-click=${this.leave}>-</button>`;
    }
  }
  const parents: Page[] = [];
  class Page extends LiveView {
    shown = true;
    override mount() {
      parents.push(this);
    }
    hide() {
      this.send("hide");
    }
    override handleInfo() {
      this.shown = false;
    }
    override render() {
      return html`${this.shown && html`<${Child} id="child" />`}`;
    }
  }
  const view = await live(Page);
  await expect(view.child("child").element("#crash").click()).rejects.toThrow("stopped");
  await view.settled();
  await view.child("child").element("#leave").click();
  await view.settled();
  expect(view.children()).toEqual([]);
});

describe("a mistake of a hook", () => {
  class Page extends LiveView {
    shown = false;
    show = this.event(() => {
      this.shown = true;
    });
    override render() {
      return html`<button phx-click=${this.show}>Show</button>${this.shown && html`<p id="chart" phx-hook="Chart"></p>`}`;
    }
  }

  test("of an unknown name fails the action", async () => {
    const view = await live(Page, { hooks: { Other() {} } });
    await expect(view.element("button").click()).rejects.toThrow("Chart");
  });

  test("that throws fails the action, with its error", async () => {
    const error = new Error("no canvas");
    const hooks = {
      Chart() {
        throw error;
      },
    };
    const view = await live(Page, { hooks });
    await expect(view.element("button").click()).rejects.toMatchObject({ cause: error });
  });
});

describe("a mistake of a hook that is there from the start", () => {
  const fail = () => {
    throw new Error("no canvas");
  };
  const page = (markup: string) =>
    class extends LiveView {
      count = 0;
      add = this.event(() => {
        this.count++;
      });
      override render() {
        return html`<button phx-click=${this.add}>+</button><p id="own" phx-hook="Own" data-count=${this.count}></p>${raw(markup)}`;
      }
    };

  test.each([
    ["an unknown name", `<p id="x" phx-hook="Unknown"></p>`, "Unknown"],
    ["no id", `<p phx-hook="Own"></p>`, "needs an id"],
    ["an id that another element has", `<p id="own"></p>`, "Two elements have the id"],
  ])("fails the page: %s", async (_, markup, message) => {
    const onError = { mistake: "ignore" } as const;
    await expect(live(page(markup), { hooks: { Own: {} }, onError })).rejects.toThrow(message);
  });

  test.each(
    ["mounted", "beforeUpdate", "updated"].flatMap((callback) => [
      [callback, "throws", () => fail()] as const,
      [callback, "rejects", async () => fail()] as const,
    ]),
  )("fails what calls it, if %s %s", async (callback, _, run) => {
    const opened = live(page(""), { hooks: { Own: { [callback]: run } } });
    const message = `${callback} of the hook Own failed: no canvas: <p id="own"`;
    if (callback === "mounted") return expect(opened).rejects.toThrow(message);
    const view = await opened;
    return expect(view.element("button").click()).rejects.toThrow(message);
  });
});

test("an action while the line is cut is sent when the view is back", async () => {
  const view = await open(({ save }) => html`<button phx-click=${save as JSCommands}>Go</button>`);
  await view.disconnect();
  expect(await view.element("button").click()).toContain("<p>0</p>");
  expect(await view.reconnect()).toContain("<p>1</p>");
});
