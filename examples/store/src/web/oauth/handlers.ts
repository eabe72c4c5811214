/** The way to an identity provider and back. Whatever fails ends as a message on a page of the store. */
import { NotFound, type OverwireApp } from "@overwire/server";
import { rateLimit } from "@overwire/server/rate-limit";
import type { Context } from "hono";
import type { Provider } from "../../providers/provider.ts";
import type { Store } from "../../store/store.ts";
import { FlowEnd } from "./flow-end.ts";
import { Flows } from "./flows.ts";
import { CONNECTIONS, isTicket } from "./tokens.ts";

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
    if (ticket !== undefined && !isTicket(secret, ticket, provider.name, loginId))
      return end.failed("This took too long. Please try again.", CONNECTIONS);
    const connects = ticket === undefined ? undefined : loginId;
    try {
      const { url: to, memory } = await provider.begin(callbackOf(provider));
      flows.keep(c, { provider: provider.name, memory, connects });
      return c.redirect(to);
    } catch (error) {
      return end.failedBy(error, connects === undefined ? "/login" : CONNECTIONS);
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
    const isConnecting = flow.connects !== undefined;
    const user = session.loginId === flow.connects ? await store.accounts.userOf(session) : undefined;
    try {
      const answer = new URL(callbackOf(provider));
      answer.search = new URL(c.req.url).search;
      const found = await provider.finish(answer, flow.memory);
      if (!isConnecting) return await end.enter(found);
      if (user) return await end.connect(user, found);
      return end.failed("You were logged out meanwhile. Please log in, and connect again.");
    } catch (error) {
      return end.failedBy(error, isConnecting && user ? CONNECTIONS : "/login");
    }
  });
}

function providerOf({ identities }: Store, c: Context): Provider {
  const provider = identities.provider(c.req.param("provider") ?? "");
  if (!provider) throw new NotFound();
  return provider;
}
