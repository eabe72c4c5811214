/** Types of hooks: what an author is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { ViewHook } from "./hook-context.ts";
import type { Hook, HookContext, HookFunction, Hooks } from "./hook-types.ts";

const counter: Hook<{ count: number; reset(): void }, HTMLButtonElement> = {
  mounted() {
    expectTypeOf(this.el).toEqualTypeOf<HTMLButtonElement>();
    expectTypeOf(this.count).toEqualTypeOf<number>();
    this.count = 1;
    this.reset();
    this.js().hide(this.el);
    this.js().exec('[["hide"]]');
    this.el.addEventListener("click", () => {}, { signal: this.signal });
    expectTypeOf(this.pushEvent<{ id: number }>("save", { a: [1] })).toEqualTypeOf<Promise<{ id: number }>>();
    this.pushEvent("save", {}, (reply: { id: number }) => reply.id);
    const ref = this.handleEvent("news", ({ text }: { text: string }) => text);
    this.removeHandleEvent(ref);
    // @ts-expect-error no JSON
    this.pushEvent("save", { a: () => {} });
    // @ts-expect-error not in its state
    this.other;
  },
  beforeUpdate(to) {
    expectTypeOf(to).toEqualTypeOf<HTMLButtonElement>();
  },
  reset() {
    this.count = 0;
  },
};

class Chart extends ViewHook<HTMLCanvasElement> {
  context = this.el.getContext("2d");
  override mounted() {
    expectTypeOf(this.el).toEqualTypeOf<HTMLCanvasElement>();
    void this.pushEventTo<string>("#cart", "x").then(([first]) => {
      if (first?.status === "fulfilled") expectTypeOf(first.value.reply).toEqualTypeOf<string>();
    });
  }
}

const clock: HookFunction<HTMLTimeElement> = (el, hook) => {
  expectTypeOf(el).toEqualTypeOf<HTMLTimeElement>();
  expectTypeOf(hook).toEqualTypeOf<HookContext<HTMLTimeElement>>();
  return () => {};
};

const hooks: Hooks = {
  counter,
  Chart,
  clock,
  inline: {
    mounted() {
      expectTypeOf(this.el).toEqualTypeOf<HTMLElement>();
      void this.pushEvent("x");
    },
  },
  inlineFunction: (el, { signal }) => el.addEventListener("click", () => {}, { signal }),
  callbacks: (el) => ({ updated: () => el.focus() }),
};
void hooks;

const wrong: Hooks = {
  // @ts-expect-error a callback is a function
  one: { mounted: 1 },
};
void wrong;
