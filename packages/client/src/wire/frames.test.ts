import { expect, test } from "vitest";
import { type ClientFrame, hadUnsafeKey, readClientFrame } from "./frames.ts";

test.each([
  `["e",1,1,"save",{"__proto__":{"admin":true},"a":[{"__proto__":1}]}]`,
  String.raw`["e",1,1,"save",{"__pro\u0074o__":{"admin":true},"a":[{"\u005f_proto__":1}]}]`,
])("keys that would make another kind of object of a copy are dropped", (text) => {
  const frame = readClientFrame(text);
  expect(frame).toEqual(["e", 1, 1, "save", { a: [{}] }]);
  expect(Object.assign({}, frame[4])).not.toHaveProperty("admin");
  expect(hadUnsafeKey(frame as ClientFrame)).toBe(true);
});

test("the component of an event is a number, or there is none", () => {
  expect(readClientFrame(`["e",1,1,"save",{},3]`)).toEqual(["e", 1, 1, "save", {}, 3]);
  expect(readClientFrame(`["e",1,1,"save",{},"3"]`)).toEqual(["e", 1, 1, "save", {}]);
  expect(readClientFrame(`["n",1,2,"/posts"]`)).toEqual(["n", 1, 2, "/posts"]);
  expect(readClientFrame(`["n",1,2,7]`)).toBe("a live patch's fourth entry must be a URL");
});

test("a join may say what was shown before, 0 for nothing, and how many joins came before it", () => {
  const join = (more: string) => readClientFrame(`["j",1,{"token":"t","url":"/"${more}}]`);
  expect(join(`,"seen":0,"attempt":2`)).toEqual(["j", 1, { token: "t", url: "/", seen: 0, attempt: 2 }]);
  expect(join(`,"seen":-1,"attempt":0`)).toEqual(["j", 1, { token: "t", url: "/" }]);
});

test("an acknowledgement names a patch", () => {
  expect(readClientFrame(`["a",1,7]`)).toEqual(["a", 1, 7]);
  expect(readClientFrame(`["a",1,0]`)).toMatch("the number of a patch");
});
