/**
 * The script that the app serves: starts the client on its own, with the options that an earlier script has
 * put into `window.Overwire`.
 */
// First of all: the bundler makes a chunk of its own of the first module that several chunks share.
import "./wire.ts";

import { Client } from "./client.ts";
import type { LiveSocketOptions } from "./page/options.ts";

const page = window as { Overwire?: LiveSocketOptions; liveSocket?: Client };

page.liveSocket = new Client(page.Overwire ?? {}, () => import("./features/features.ts"));
page.liveSocket.connect();
