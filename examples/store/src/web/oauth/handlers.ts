/** The way to an identity provider and back. Whatever fails ends as a message on a page of the store. */
import { NotFound, type OverwireApp } from "@overwire/server";
import { rateLimit } from "@overwire/server/rate-limit";
import type { Context } from "hono";
import type { Provider } from "../../providers/provider.ts";
import type { Store } from "../../store/store.ts";
import { FlowEnd } from "./flow-end.ts";
import { Flows } from "./flows.ts";
import { CONNECTIONS, type Purpose, SHOW_AGAIN, ticketOf } from "./tokens.ts";

export function oauthHandlers(app: OverwireApp, store: Store): void {
  const { secret, url, counts } = store.services;
  const flows = new Flows(secret, url);
  const callbackOf = ({ name }: Provider) => `${url}/auth/${name}/callback`;
  // Each flow asks the provider, who may have limits of its own for the store.
  app.use("/auth/*", rateLimit({ points: 60, duration: 60, name: "providers", store: counts }));

  app.get("/auth/:provider", async (c) => {
    const provider = providerOf(store, c);
    const end = new FlowEnd(app, store, c, provider);
    const { loginId } = await app.getSession(c);
    const ticket = c.req.query("ticket");
    const asked = ticket === undefined ? undefined : ticketOf(secret, ticket, provider.name, loginId);
    if (ticket !== undefined && !asked)
      return end.failed("This took too long. Please try again.", CONNECTIONS);
    try {
      const anew = asked?.purpose === "confirm";
      const { url: to, memory } = await provider.begin(callbackOf(provider), { anew });
      flows.keep(c, { provider: provider.name, memory, asked });
      return c.redirect(to);
    } catch (error) {
      return end.failedBy(error, pageOf(asked?.purpose));
    }
  });

  app.get("/auth/:provider/callback", async (c) => {
    const provider = providerOf(store, c);
    const end = new FlowEnd(app, store, c, provider);
    const flow = flows.take(c, c.req.query("state"));
    if (flow?.provider !== provider.name)
      return end.failed(
        "This log-in was begun elsewhere, took too long, or has ended already. Please try again.",
      );
    const session = await app.getSession(c);
    const { asked } = flow;
    const user = session.loginId === asked?.loginId ? await store.accounts.userOf(session) : undefined;
    try {
      const answer = new URL(callbackOf(provider));
      answer.search = new URL(c.req.url).search;
      const found = await provider.finish(answer, flow.memory);
      if (!asked) return await end.enter(found);
      if (!user) return end.failed("You were logged out meanwhile. Please log in, and try again.");
      if (asked.purpose === "connect") return await end.connect(user, session, found);
      return await end.confirm(session, found);
    } catch (error) {
      return end.failedBy(error, pageOf(user && asked?.purpose));
    }
  });
}

/** The page on which a flow of this purpose was begun. */
const pageOf = (purpose: Purpose | undefined): string =>
  purpose === undefined ? "/login" : { connect: CONNECTIONS, confirm: SHOW_AGAIN }[purpose];

function providerOf({ identities }: Store, c: Context): Provider {
  const provider = identities.provider(c.req.param("provider") ?? "");
  if (!provider) throw new NotFound();
  return provider;
}
