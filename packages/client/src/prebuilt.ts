/** What the app serves: starts the client on its own, with its defaults. */
import { LiveSocket } from "./live-socket.ts";

const start = () => new LiveSocket().connect();
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
