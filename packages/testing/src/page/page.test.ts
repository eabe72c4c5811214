/**
 * Stability of a page through patches, and its display of pending work. In a page of happy-dom; the gallery
 * does it in Chromium.
 */
import { each, html, LiveView, raw } from "@overwire/server";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { live } from "../index.ts";

const fields = z.record(z.string(), z.unknown());

class Page extends LiveView {
  count = 0;
  name = "Ann";
  about = "one";
  checked = false;
  choice = "a";
  choices = ["a", "b"];
  held: (() => void) | undefined;
  bump = this.event(() => {
    this.count++;
  });
  rename = this.event(z.object({ name: z.string() }), ({ name }) => {
    this.name = name;
  });
  hold = this.event(async () => {
    await new Promise<void>((resolve) => {
      this.held = resolve;
    });
  });
  save = this.event(fields, () => {});
  set = this.event(fields, (values) => {
    Object.assign(this, values);
  });
  render() {
    return html`
      <main class=${`n${this.count}`}>
        <button id="bump" phx-click=${this.bump}>${this.count}</button>
        <button id="rename" phx-click=${this.rename({ name: "Bob" })}>rename</button>
        <button id="set" phx-click=${this.set}>set</button>
        <button id="hold" phx-click=${this.hold} class="wide">hold</button>
        <form id="form" phx-submit=${this.save} phx-change=${this.save}>
          <input name="name" value=${this.name} class=${`c${this.count}`}>
          <input name="free" class=${`c${this.count}`}>
          <textarea name="about" class=${`c${this.count}`}>${this.about}</textarea>
          <input type="checkbox" name="checked" checked=${this.checked} class=${`c${this.count}`}>
          <select name="choice" class=${`c${this.count}`}>${this.choices.map((each) => html`<option value=${each} selected=${each === this.choice}>${each}</option>`)}</select>
          <button>Save</button>
        </form>
        <div id="ignored" phx-update="ignore" data-n=${this.count} class=${`c${this.count}`}><p>${this.count}</p></div>
        ${this.count > 1 ? html`<svg viewBox="0 0 9 9"><circle r=${this.count} /></svg>` : null}
      </main>`;
  }
}

const open = async () => {
  const view = await live(Page);
  const $ = <E extends Element = HTMLInputElement>(selector: string) =>
    view.container.querySelector(selector) as unknown as E;
  return { view, $, bump: () => view.element("#bump").click() };
};

describe("a field", () => {
  test("that has the focus keeps the user's text, and the focus", async () => {
    const { view, $, bump } = await open();
    $("[name=name]").focus();
    $("[name=name]").value = "typing";
    await view.element("#rename").click();
    await bump();
    expect($("[name=name]").value).toBe("typing");
    expect($("[name=name]").className).toBe("c1");
    expect(view.window.document.activeElement).toBe($("[name=name]"));
  });

  test("that was changed and left keeps it until the server sets another value", async () => {
    const { view, $, bump } = await open();
    $("[name=name]").value = "typed";
    $("[name=free]").value = "free";
    $<HTMLTextAreaElement>("[name=about]").value = "long";
    $("[name=checked]").checked = true;
    $<HTMLSelectElement>("[name=choice]").value = "b";
    const held = () => [
      $("[name=name]").value,
      $("[name=free]").value,
      $<HTMLTextAreaElement>("[name=about]").value,
      $("[name=checked]").checked,
      $<HTMLSelectElement>("[name=choice]").value,
    ];
    await bump();
    expect(held()).toEqual(["typed", "free", "long", true, "b"]);
    await view.element("#set").click({ name: "Eve", about: "two", checked: true });
    expect(held()).toEqual(["Eve", "free", "two", true, "b"]);
    await view.element("#set").click({ checked: false, choice: "b" });
    await view.element("#set").click({ choice: "a" });
    expect(held()).toEqual(["Eve", "free", "two", false, "a"]);
  });

  test("shows what the server renders after the answer to a submit, but for what was changed meanwhile", async () => {
    const { view, $ } = await open();
    await view
      .form("#form", { name: "Bob", free: "sent", about: "sent", checked: true, choice: "b" })
      .submit();
    expect([$("[name=name]").value, $("[name=free]").value, $("[name=about]").value]).toEqual([
      "Ann",
      "",
      "one",
    ]);
    expect([$("[name=checked]").checked, $<HTMLSelectElement>("[name=choice]").value]).toEqual([false, "a"]);
  });

  test("that has the focus shows what the server renders after a submit, however often it was refused", async () => {
    class Draft extends LiveView {
      draft = "";
      save = this.event(z.object({ text: z.string() }), ({ text }) => {
        this.draft = text === "bad" ? text : "";
      });
      render() {
        return html`<form phx-submit=${this.save}><input name="text" value=${this.draft}></form>`;
      }
    }
    const view = await live(Draft);
    const field = view.container.querySelector("input") as HTMLInputElement;
    field.focus();
    const submit = async (text: string) => {
      await view.form("form", { text }).submit();
      return field.value;
    };
    expect(await submit("bad")).toBe("bad");
    expect(await submit("good")).toBe("");
    expect(await submit("bad")).toBe("bad");
  });

  test("in composition is left alone", async () => {
    const { view, $, bump } = await open();
    const field = $("[name=name]");
    field.focus();
    field.dispatchEvent(new view.window.Event("compositionstart", { bubbles: true }) as unknown as Event);
    field.value = "にほ";
    await view.element("#rename").click();
    await bump();
    expect(field.value).toBe("にほ");
    expect($("[name=name]")).toBe(field);
  });

  test("keeps its choice when its options change", async () => {
    const { view, $ } = await open();
    $("[name=choice]").focus();
    $<HTMLSelectElement>("[name=choice]").value = "b";
    await view.element("#set").click({ choices: ["x", "a", "b", "c"] });
    expect($<HTMLSelectElement>("[name=choice]").value).toBe("b");
    expect($("[name=choice]").querySelectorAll("option")).toHaveLength(4);
  });
});

