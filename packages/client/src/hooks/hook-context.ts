/** Methods of a hook: pushing and handling events, running commands, handing over files. */
import type { Host } from "../bindings/host.ts";
import type { Target } from "../bindings/push.ts";
import { findTargets } from "../bindings/targets.ts";
import type { Js } from "../commands/js.ts";
import { findAll, invoke } from "../dom/native.ts";
import type { Json } from "../wire/frames.ts";
import type { Attempt } from "./hook-manager.ts";
import type { HookCallbacks, HookContext, HookSocket } from "./hook-types.ts";

export function createHookContext(
  host: Pick<Host, "win" | "viewOf">,
  { liveSocket, js }: { readonly liveSocket: HookSocket; js(): Js },
  attempt: Attempt,
  el: Element,
  name: string,
  signal: AbortSignal,
): HookContext<Element> {
  const { win, viewOf } = host;

  const targetsOf = (target: string | number | Element): readonly Target[] => {
    if (typeof target !== "object") return findTargets(host, el, target);
    const view = viewOf(target);
    return view ? [[view, view.componentOf(target)]] : [];
  };

  const push = <Reply>(
    [view, component]: Target,
    event: string,
    payload: Json,
    onReply: ((reply: Reply) => void) | undefined,
  ) => {
    const reply = view.push({ type: "hook", event, payload, source: el, component }) as Promise<Reply>;
    if (onReply)
      reply.then(
        (reply) => attempt(`what ${name} does with a reply`, el, () => onReply(reply)),
        () => {},
      );
    return reply;
  };

  const upload = (upload: string, files: Iterable<Blob>, isMeant: (input: Element) => unknown) => {
    const [input, another] = findAll<HTMLInputElement>(win.document, "input[type=file]").filter(
      (input) => input.name === upload && isMeant(input),
    );
    if (!input || another) {
      const count = input ? "more than one" : "no";
      return win.console.error(`Overwire: there is ${count} upload "${upload}" here`, el);
    }
    const detail = { files: [...files] };
    input.dispatchEvent(new win.CustomEvent("track-uploads", { bubbles: true, cancelable: true, detail }));
  };

  return {
    el,
    liveSocket,
    signal,
    js: () => ({ ...js(), exec: (encoded) => js().exec(el, encoded) }),
    pushEvent(event, payload = {}, onReply) {
      const view = viewOf(el);
      return view
        ? push([view, undefined], event, payload, onReply)
        : Promise.reject(new Error(`Overwire: the element of the hook ${name} is in no view`));
    },
    pushEventTo: (target, event, payload = {}, onReply) =>
      Promise.allSettled(
        targetsOf(target).map(async (each) => ({ reply: await push(each, event, payload, onReply) })),
      ),
    handleEvent(event, callback) {
      const type = `phx:${event}`;
      const listener = (event: Event) =>
        void attempt(`${type} in the hook ${name}`, el, () => callback((event as CustomEvent).detail));
      win.addEventListener(type, listener, { signal });
      return [type, listener];
    },
    removeHandleEvent: ([type, listener]) => win.removeEventListener(type, listener),
    upload: (name, files) => upload(name, files, (input) => viewOf(input) === viewOf(el)),
    uploadTo: (target, name, files) =>
      upload(name, files, (input) =>
        typeof target === "string"
          ? findAll(win.document, target).some((each) => invoke(each, "contains", input))
          : invoke(target, "contains", input),
      ),
  };
}

/** Gives a hook's instance the members that it does not have itself. */
function equip<Instance extends object>(instance: Instance, context: object): Instance {
  for (const [key, value] of Object.entries(context))
    if (!(key in instance)) Object.assign(instance, { [key]: value });
  return instance;
}

/** Properties of a hook that is a class. */
export type ViewHook<El extends Element = HTMLElement> = HookContext<El> & HookCallbacks<El>;

/**
 * Base of hooks that are classes.
 * @example class Chart extends ViewHook<HTMLCanvasElement> { chart = new Chart(this.el); destroyed() { this.chart.destroy(); } }
 */
export const ViewHook = class {
  constructor(context: object) {
    equip(this, context);
  }
} as new <El extends Element = HTMLElement>(
  context: HookContext<El>,
) => ViewHook<El>;

/** Tells classes from functions without reading their source. */
const isClass = (hook: object) => Object.getOwnPropertyDescriptor(hook, "prototype")?.writable === false;

/** Makes a hook's callbacks for one element; a function runs right away. */
export function startHook(hook: object, context: HookContext<Element>): HookCallbacks<never> {
  if (typeof hook !== "function") return Object.assign(context, hook as HookCallbacks<never>);
  if (isClass(hook)) return equip(new (hook as new (context: object) => object)(context), context);
  const result: unknown = (hook as (el: Element, context: object) => unknown)(context.el, context);
  if (typeof result === "function") return { destroyed: () => result() };
  // It can fail like its beginning.
  if (result instanceof Promise) return { mounted: () => result as never };
  return typeof result === "object" && result !== null ? { ...result, mounted() {} } : {};
}
