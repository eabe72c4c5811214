import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { draw, drawingOf } from "../../src/catalogue/drawing.ts";
import { shapes } from "../../src/catalogue/shapes.ts";
import { productRows } from "../../src/database/seed.ts";

const drawn = (product: { readonly name: string; readonly slug: string }) => draw(drawingOf(product));

test.each(productRows().map((product) => [product.name, product] as const))(
  "%s is drawn as the thing that it is",
  (_, product) => {
    expect(drawingOf(product).shape).not.toBe("parcel");
    expect(drawn(product)).toContain("<svg");
  },
);

test("the same product always looks the same, and another one different", () => {
  const cup = { name: "Stoneware cup", slug: "stoneware-cup" };
  expect(drawn(cup)).toBe(drawn(cup));
  expect(drawn({ ...cup, slug: "stoneware-cup-2" })).not.toBe(drawn(cup));
});

describe.each(Object.keys(shapes))("a %s", (shape) => {
  test.each(["00000000", "0a1b2c3d", "7fffffff", "c0ffee00", "ffffffff"])(
    "of seed %s is an image",
    async (seed) => {
      const svg = draw({ shape, seed }) ?? "";
      expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({
        format: "svg",
        width: 400,
        height: 400,
      });
      expect(svg).not.toMatch(/NaN|undefined|<script|<style/);
    },
  );
});

test("a thing without a shape of its own comes in a parcel", () => {
  expect(drawingOf({ name: "Gift", slug: "gift" }).shape).toBe("parcel");
});

test.each([
  ["unicorn", "0a1b2c3d"],
  ["constructor", "0a1b2c3d"],
  ["mug", "0a1b2c3"],
  ["mug", "<script>"],
])("a %s of seed %s cannot be drawn", (shape, seed) => {
  expect(draw({ shape, seed })).toBeUndefined();
});
