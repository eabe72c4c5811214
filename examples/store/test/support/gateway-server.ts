/** The stand-in gateway on a port of this process, for tests over HTTP. */
import { serve } from "@overwire/server/node";
import { gatewayApp } from "../../src/gateway/gateway-app.ts";
import { Ledger } from "../../src/gateway/ledger.ts";
import { Webhooks } from "../../src/gateway/webhooks.ts";
import { httpGateway } from "../../src/payments/http-gateway.ts";

export const GATEWAY_SECRET = "a gateway's secret of tests alone";

export interface GatewayServerOptions {
  /** The store's address for events, asked at each; without it none is sent. */
  readonly webhookUrl?: () => string;
  readonly file?: string;
}

export async function gatewayServer({ webhookUrl, file }: GatewayServerOptions = {}) {
  const ledger = new Ledger(file === undefined ? {} : { file });
  const app = gatewayApp({ ledger, secret: GATEWAY_SECRET, url: () => served.url });
  const served = await serve(app, { port: 0, log: false, handleSignals: false }).ready;
  const webhooks = webhookUrl && new Webhooks(ledger, { url: webhookUrl, secret: GATEWAY_SECRET, delay: 5 });
  return {
    ledger,
    url: served.url,
    client: httpGateway({ url: served.url, secret: GATEWAY_SECRET }),
    /** Fills in the card of a page of the gateway, and presses one of its buttons. @returns the address that it leads to */
    async decide(url: string, decision: "accept" | "decline", card = "4242 4242 4242 4242") {
      const body = new URLSearchParams({ decision, card });
      const response = await fetch(url, { method: "POST", body, redirect: "manual" });
      return {
        status: response.status,
        location: response.headers.get("location"),
        text: await response.text(),
      };
    },
    async close() {
      webhooks?.close();
      await served.close();
    },
  };
}
