import { Window } from "happy-dom";
import { describe, expect, test } from "vitest";
import {
  addLoading,
  applyPending,
  isComposing,
  loadingClasses,
  removeLoading,
  setComposing,
  setPrefix,
  setSubmitter,
} from "./element-state.ts";

const { document } = new Window() as unknown as { document: Document };
const button = (className = "") => Object.assign(document.createElement("button"), { className });

test("an element shows that its event awaits an answer, and keeps its own classes", () => {
  const el = button("primary");
  addLoading(el, 1, "phx-click-loading");
  expect(el.className).toBe("primary phx-click-loading");
  removeLoading(el, 1);
  expect(el.className).toBe("primary");
});

test("B095: a class stays while a newer event of the element needs it", () => {
  const el = button();
  addLoading(el, 1, "phx-change-loading");
  addLoading(el, 38, "phx-change-loading");
  addLoading(el, 38, "phx-focus-loading");
  removeLoading(el, 1);
  expect(loadingClasses(el)).toEqual(["phx-change-loading", "phx-focus-loading"]);
  expect(el.className).toBe("phx-change-loading phx-focus-loading");
  removeLoading(el, 38);
  expect(loadingClasses(el)).toEqual([]);
  expect(el.hasAttribute("class")).toBe(false);
});

test("an answer that no event of the element awaits changes nothing", () => {
  const el = button();
  addLoading(el, 2, "phx-click-loading");
  removeLoading(el, 1);
  expect(el.className).toBe("phx-click-loading");
});

test("composing is remembered for each element", () => {
  const [el, other] = [button(), button()];
  setComposing(el, true);
  expect([isComposing(el), isComposing(other)]).toEqual([true, false]);
  setComposing(el, false);
  expect(isComposing(el)).toBe(false);
});

test("nothing of it is written into attributes other than class", () => {
  const el = button();
  addLoading(el, 1, "phx-click-loading");
  setComposing(el, true);
  expect(el.getAttributeNames()).toEqual(["class"]);
});

