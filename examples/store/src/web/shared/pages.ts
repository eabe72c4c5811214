/** Live sessions of the store: groups of pages with the same guard and style sheets. */
import { type Guard, NotFound, type OnMount, type OverwireApp } from "@overwire/server";
import type { Context } from "hono";
import { flagsTopic } from "../../desk/flags.ts";
import type { Store } from "../../store/store.ts";
import { cartIdOf } from "../cart/visitor.ts";
import type { Asset } from "./assets.ts";
import "./context.ts";
import { document } from "./document.ts";
import { current } from "./guards.ts";

export interface PagesOptions {
  readonly name: string;
  /** Asked before each page of the group, and again when a right may have been taken away. */
  readonly guard?: Guard;
  readonly styles?: readonly Asset[];
  readonly scripts?: readonly Asset[];
}

/** Declares pages: each has the store, its flags and its user in its context before its guard is asked. */
export function pages(
  app: OverwireApp,
  store: Store,
  { name, guard, styles, scripts }: PagesOptions,
  declare: (app: OverwireApp) => void,
): void {
  const fill: OnMount = async (view) => {
    // As for requests: no text of the database has a NUL, so no page has such an address.
    if (view.url.href.includes("%00")) throw new NotFound();
    view.context.store = store;
    // Subscribed before they are read, so that no switch is missed. Each makes the page render.
    view.subscribe(flagsTopic, ({ name, isOn }) => {
      view.context.flags = { ...view.context.flags, [name]: isOn };
    });
    view.context.flags = await store.flags.states();
  };
  const onMount = [fill, current.onMount, ...(guard ? [guard.onMount] : [])];
  const session = (c: Context) => ({
    client: { agent: c.req.header("user-agent") ?? "", address: app.clientAddress(c) },
    cartId: cartIdOf(c),
  });
  app.liveSession({ name, onMount, session, layout: document(styles, scripts) }, declare);
}
