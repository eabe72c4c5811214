/** Life-cycle hooks: code of an app around all views of a live session, and of views around their own callbacks. */
import { chain } from "./chain.ts";
import type { EventPayload } from "./events/event.ts";

const halted = Symbol("overwire.halt");

/** Result of a hook that ends the callback: no further hook runs, nor the view's own method. */
export interface Halt {
  readonly [halted]: true;
  readonly reply: unknown;
}

/** Ends the callback that a hook precedes. @param reply of a `handleEvent` hook, in the view's place */
export const halt = (reply?: unknown): Halt => ({ [halted]: true, reply });

type Result = Halt | void | Promise<Halt | void>;

/** Hooks by the callback that they run before, or `afterRender`, after a rendering was sent. */
export interface LifecycleHooks {
  handleEvent: (name: string, payload: EventPayload) => Result;
  handleInfo: (message: unknown) => Result;
  handleParams: () => Result;
  afterRender: () => void;
}

/** The hooks of one view, in the order in which they were attached. */
export class HookTable {
  readonly #all: { readonly [Stage in keyof LifecycleHooks]: LifecycleHooks[Stage][] } = {
    handleEvent: [],
    handleInfo: [],
    handleParams: [],
    afterRender: [],
  };

  attach<Stage extends keyof LifecycleHooks>(stage: Stage, hook: LifecycleHooks[Stage]): () => void {
    const hooks: LifecycleHooks[Stage][] | undefined = this.#all[stage];
    if (!hooks) {
      throw new TypeError(
        `There is no stage ${JSON.stringify(stage)} for a hook: choose ${Object.keys(this.#all).join(", ")}.`,
      );
    }
    hooks.push(hook);
    return () => {
      const at = hooks.indexOf(hook);
      if (at >= 0) hooks.splice(at, 1);
    };
  }

  /** Runs a stage's hooks, then `own` unless one of them halts. A promise only where one of them is asynchronous. */
  run<Stage extends keyof LifecycleHooks>(
    stage: Stage,
    args: Parameters<LifecycleHooks[Stage]>,
    own: () => unknown,
  ): unknown {
    const hooks = [...this.#all[stage]] as ((...args: unknown[]) => unknown)[];
    const next = (index: number): unknown => {
      const hook = hooks[index];
      if (!hook) return own();
      return chain(hook(...args), (result) => (isHalt(result, stage) ? result.reply : next(index + 1)));
    };
    return next(0);
  }

  /** After a rendering: their changes are shown by the next one. */
  rendered(): void {
    for (const hook of [...this.#all.afterRender]) hook();
  }
}

function isHalt(result: unknown, stage: string): result is Halt {
  if (result === undefined) return false;
  if (typeof result === "object" && result !== null && halted in result) return true;
  throw new TypeError(`A ${stage} hook must return nothing or halt(), but returned ${String(result)}.`);
}