describe("a patch", () => {
  test("leaves what is ignored alone, but for data attributes", async () => {
    const { $, bump } = await open();
    $("#ignored p").textContent = "mine";
    await bump();
    expect($("#ignored").outerHTML).toBe(
      '<div id="ignored" phx-update="ignore" data-n="1" class="c0"><p>mine</p></div>',
    );
  });

  test("leaves the content of what is ignored alone, whatever it is and whenever it came", async () => {
    class Ignoring extends LiveView {
      n = 0;
      bump = this.event(() => {
        this.n++;
      });
      render() {
        const { n } = this;
        return html`
          <button phx-click=${this.bump}>${n}</button>
          <p id="text" phx-update="ignore" data-n=${n}>${n}</p>
          ${n ? html`<div id="late" phx-update="ignore"><b>${n}</b><ul>${each(Array(n).keys(), String, (i) => html`<li>${i}</li>`)}</ul></div>` : null}`;
      }
    }
    const view = await live(Ignoring);
    for (let click = 0; click < 3; click++) await view.element("button").click();
    expect(view.element("#text").html()).toBe('<p id="text" phx-update="ignore" data-n="3">0</p>');
    expect(view.element("#late").html()).toBe(
      '<div id="late" phx-update="ignore"><b>1</b><ul><li>0</li></ul></div>',
    );
  });

  test("chooses in a select what the server does, again and again", async () => {
    class Choosing extends LiveView {
      chosen = 0;
      next = this.event(() => {
        this.chosen++;
      });
      save = this.event(() => {});
      render() {
        return html`<button phx-click=${this.next}>next</button>
          <select>${[0, 1, 2].map((n) => html`<option value=${n} selected=${n === this.chosen}>${n}</option>`)}</select>`;
      }
    }
    const view = await live(Choosing);
    const chosen = async () => {
      await view.element("button").click();
      return (view.container.querySelector("select") as HTMLSelectElement).value;
    };
    expect([await chosen(), await chosen(), await chosen()]).toEqual(["1", "2", "0"]);
  });

  test("makes elements of SVG as such", async () => {
    const { $, bump } = await open();
    await bump();
    await bump();
    expect($("circle").namespaceURI).toBe("http://www.w3.org/2000/svg");
    await bump();
    expect($("svg").outerHTML).toBe('<svg viewBox="0 0 9 9"><circle r="3"></circle></svg>');
  });

  test("keeps the classes of what is under way, and takes them when it is answered", async () => {
    const { view, $ } = await open();
    const classes = () => [$("main").className, $("#hold").className];
    $<HTMLElement>("#hold").click();
    expect(classes()).toEqual(["n0", "wide phx-click-loading"]);
    await vi.waitFor(() => expect(view.instance.held).toBeDefined());
    view.instance.count++;
    view.instance.flush();
    await vi.waitFor(() => expect(classes()).toEqual(["n1", "wide phx-click-loading"]));
    view.instance.held?.();
    await view.settled();
    expect(classes()).toEqual(["n1", "wide"]);
  });
});

describe("the page", () => {
  test("hears the events that the view pushes, and takes its title", async () => {
    class Titled extends LiveView {
      override pageTitle = "One";
      go = this.event(() => {
        this.pageTitle = "<Two>";
        this.pushEvent("went", { to: 2 });
      });
      render() {
        return html`<button phx-click=${this.go}>go</button>${raw("<i>raw</i>")}`;
      }
    }
    const view = await live(Titled);
    const heard: unknown[] = [];
    view.window.addEventListener("phx:went", (event) => heard.push((event as unknown as CustomEvent).detail));
    expect(view.title()).toBe("One");
    await view.element("button").click();
    expect(view.title()).toBe("<Two>");
    expect(heard).toEqual([{ to: 2 }]);
  });

  test("sends what the user did without a connection, once the view goes on", async () => {
    const { view, $ } = await open();
    await view.disconnect();
    $<HTMLElement>("#bump").click();
    await view.reconnect();
    expect($("#bump").textContent).toBe("1");
  });
});
