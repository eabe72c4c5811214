/** Views in views and live components: drivers and targets for the parts of a page. */
import { html, LiveComponent, LiveView } from "@overwire/server";
import { beforeEach, describe, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";

const soon = { timeout: 0 };

class Leaf extends LiveView {
  override mount() {
    this.pushEvent("leaf", {});
  }
  render() {
    return html`<i>leaf</i>`;
  }
}

class Clock extends LiveView {
  ticks = 0;
  override mount() {
    this.pushEvent("clock", {});
  }
  tick = this.event(() => {
    this.ticks++;
    return { ticks: this.ticks };
  });
  fail = this.event(() => {
    throw new Error("stopped");
  });
  later = this.event(() => {
    this.send("tick");
  });
  override async handleInfo() {
    await new Promise((resolve) => setImmediate(resolve));
    this.ticks = 50;
  }
  save = this.event((payload) => ({ saved: payload.name }));
  render() {
    return html`<b>${this.ticks}</b><button phx-click=${this.tick}>tick</button><button phx-click=${this.fail}>fail</button>
      <button phx-click=${this.later}>later</button>
      <form phx-submit=${this.save}><input name="name"></form>`;
  }
}

/** Has a view in it. */
class Deep extends Clock {
  override render() {
    return html`${super.render()}<${Leaf} id="leaf" />`;
  }
}

class Box extends LiveComponent {
  count = 0;
  override mount() {
    this.pushEvent("box", { count: 0 });
  }
  add = this.event(({ by }) => {
    this.count += Number(by ?? 1);
    this.pushEvent("box", { count: this.count });
    return { box: this.id };
  });
  render() {
    return html`<section class="box"><em>${this.count}</em><button phx-click=${this.add}>add</button></section>`;
  }
}

class Page extends LiveView {
  count = 0;
  clocks = true;
  override mount() {
    this.pushEvent("page", {});
  }
  add = this.event(({ by }) => {
    this.count -= Number(by ?? 1);
  });
  hide = this.event(() => {
    this.clocks = false;
  });
  render() {
    return html`<h1>${this.count}</h1>
      <div id="boxes"><div id="one"><${Box} id="box-1" /></div><div id="two"><${Box} id="box-2" /></div></div>
      ${this.clocks && html`<${Deep} id="second" class="clock" /><${Clock} id="first" />`}
      <button id="hide" phx-click=${this.hide}>hide</button>`;
  }
}

let view: LiveDriver<Page>;
beforeEach(async () => {
  view = await live(Page);
});

describe("nested views", () => {
  test("have drivers of their own, in the page's order", async () => {
    expect(view.children().map(({ container }) => container.id)).toEqual(["second", "first"]);
    expect(
      view
        .child("second")
        .children()
        .map(({ container }) => container.id),
    ).toEqual(["leaf"]);
    expect(view.child("second").child("leaf").html()).toBe("<i>leaf</i>");
    expect(() => view.child("leaf")).toThrow('Page has no nested view "leaf". It has: "second", "first"');
  });

  test("are acted on within their drivers, which look at nothing else", async () => {
    const clock = view.child<Clock>("first");
    expect(clock.instance).toBeInstanceOf(Clock);
    expect(await clock.element("button", "tick").click()).toContain("<b>1</b>");
    expect(clock.instance.ticks).toBe(1);
    expect(clock.text("b")).toBe("1");
    expect(view.child<Clock>("second").text("b")).toBe("0");
    expect(clock.hasElement("h1")).toBe(false);
    expect(view.html()).toContain("<b>1</b>");
    await clock.form("form", { name: "Ann" }).submit();
    expect(await clock.assertReply()).toEqual({ ticks: 1 });
    expect(await clock.assertReply()).toEqual({ saved: "Ann" });
    await expect(view.assertReply(undefined, soon)).rejects.toThrow("it did not");
  });

  test("each push events, also while they mount", async () => {
    await view.assertPushEvent("page");
    await view.child("first").assertPushEvent("clock");
    await view.child("second").assertPushEvent("clock");
    await view.child("second").child("leaf").assertPushEvent("leaf");
    await view.refutePushEvent("clock");
  });

  test("are waited for", async () => {
    const clock = view.child<Clock>("first");
    await clock.element("button", "later").click();
    expect(await view.settled()).toContain("<b>50</b>");
  });

  test("that crash fail the action with what they threw, and are mounted again", async () => {
    const clock = view.child<Clock>("first");
    await clock.element("button", "tick").click();
    await expect(clock.element("button", "fail").click()).rejects.toThrow(
      'Clock crashed in fail, at click on "button" with text "fail": stopped',
    );
    await view.settled();
    expect(clock.text("b")).toBe("0");
  });

  test("that are taken away have no driver any more", async () => {
    const clock = view.child("first");
    await view.element("#hide").click();
    expect(view.children()).toEqual([]);
    expect(() => clock.html()).toThrow('The nested view "first" is not in the page any more.');
  });
});

describe("live components", () => {
  test("get events by a selector, and so does the view", async () => {
    expect(await view.target("#one .box").event("add")).toContain("<em>1</em>");
    await view.target("#two em").event("add", { by: 2 });
    await view.target("#boxes").event("add", { by: 1 });
    expect([view.text("#one em"), view.text("#two em"), view.text("h1")]).toEqual(["1", "2", "-1"]);
    await view.event("add", { by: 4 });
    expect(view.instance.count).toBe(-5);
  });

  test("push events, one each time", async () => {
    await view.assertPushEvent("box", { count: 0 });
    await view.assertPushEvent("box", { count: 0 });
    await view.refutePushEvent("box");
    await view.element("#one button").click();
    await view.assertPushEvent("box", { count: 1 });
    await view.refutePushEvent("box");
  });

  test("several at once", async () => {
    await view.target(".box").event("add", { by: 3 });
    expect([view.text("#one em"), view.text("#two em")]).toEqual(["3", "3"]);
    await view.assertReply({ box: "box-1" });
    await view.assertReply({ box: "box-2" });
  });

  test("a target that is not there", async () => {
    await expect(view.target("#none").event("add")).rejects.toThrow(
      'expected target "#none" to be in the view, but got none within:',
    );
  });

  test("their own bindings are theirs", async () => {
    await view.element("#two button").click();
    expect([view.text("#one em"), view.text("#two em"), view.text("h1")]).toEqual(["0", "1", "0"]);
  });
});
