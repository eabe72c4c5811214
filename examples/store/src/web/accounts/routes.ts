/** Pages and handlers of accounts. */
import type { OverwireApp } from "@overwire/server";
import type { Store } from "../../store/store.ts";
import { stylesheet } from "../shared/assets.ts";
import { ENDED } from "../shared/guards.ts";
import { Account } from "./account.ts";
import { ChangeEmail, NewEmail } from "./change-email.ts";
import { ChangePassword } from "./change-password.ts";
import { Confirm } from "./confirm.ts";
import { LogIn } from "./log-in.ts";
import { Magic } from "./magic.ts";
import { MagicLink, ResetLink } from "./mail-link.ts";
import { Register } from "./register.ts";
import { Reset } from "./reset.ts";
import { Security } from "./security.ts";
import { ShowAgain } from "./show-again.ts";

export const accountStyle = stylesheet("accounts/accounts.css");

export function accountRoutes(app: OverwireApp): void {
  app.live("/login", LogIn, { title: "Log in" });
  app.live("/login/magic", MagicLink, { title: "Log in by mail" });
  app.live("/login/magic/:token", Magic, { title: "Log in" });
  app.live("/register", Register, { title: "Register" });
  app.live("/confirm/:token", Confirm, { title: "Welcome" });
  app.live("/reset", ResetLink, { title: "Choose another password" });
  app.live("/reset/:token", Reset, { title: "Choose another password" });
  app.live("/account", Account, { title: "Account" });
  app.live("/account/confirm", ShowAgain, { title: "Is it you?" });
  app.live("/account/email", ChangeEmail, { title: "Change the address" });
  app.live("/account/email/:token", NewEmail, { title: "Your new address" });
  app.live("/account/password", ChangePassword, { title: "Change the password" });
  app.live("/account/security", Security, { title: "Security" });
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
