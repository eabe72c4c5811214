/** Pages and handlers of accounts. */
import type { OverwireApp } from "@overwire/server";
import type { Store } from "../../store/store.ts";
import { stylesheet } from "../shared/assets.ts";
import { ENDED } from "../shared/guards.ts";
import { LogIn } from "./log-in.ts";
import { Register } from "./register.ts";

export const accountStyle = stylesheet("accounts/accounts.css");

export function accountRoutes(app: OverwireApp): void {
  app.live("/login", LogIn, { title: "Log in" });
  app.live("/register", Register, { title: "Register" });
}

export function accountHandlers(app: OverwireApp, store: Store): void {
  store.accounts.onWithdrawn((userId) => app.recheck(`user:${userId}`));

  app.post("/logout", async (c) => {
    const session = await app.getSession(c);
    await app.clearSession(c);
    await store.accounts.logOut(session);
    app.putFlash(c, "info", "You are logged out.");
    return c.redirect("/");
  });

  // Pages whose log-in is gone come here. Another tab may have logged in since: then its session is left alone.
  app.get(ENDED, async (c) => {
    const to = app.returnTo(c, "/");
    if (!(await store.accounts.userOf(await app.getSession(c)))) {
      await app.clearSession(c);
      app.putFlash(c, "info", "You were logged out.");
    }
    return c.redirect(to);
  });
}
