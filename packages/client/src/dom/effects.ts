/** Visible effects of commands: classes and display, at once or by a transition over animation frames. */
import { isHidden, nextFrame } from "./frame.ts";
import { invoke, read } from "./native.ts";
import { dropClass, type Rollback, setClass, setDisplay } from "./sticky.ts";

/** Classes, as text or one by one. */
export type Names = string | readonly string[];
/** Classes of a transition: while it runs; or while it runs, at its start, at its end. */
export type Transition = string | readonly [running: Names, start?: Names, end?: Names];

export interface EffectOptions {
  readonly transition?: Transition | undefined;
  /** Duration of the transition, in milliseconds. */
  readonly time?: number | undefined;
  /** Holds patches back until the transition has ended. Default true. */
  readonly blocking?: boolean | undefined;
}

export interface Effects {
  /** Tells if an element is shown, or on its way to be. */
  isShown(el: Element): boolean;
  /** Shows an element, or hides it, if it is not so already. */
  show(el: Element, on: boolean, options: EffectOptions, display?: string, undos?: Rollback): void;
  /** Sets classes, after the transition if there is one. */
  classes(el: Element, classes: ReadonlyMap<string, boolean>, options: EffectOptions, undos?: Rollback): void;
}

export const namesOf = (names: Names | undefined): readonly string[] =>
  typeof names === "string" ? names.split(/\s+/).filter(Boolean) : (names ?? []);

const phasesOf = (transition: Transition | undefined) =>
  [0, 1, 2].map((phase) =>
    namesOf(typeof transition === "string" ? (phase ? "" : transition) : transition?.[phase]),
  ) as [readonly string[], readonly string[], readonly string[]];

/** Tells if an element is shown at all; not if it is scrolled to. */
export const isVisible = (el: Element): boolean =>
  read(el, "checkVisibility")?.call(el) ?? invoke(el, "getClientRects").length > 0;

/** Display of an element while it is shown, unless a style says otherwise. */
const displays: { readonly [tag: string]: string } = { tr: "table-row", td: "table-cell" };

/** Holds patches back until a promise settles. */
type Hold = (until: Promise<unknown>) => void;

/**
 * Runs a transition. Timers end it, so it ends as well without animations; in a hidden page it is over at
 * once.
 * @param settled called when its end classes are set
 * @param ended called after it, with its end classes if they are to stay
 * @returns a function that ends it without that
 */
function animate(
  win: Window & typeof globalThis,
  hold: Hold,
  el: Element,
  [running, start, end]: ReturnType<typeof phasesOf>,
  { time = 200, blocking = true }: EffectOptions,
  settled: (() => void) | undefined,
  ended: (end: readonly string[]) => void,
) {
  let over = false;
  const set = (on: readonly string[], off: readonly string[]) => {
    for (const name of off) dropClass(el, name);
    for (const name of on) setClass(el, name, true);
  };
  const next = (run: () => void) => nextFrame(win, () => over || run());
  set(start, [...running, ...end]);
  next(() => {
    set(running, []);
    next(() => {
      settled?.();
      set(end, start);
    });
  });
  let done: () => void = () => {};
  if (blocking) hold(new Promise<void>((resolve) => (done = resolve)));
  const stop = () => {
    if (over) return;
    over = true;
    if (timer) win.clearTimeout(timer);
    set([], [...running, ...start, ...end]);
    done();
  };
  const finish = () => {
    if (over) return;
    stop();
    ended(end);
  };
  const timer = isHidden(win) ? win.queueMicrotask(finish) : win.setTimeout(finish, time);
  return stop;
}

export function createEffects(win: Window & typeof globalThis, hold: Hold): Effects {
  /** Elements on their way to be shown or hidden, with functions that stop them there. */
  const moving = new WeakMap<Element, { readonly on: boolean; stop(): void }>();

  const isShown = (el: Element) => moving.get(el)?.on ?? isVisible(el);

  return {
    isShown,
    show(el, on, options, display = displays[read(el, "localName")] ?? "block", undos) {
      if (isShown(el) === on) return;
      const tell = (what: string) =>
        invoke(el, "dispatchEvent", new win.Event(`phx:${on ? "show" : "hide"}-${what}`));
      const apply = () => setDisplay(el, on ? display : "none", undos);
      moving.get(el)?.stop();
      tell("start");
      const phases = phasesOf(options.transition);
      if (!phases[0].length) {
        apply();
        tell("end");
        return;
      }
      const end = animate(win, hold, el, phases, options, on ? apply : undefined, () => {
        moving.delete(el);
        apply();
        tell("end");
      });
      const stop = () => {
        if (moving.get(el)?.stop === stop) moving.delete(el);
        end();
      };
      moving.set(el, { on, stop });
      undos?.push(stop);
    },
    classes(el, classes, options, undos) {
      const apply = () => {
        for (const [name, on] of classes) setClass(el, name, on, undos);
      };
      const phases = phasesOf(options.transition);
      if (!phases[0].length) return apply();
      const stop = animate(win, hold, el, phases, options, undefined, (end) => {
        for (const name of end) setClass(el, name, true, undos);
        apply();
      });
      undos?.push(stop);
    },
  };
}
