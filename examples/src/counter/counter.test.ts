import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";

test("counts", async () => {
  const view = await live(app, "/counter");
  expect(view.title()).toBe("Counter · Overwire");
  expect(view.text("output")).toBe("0");

  await view.element("button", /^\+$/).click();
  await view.element("button", "+10").click();
  expect(view.text("output")).toBe("11");

  await view.element("button", "−").click();
  expect(view.text("output")).toBe("10");
});

test("can be reset once it has counted", async () => {
  const view = await live(app, "/counter");
  await expect(view.element("button", "Reset").click()).rejects.toThrow("disabled");

  await view.element("button", "+10").click();
  await view.element("button", "Reset").click();
  expect(view.text("output")).toBe("0");
  expect(view.element("button", "Reset").html()).toContain("disabled");
});

test("refuses steps that the schema does not know", async () => {
  const view = await live(app, "/counter");
  await expect(view.element("button", "+10").click({ by: 1000 })).rejects.toThrow("refused");
  await expect(view.element("button", "+10").click({ by: "many" })).rejects.toThrow("refused");
  expect(view.text("output")).toBe("0");
});

test("each page counts for itself", async () => {
  const [ann, bob] = [await live(app, "/counter"), await live(app, "/counter")];
  await ann.element("button", "+10").click();
  await bob.settled();
  expect(ann.text("output")).toBe("10");
  expect(bob.text("output")).toBe("0");
});
