/** Types of what every page of the store has: the session, and the store itself. */
import type { GuardContext, Session } from "@overwire/server";
import type { Client } from "../../accounts/logins.ts";
import type { User } from "../../database/schema.ts";
import type { FlagStates } from "../../desk/flags.ts";
import type { Registration } from "../../onboarding/registration.ts";
import type { Store } from "../../store/store.ts";

declare module "@overwire/server" {
  interface Session {
    userId?: number;
    /** The row of `logins`: the session counts as long as it is there. */
    loginId?: string;
    /** The cart of the browser, which counts as long as no user is logged in: added to the session of each page. */
    cartId?: string;
    /** Of a visitor who has registered and waits for the mail. */
    registration?: Registration;
    /** Of the page's request, added to its session while it is open: do not keep it. */
    client?: Client;
  }
  interface ViewContext {
    store: Store;
    /** Undefined of a visitor. */
    user: User | undefined;
    /** As they are now: an open page follows them. */
    flags: FlagStates;
  }
}
declare module "hono" {
  interface ContextVariableMap {
    store: Store;
    /** If this request begins it. */
    cartId: string | undefined;
  }
}

/** The store in a guard, which is asked for requests and for views. */
export const storeAt = ({ context, request }: GuardContext): Store => request?.get("store") ?? context.store;

/** A session without additions of its page, to be set again with changes. */
export const kept = ({ client: _, cartId: __, ...session }: Readonly<Session>): Session => session;
