/** The connection of a page: its socket, and the way of each frame to the view that it is for. */
import { invoke } from "../dom/native.ts";
import type { FeatureLoader } from "../features/loader.ts";
import { createFrameQueue, type FrameQueue } from "../net/frame-queue.ts";
import { lostError } from "../net/lost.ts";
import { createSocket, type Socket } from "../net/socket.ts";
import { learnTemplates } from "../wire/client-tree.ts";
import { ATTR_SOCKET, ATTR_TOKEN, CHUNK, JOIN, SOCKET_PATH } from "../wire/constants.ts";
import type { Extras } from "../wire/frames.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import type { LiveSocketOptions } from "./options.ts";
import type { PageViews } from "./page-views.ts";

export interface PageConnection {
  readonly socket: Socket;
  readonly traffic: FrameQueue;
  /** Templates that the server has sent on this connection. */
  readonly templates: Map<number, ReadTemplate>;
}

function socketUrl({ document, location, URL }: Window & typeof globalThis, given: string | undefined) {
  const first = invoke(document, "querySelector", `[${ATTR_TOKEN}]`);
  const path = given ?? (first && invoke(first, "getAttribute", ATTR_SOCKET)) ?? SOCKET_PATH;
  return new URL(path, location.href).href.replace(/^http/, "ws");
}

export function createConnection(
  win: Window & typeof globalThis,
  { url, WebSocket = win.WebSocket }: Pick<LiveSocketOptions, "url" | "WebSocket">,
  { byNumber, viewAround }: PageViews,
  loader: FeatureLoader,
): PageConnection {
  const templates = new Map<number, ReadTemplate>();
  const traffic = createFrameQueue((frame) => {
    if (frame[0] === CHUNK) return loader.started?.uploads.acked(frame);
    // The server sends statics once on a connection, also in frames of views that have been left meanwhile.
    learnTemplates(templates, (frame[frame[0] === JOIN ? 4 : 5] as Extras | undefined)?.s);
    byNumber.get(frame[1])?.receive(frame);
  });
  const socket = createSocket({
    win,
    WebSocket,
    url: socketUrl(win, url),
    onOpen() {
      // Another server may have other numbers for them.
      templates.clear();
      // A nested view follows when the one around it has been joined.
      for (const view of byNumber.values()) if (!viewAround(view.el)) view.join();
    },
    onBeat() {
      for (const view of byNumber.values()) view.ack();
    },
    onClose(final, refused) {
      traffic.end();
      loader.started?.arrivals.current?.settle(lostError());
      loader.started?.uploads.lost();
      for (const view of byNumber.values()) view.disconnected(final, refused);
    },
    onFrame: traffic.receive,
    // On a later connection it is sent twice, which does no harm.
    onLarge: (frame, bytes, send) =>
      loader.rare(({ inPlaceOf }) => traffic.send(inPlaceOf(frame, bytes), send)),
  });
  return { socket, traffic, templates };
}
