/** Bindings before the features are there: actions that need none run at once, the others as soon as they can. */
import type { Commands, Host, UserActions } from "../bindings/host.ts";
import { ownTarget, push, readBinding, type Target } from "../bindings/push.ts";
import type { Js } from "../commands/js.ts";
import { findAll, invoke } from "../dom/native.ts";
import { readAddress } from "../navigation/address.ts";
import type { FeatureLoader, WhenLoaded } from "./loader.ts";

/** Holds no event back but those of forms, which wait for the features. */
export function createEarlyActions(
  document: Document,
  prefix: string,
  loader: Pick<FeatureLoader, "whenLoaded" | "busy">,
): UserActions {
  const { whenLoaded } = loader;
  return {
    rateLimit: {
      run: (...args) =>
        args[1] === "change" ? whenLoaded(({ rateLimit }) => rateLimit.run(...args)) : args[2](),
      blur: (el) => loader.busy && whenLoaded(({ rateLimit }) => rateLimit.blur(el)),
      filled: (el) => whenLoaded(({ rateLimit }) => rateLimit.filled(el)),
      submit: (form) => whenLoaded(({ rateLimit }) => rateLimit.submit(form)),
    },
    runForm: (...args) =>
      whenLoaded(({ runForm }) => runForm(...args), args[0] === "submit" ? args[1] : undefined),
    link() {},
    away(event) {
      if (!findAll(document, `[${prefix}click-away]`)[0]) return () => {};
      let run = () => {};
      whenLoaded(({ away }) => {
        run = away(event);
      });
      return () => whenLoaded(() => run());
    },
  };
}

/** Pushes to the view around an element, or a component of it, that show no more than a class run at once. */
export function createEarlyCommands(
  host: Pick<Host, "prefix" | "viewOf" | "extraValues">,
  loader: Pick<FeatureLoader, "whenLoaded" | "started">,
): Commands {
  return {
    run(binding, context) {
      if (loader.started) return loader.started.commands.run(binding, context);
      const list = readBinding(binding);
      const { source } = context;
      const attribute = (name: string) => invoke(source, "getAttribute", host.prefix + name);
      const targets = list.map(([op, args = {}]) =>
        op === "push" && !("optimistic" in args) && !args.loading && attribute("disable-with") === null
          ? ownTarget(host, source, args.target ?? attribute("target"))
          : undefined,
      );
      if (targets.includes(undefined))
        loader.whenLoaded(({ commands }) => commands.run(list, context), context.event && source);
      else
        for (const [index, [, args = {}]] of list.entries())
          push(host, args, context, targets[index] as Target[]);
    },
  };
}

/** The server's `JS` for scripts of the page: each call is made as soon as it can be. */
export const createEarlyJs = (win: Window & typeof globalThis, whenLoaded: WhenLoaded): Js =>
  new Proxy({} as Js, {
    get:
      (_, name: keyof Js) =>
      (...args: never[]) => {
        // The caller learns at once that an address is no page of the app.
        if (/^(navigate|patch)$/.test(name)) readAddress(win, String(args[0]));
        whenLoaded(({ js }) => (js[name] as (...args: never[]) => void)(...args));
      },
  });
