/** The socket of terminals: programs of the shop's own machines, each with an API token of a user. */
import { type OverwireApp, Unauthorized } from "@overwire/server";
import type { Store } from "../../store/store.ts";
import { anyTerminal, StockChannel, type Terminal } from "./stock-channel.ts";

export const TERMINALS = "/terminals";

export function terminalChannels(app: OverwireApp, store: Store): void {
  // Their guards are asked again, as those of the user's pages are.
  store.apiTokens.onRevoked((userId) => app.recheck(`user:${userId}`));

  app.channels(
    TERMINALS,
    {
      async connect({ token = "" }): Promise<Terminal> {
        const verify = () => store.apiTokens.verify(token);
        const verified = await verify();
        if (!verified) throw new Unauthorized();
        return { store, user: verified.user, verify };
      },
      id: ({ user }) => `user:${user.id}`,
    },
    (socket) => socket.channel("stock:*", StockChannel, { guard: anyTerminal }),
  );
}
