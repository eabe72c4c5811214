/** `@overwire/client`: for pages that bundle their own scripts. */
export { LiveSocket, type LiveSocketOptions } from "./live-socket.ts";
