/** What the app serves: starts the client on its own, with what a script before it has put into `window.Overwire`. */
import { Client } from "./client.ts";
import type { LiveSocketOptions } from "./options.ts";

const page = window as { Overwire?: LiveSocketOptions; liveSocket?: Client };

page.liveSocket = new Client(page.Overwire ?? {}, () => import("./features.ts"));
page.liveSocket.connect();
