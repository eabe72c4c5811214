/** Live sessions of the store: groups of pages with the same guard and style sheets. */
import type { Guard, OnMount, OverwireApp } from "@overwire/server";
import type { Context } from "hono";
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

/** Declares pages: each has the store and its user in its context before its guard is asked. */
export function pages(
  app: OverwireApp,
  store: Store,
  { name, guard, styles, scripts }: PagesOptions,
  declare: (app: OverwireApp) => void,
): void {
  const fill: OnMount = (view) => {
    view.context.store = store;
  };
  const onMount = [fill, current.onMount, ...(guard ? [guard.onMount] : [])];
  const session = (c: Context) => ({
    client: { agent: c.req.header("user-agent") ?? "", address: app.clientAddress(c) },
    cartId: cartIdOf(c),
  });
  app.liveSession({ name, onMount, session, layout: document(styles, scripts) }, declare);
}
