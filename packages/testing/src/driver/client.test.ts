/** The real client under test: commands, hooks and portals do in the driver what they do in a browser. */
import type { Hook } from "@overwire/client";
import { html, LiveView, raw } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { live } from "../index.ts";

class Page extends LiveView {
  open = false;
  values: unknown[] = [];
  toggle = this.event(() => {
    this.open = !this.open;
  });
  log = this.event((payload) => {
    this.values.push(payload);
    this.pushEvent("logged", { n: this.values.length });
    return { n: this.values.length };
  });
  render() {
    const commands = (...list: unknown[]) => raw(JSON.stringify(list));
    return html`
      <div id="menu" style="display: none">menu</div>
      <button id="show" phx-click=${commands(["show", { to: "#menu" }])}>show</button>
      <button id="class" phx-click=${commands(["addClass", { to: "#menu", names: "wide" }], ["push", { event: "log", value: { a: 1 } }])}>class</button>
      <div id="hooked" phx-hook="Logger" data-open=${this.open}>hooked</div>
      <button id="toggle" phx-click=${this.toggle}>toggle</button>
      <p>${JSON.stringify(this.values)}</p>`;
  }
}

describe("commands", () => {
  test("without an event are performed, and the action is over", async () => {
    const view = await live(Page);
    await view.element("#show").click();
    expect((view.container.querySelector("#menu") as HTMLElement).style.display).toBe("block");
  });

  test("with one are performed, and the action waits for it", async () => {
    const view = await live(Page);
    expect(await view.element("#class").click()).toContain('[{"a":1}]');
    expect(view.element("#menu").node.className).toBe("wide");
  });
});

describe("portals", () => {
  test("are found where the page shows them, and acted on", async () => {
    class Shop extends LiveView {
      bought = 0;
      buy = this.event(() => {
        this.bought++;
      });
      render() {
        return html`<h1>shop</h1><div id="modal" data-ow-portal="body"><b>${this.bought}</b><button phx-click=${this.buy}>buy</button></div>`;
      }
    }
    const view = await live(Shop);
    expect(view.container.querySelector("button")).toBeNull();
    await view.element("button", "buy").click();
    expect(view.text("#modal b")).toBe("1");
    expect(view.hasElement("#modal")).toBe(true);
    expect(() => view.element("#none").html()).toThrow(/<h1>shop<\/h1>.*\n.*<div id="modal"/);
  });
});

describe("a change that is taken back", () => {
  test("is no failure of the action: the page shows it", async () => {
    class Likes extends LiveView {
      likes = 0;
      like = this.event(() =>
        this.optimistic(
          () => {
            this.likes++;
          },
          async () => {
            throw new Error("offline");
          },
        ),
      );
      render() {
        return html`<p>${this.likes}</p><button phx-click=${this.like}>like</button>`;
      }
    }
    const view = await live(Likes);
    expect(await view.element("button").click()).toContain("<p>0</p>");
  });
});

describe("hooks", () => {
  test("of the test are mounted, told of changes, and push events", async () => {
    const heard: unknown[] = [];
    const Logger: Hook = {
      mounted() {
        heard.push("mounted");
        this.handleEvent("logged", (payload) => heard.push(payload));
        void this.pushEvent("log", { from: "hook" }).then((reply) => heard.push(reply));
      },
      updated: () => void heard.push("updated"),
    };
    const view = await live(Page, { hooks: { Logger } });
    await view.settled();
    expect(view.text("p")).toBe('[{"from":"hook"}]');
    expect(heard[0]).toBe("mounted");
    expect(heard).toContainEqual({ n: 1 });
    await view.element("#toggle").click();
    expect(heard.at(-1)).toBe("updated");
    expect(await view.element("#hooked").hook("log", { from: "test" })).toContain('{"from":"test"}');
    await view.assertReply({ n: 2 });
  });
});
