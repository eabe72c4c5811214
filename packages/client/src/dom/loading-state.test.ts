import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test } from "vitest";
import { applyPending } from "./element-state.ts";
import { endLoading, setPrefix, setSubmitter, showLoading } from "./loading-state.ts";
import { applyStickyOps } from "./sticky-ops.ts";

const { document } = testWindow();

/** State that a patch keeps. */
const keep = (from: Element, to: Element) => {
  applyStickyOps(from, to);
  applyPending(from, to);
};

describe("phx-disable-with", () => {
  const page = (html: string) => {
    document.body.innerHTML = html;
    return (selector: string) => document.querySelector(selector) as HTMLInputElement;
  };
  const submit = (find: (selector: string) => HTMLInputElement, submitter?: string) => {
    setSubmitter(find("form"), submitter === undefined ? undefined : find(submitter));
    showLoading(find("form"), 1, "phx-submit-loading");
  };

  test("disables and renames while the answer is awaited, then all is as before", () => {
    const html = `<button type="button" phx-disable-with="Wait…"><b>Save</b> it</button>`;
    const find = page(html);
    const bold = find("b");
    showLoading(find("button"), 1, "phx-click-loading");
    expect(document.body.innerHTML).toBe(
      `<button type="button" phx-disable-with="Wait…" class="phx-click-loading" disabled="">Wait…</button>`,
    );
    endLoading(find("button"), 1);
    expect(document.body.innerHTML).toBe(html);
    expect(find("b")).toBe(bold);
  });

  test("without a text only disables", () => {
    const find = page(`<button phx-disable-with>Save</button>`);
    showLoading(find("button"), 1, "phx-click-loading");
    expect([find("button").disabled, find("button").textContent]).toEqual([true, "Save"]);
    endLoading(find("button"), 1);
    expect(find("button").disabled).toBe(false);
  });

  test("lasts until the last event has its answer", () => {
    const find = page(`<button phx-disable-with="Wait…">Save</button>`);
    showLoading(find("button"), 1, "phx-click-loading");
    showLoading(find("button"), 38, "phx-click-loading");
    endLoading(find("button"), 1);
    expect([find("button").disabled, find("button").textContent]).toEqual([true, "Wait…"]);
    endLoading(find("button"), 38);
    expect([find("button").disabled, find("button").textContent]).toEqual([false, "Save"]);
  });

  test("of the button that submits shows its text; without one, that of every button", () => {
    const html = `<form><button id="a" phx-disable-with="A…">A</button><input type="submit" id="b" value="B" phx-disable-with="B…"></form>`;
    const find = page(html);
    const texts = () => [find("#a").textContent, find("#b").value];
    submit(find, "#b");
    expect(texts()).toEqual(["A", "B…"]);
    expect([find("#a"), find("#b")].map(({ disabled, className }) => [disabled, className])).toEqual([
      [true, ""],
      [true, "phx-submit-loading"],
    ]);
    endLoading(find("form"), 1);
    expect([texts(), find("#a").disabled, find("#b").disabled]).toEqual([["A", "B"], false, false]);
    submit(find);
    expect(texts()).toEqual(["A…", "B…"]);
    endLoading(find("form"), 1);
    expect(document.body.innerHTML).toBe(html);
  });

  test("may have another prefix", () => {
    const find = page(`<button x-disable-with="Wait…">Save</button>`);
    setPrefix(document, "x-");
    showLoading(find("button"), 1, "phx-click-loading");
    expect(find("button").textContent).toBe("Wait…");
    setPrefix(document, "phx-");
  });

  test("the focus is given back to the button that had it", () => {
    const find = page(`<button phx-disable-with="Wait…">Save</button><input>`);
    const use = (meanwhile: () => void) => {
      find("button").focus();
      showLoading(find("button"), 1, "phx-click-loading");
      meanwhile();
      endLoading(find("button"), 1);
      return document.activeElement?.localName;
    };
    expect(use(() => find("button").blur())).toBe("button");
    expect(use(() => find("input").focus())).toBe("input");
  });
});

describe("a form that is being submitted", () => {
  const html = `<form><input name="a"><input name="b" readonly=""><textarea></textarea><input type="file">
    <select></select><button>Save</button><button type="button" disabled="">No</button>
    <div phx-update="ignore"><input name="c"><button>Mine</button></div></form><input form="no">`;

  test("has readonly fields and disabled buttons, and then what it had", () => {
    document.body.innerHTML = html;
    const form = document.querySelector("form") as HTMLFormElement;
    const found = (selector: string) => [...document.querySelectorAll(selector)].map((el) => el.localName);
    for (let ref = 1; ref < 3; ref++) {
      showLoading(form, ref, "phx-submit-loading");
      expect(found("[readonly]")).toEqual(["input", "input", "textarea"]);
      expect(found("[disabled]")).toEqual(["input", "button", "button"]);
      endLoading(form, ref);
      expect(document.body.innerHTML).toBe(html);
    }
  });

  test("is still so after patches", () => {
    document.body.innerHTML = "<form><input><button phx-disable-with>Save</button></form>";
    showLoading(document.querySelector("form") as Element, 1, "phx-submit-loading");
    const template = document.createElement("template");
    template.innerHTML = `<form class="new"><input><button phx-disable-with="">Saved</button></form>`;
    for (const selector of ["form", "input", "button"])
      keep(document.querySelector(selector) as Element, template.content.querySelector(selector) as Element);
    expect(template.innerHTML).toBe(
      `<form class="new phx-submit-loading"><input readonly=""><button phx-disable-with="" disabled="" class="phx-submit-loading">Saved</button></form>`,
    );
  });

  test("gives back what the server rendered meanwhile", () => {
    document.body.innerHTML = `<form><input><textarea readonly></textarea><button phx-disable-with="Wait…"><b>Save</b></button></form>`;
    const form = document.querySelector("form") as HTMLFormElement;
    showLoading(form, 1, "phx-submit-loading");
    const template = document.createElement("template");
    template.innerHTML = "<input readonly><textarea></textarea><button disabled></button>";
    for (const to of template.content.children) keep(form.querySelector(to.localName) as Element, to);
    // The morph finds what the server knows, not the text for the meantime.
    expect(form.querySelector("button")?.innerHTML).toBe("<b>Save</b>");
    endLoading(form, 1);
    expect(form.innerHTML).toBe(
      `<input readonly=""><textarea></textarea><button phx-disable-with="Wait…" disabled=""><b>Save</b></button>`,
    );
  });
});
