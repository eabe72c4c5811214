/** Live sessions of the store: groups of pages with the same guard and style sheets. */
import type { Guard, OnMount, OverwireApp } from "@overwire/server";
import type { Store } from "../../store/store.ts";
import type { Asset } from "./assets.ts";
import "./context.ts";
import { document } from "./document.ts";

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
  const fill: OnMount = async (view) => {
    view.context.store = store;
    const { userId } = view.session;
    view.context.user = userId === undefined ? undefined : await store.services.repo.get("users", userId);
  };
  const onMount = guard ? [fill, guard.onMount] : [fill];
  app.liveSession({ name, onMount, layout: document(styles, scripts) }, declare);
}
