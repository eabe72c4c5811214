/** The last step of every way to log in: by a password, by a link, by a provider. */
import type { LiveView, OverwireApp, Session } from "@overwire/server";
import type { Context } from "hono";
import type { Client } from "../../accounts/logins.ts";
import type { Login, User } from "../../database/schema.ts";
import type { Store } from "../../store/store.ts";
import { cartIdOf } from "../cart/visitor.ts";
import "../shared/context.ts";

export interface EnterOptions {
  /** Stays logged in for weeks, not for hours. */
  readonly remember: boolean;
  /** The page to go to if no other was asked for before. */
  readonly fallback?: string;
  /** Time at which the user has shown who they are. Default: now */
  readonly authenticatedAt?: Date;
}

/** The browser of a page. */
export const clientOf = ({ session }: Pick<LiveView, "session">): Client =>
  session.client ?? { agent: "", address: "" };

/** Logs a user in, in an event of a view, and sends the page where its user wanted to go. */
export async function enterInView(view: LiveView, user: User, options: EnterOptions): Promise<void> {
  const { store } = view.context;
  const before = view.session;
  const login = await begin(store, user, { client: clientOf(view), before, remember: options.remember });
  try {
    await view.setSession({ userId: user.id, loginId: login.id });
  } catch (error) {
    await store.accounts.logOut({ userId: user.id, loginId: login.id });
    throw error;
  }
  // Last: other pages of the browser's earlier log-in leave it now, and come back with the new one.
  await store.accounts.logOut(before);
  view.redirect(view.returnTo(options.fallback ?? "/"));
}

/** Logs a user in, in a handler. @returns the redirect to where the user wanted to go */
export async function enterInHandler(
  app: OverwireApp,
  c: Context,
  user: User,
  { remember, fallback = "/", authenticatedAt }: EnterOptions,
): Promise<Response> {
  const store = c.get("store");
  const before = { ...(await app.getSession(c)), cartId: cartIdOf(c) };
  const client = { agent: c.req.header("user-agent") ?? "", address: app.clientAddress(c) };
  const login = await begin(store, user, { client, before, remember, authenticatedAt });
  const to = app.returnTo(c, fallback);
  await app.setSession(c, { userId: user.id, loginId: login.id });
  await store.accounts.logOut(before);
  return c.redirect(to);
}

interface Entry {
  readonly client: Client;
  /** The visitor's session until now. */
  readonly before: Readonly<Session>;
  readonly remember: boolean;
  readonly authenticatedAt?: Date | undefined;
}

async function begin(
  store: Store,
  user: User,
  { client, before, remember, authenticatedAt }: Entry,
): Promise<Login> {
  const login = await store.accounts.logIn(user, { ...client, remember, authenticatedAt });
  if (before.cartId !== undefined) await store.carts.merge(before.cartId, user.id);
  return login;
}
