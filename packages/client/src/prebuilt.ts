/** What the app serves: starts the client on its own, with what a script before it has put into `window.Overwire`. */
import { LiveSocket, type LiveSocketOptions } from "./live-socket.ts";

const page = window as { Overwire?: LiveSocketOptions; liveSocket?: LiveSocket };

const start = () => {
  page.liveSocket = new LiveSocket(page.Overwire);
  page.liveSocket.connect();
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