describe("phx-disable-with", () => {
  const page = (html: string) => {
    document.body.innerHTML = html;
    return (selector: string) => document.querySelector(selector) as HTMLInputElement;
  };
  const submit = (find: (selector: string) => HTMLInputElement, submitter?: string) => {
    setSubmitter(find("form"), submitter === undefined ? undefined : find(submitter));
    addLoading(find("form"), 1, "phx-submit-loading");
  };

  test("disables and renames while the answer is awaited, then all is as before (F-PAY-18, B089)", () => {
    const html = `<button type="button" phx-disable-with="Wait…"><b>Save</b> it</button>`;
    const find = page(html);
    const bold = find("b");
    addLoading(find("button"), 1, "phx-click-loading");
    expect(document.body.innerHTML).toBe(
      `<button type="button" phx-disable-with="Wait…" class="phx-click-loading" disabled="">Wait…</button>`,
    );
    removeLoading(find("button"), 1);
    expect(document.body.innerHTML).toBe(html);
    expect(find("b")).toBe(bold);
  });

  test("without a text only disables (B108)", () => {
    const find = page(`<button phx-disable-with>Save</button>`);
    addLoading(find("button"), 1, "phx-click-loading");
    expect([find("button").disabled, find("button").textContent]).toEqual([true, "Save"]);
    removeLoading(find("button"), 1);
    expect(find("button").disabled).toBe(false);
  });

  test("lasts until the last event has its answer (B095)", () => {
    const find = page(`<button phx-disable-with="Wait…">Save</button>`);
    addLoading(find("button"), 1, "phx-click-loading");
    addLoading(find("button"), 38, "phx-click-loading");
    removeLoading(find("button"), 1);
    expect([find("button").disabled, find("button").textContent]).toEqual([true, "Wait…"]);
    removeLoading(find("button"), 38);
    expect([find("button").disabled, find("button").textContent]).toEqual([false, "Save"]);
  });

  test("of the button that submits shows its text; without one, that of every button (B088)", () => {
    const html = `<form><button id="a" phx-disable-with="A…">A</button><input type="submit" id="b" value="B" phx-disable-with="B…"></form>`;
    const find = page(html);
    const texts = () => [find("#a").textContent, find("#b").value];
    submit(find, "#b");
    expect(texts()).toEqual(["A", "B…"]);
    expect([find("#a"), find("#b")].map(({ disabled, className }) => [disabled, className])).toEqual([
      [true, ""],
      [true, "phx-submit-loading"],
    ]);
    removeLoading(find("form"), 1);
    expect([texts(), find("#a").disabled, find("#b").disabled]).toEqual([["A", "B"], false, false]);
    submit(find);
    expect(texts()).toEqual(["A…", "B…"]);
    removeLoading(find("form"), 1);
    expect(document.body.innerHTML).toBe(html);
  });

  test("may have another prefix", () => {
    const find = page(`<button x-disable-with="Wait…">Save</button>`);
    setPrefix(document, "x-");
    addLoading(find("button"), 1, "phx-click-loading");
    expect(find("button").textContent).toBe("Wait…");
    setPrefix(document, "phx-");
  });

  test("the focus is given back to the button that had it", () => {
    const find = page(`<button phx-disable-with="Wait…">Save</button><input>`);
    const use = (meanwhile: () => void) => {
      find("button").focus();
      addLoading(find("button"), 1, "phx-click-loading");
      meanwhile();
      removeLoading(find("button"), 1);
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

  test("has readonly fields and disabled buttons, and then what it had (F-PAY-16, F-PAY-17, B086, B087, B106)", () => {
    document.body.innerHTML = html;
    const form = document.querySelector("form") as HTMLFormElement;
    const found = (selector: string) => [...document.querySelectorAll(selector)].map((el) => el.localName);
    for (let ref = 1; ref < 3; ref++) {
      addLoading(form, ref, "phx-submit-loading");
      expect(found("[readonly]")).toEqual(["input", "input", "textarea"]);
      expect(found("[disabled]")).toEqual(["input", "button", "button"]);
      removeLoading(form, ref);
      expect(document.body.innerHTML).toBe(html);
    }
  });

  test("is still so after patches", () => {
    document.body.innerHTML = "<form><input><button phx-disable-with>Save</button></form>";
    addLoading(document.querySelector("form") as Element, 1, "phx-submit-loading");
    const template = document.createElement("template");
    template.innerHTML = `<form class="new"><input><button phx-disable-with="">Saved</button></form>`;
    for (const selector of ["form", "input", "button"])
      applyPending(
        document.querySelector(selector) as Element,
        template.content.querySelector(selector) as Element,
      );
    expect(template.innerHTML).toBe(
      `<form class="new phx-submit-loading"><input readonly=""><button phx-disable-with="" class="phx-submit-loading" disabled="">Saved</button></form>`,
    );
  });

  test("gives back what the server rendered meanwhile", () => {
    document.body.innerHTML = `<form><input><textarea readonly></textarea><button phx-disable-with="Wait…"><b>Save</b></button></form>`;
    const form = document.querySelector("form") as HTMLFormElement;
    addLoading(form, 1, "phx-submit-loading");
    const template = document.createElement("template");
    template.innerHTML = "<input readonly><textarea></textarea><button disabled></button>";
    for (const to of template.content.children) applyPending(form.querySelector(to.localName) as Element, to);
    // The morph finds what the server knows, not the text for the meantime.
    expect(form.querySelector("button")?.innerHTML).toBe("<b>Save</b>");
    removeLoading(form, 1);
    expect(form.innerHTML).toBe(
      `<input readonly=""><textarea></textarea><button phx-disable-with="Wait…" disabled=""><b>Save</b></button>`,
    );
  });
});
