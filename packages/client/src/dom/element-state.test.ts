import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { addLoading, isComposing, loadingClasses, removeLoading, setComposing } from "./element-state.ts";

const { document } = testWindow();
const button = (className = "") => Object.assign(document.createElement("button"), { className });

test("an element shows that its event awaits an answer, and keeps its own classes", () => {
  const el = button("primary");
  addLoading(el, 1, "phx-click-loading");
  expect(el.className).toBe("primary phx-click-loading");
  removeLoading(el, 1);
  expect(el.className).toBe("primary");
});

test("a class stays while a newer event of the element needs it", () => {
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
