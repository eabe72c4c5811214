/** Users who are logged in. `live(app, "/account", { session: await sessionOf(store, user) })` */
import type { Session } from "@overwire/server";
import type { User } from "../../src/database/schema.ts";
import type { Store } from "../../src/store/store.ts";

/** A new log-in of a user, as a session for `live` and `request`. */
export async function sessionOf(
  store: Store,
  user: User,
  { agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", remember = false } = {},
): Promise<Session & { readonly userId: number; readonly loginId: string }> {
  const login = await store.accounts.logins.add(user, { agent, address: "192.0.2.1", remember });
  return { userId: user.id, loginId: login.id };
}
