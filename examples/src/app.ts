/** The gallery as an app: a page for each example, the home page, and the sources. */
import { randomUUID } from "node:crypto";
import { createApp, html, renderToHtml, Unauthorized } from "@overwire/server";
import { Album } from "./album/album.ts";
import { photoStore } from "./album/photo-store.ts";
import { findPhoto } from "./album/photos.ts";
import { Assistant } from "./assistant/assistant.ts";
import { Board } from "./board/board.ts";
import { BoardChannel } from "./board/board-channel.ts";
import { BOARD, hear, painterOf } from "./board/board-store.ts";
import { Cart } from "./cart/cart.ts";
import { Charts } from "./charts/charts.ts";
import { Chat } from "./chat/chat.ts";
import { Clock } from "./clock/clock.ts";
import { Counter } from "./counter/counter.ts";
import { Dashboard } from "./dashboard/dashboard.ts";
import { Dialogs } from "./dialogs/dialogs.ts";
import { examples, folderOf } from "./examples.ts";
import { Feed } from "./feed/feed.ts";
import { Likes } from "./likes/likes.ts";
import { Account, Login } from "./login/login.ts";
import { Logs } from "./logs/logs.ts";
import { About, Albums, Tracks } from "./music/music.ts";
import { tracks, wav } from "./music/tracks.ts";
import { Desk, Inbox } from "./notifications/notifications.ts";
import { Orders } from "./orders/orders.ts";
import { Posts } from "./posts/posts.ts";
import { Quiz } from "./quiz/quiz.ts";
import { Room } from "./room/room.ts";
import { RoomChannel } from "./room/room-channel.ts";
import { LONGEST_NAME } from "./room/room-store.ts";
import { Search } from "./search/search.ts";
import { favicon, focus, readSource, style } from "./shared/assets.ts";
import { home } from "./shared/home.ts";
import { page } from "./shared/layout.ts";
import { pubsub } from "./shared/pubsub.ts";
import { storeFrom } from "./shared/store-link.ts";
import { SignUp, Welcome } from "./signup/signup.ts";
import { Table } from "./table/table.ts";
import { Todo } from "./todo/todo.ts";

export const app = createApp({
  secret: process.env["SECRET_KEY_BASE"],
  layout: page,
  pubsub,
  // Everything the pages need comes from here, or from the store of photos; nothing is inline, and no site may frame them.
  secureHeaders: {
    contentSecurityPolicy: {
      connectSrc: ["'self'", ...photoStore.origins],
      imgSrc: ["'self'", "blob:", ...photoStore.origins],
      frameAncestors: ["'none'"],
    },
  },
});

app.live("/counter", Counter, { title: "Counter" });
app.live("/table", Table, { title: "Table" });
app.live("/clock", Clock, { title: "Clock" });
app.live("/todo", Todo, { title: "Todo" });
app.live("/chat", Chat, { title: "Chat" });
app.live("/room", Room, { title: "Room" });
app.live("/quiz", Quiz, { title: "Quiz" });
app.live("/board", Board, { title: "Board" });
app.live("/orders", Orders, { title: "Orders" });
app.live("/cart", Cart, { title: "Cart" });
app.live("/dialogs", Dialogs, { title: "Dialogs" });
app.live("/likes", Likes, { title: "Likes" });
app.live("/feed", Feed, { title: "Feed" });
app.live("/charts", Charts, { title: "Charts" });
app.live("/posts", Posts, { title: "Posts" });
app.live("/logs", Logs, { title: "Logs" });
app.live("/search", Search, { title: "Search" });
app.live("/dashboard", Dashboard, { title: "Dashboard" });
app.live("/assistant", Assistant, { title: "Assistant" });
app.live("/album", Album, { title: "Album" });
app.live("/signup", SignUp, { title: "Sign-up" });
app.live("/signup/welcome", Welcome, { title: "Sign-up" });

app.liveSession({ name: "login" }, (app) => {
  app.live("/login", Login, { title: "Log-in" });
  app.live("/login/account", Account, { title: "Log-in" });
});

app.liveSession({ name: "music" }, (app) => {
  app.live("/music", Tracks, { title: "Music" });
  app.live("/music/albums", Albums, { title: "Music" });
  app.live("/music/about", About, { title: "Music" });
});

app.liveSession({ name: "notifications" }, (app) => {
  app.live("/notifications", Inbox, { title: "Notifications" });
  app.live("/notifications/desk", Desk, { title: "Notifications" });
});

app.get("/music/tracks/:file", (c) => {
  const track = tracks.find(({ id }) => c.req.param("file") === `${id}.wav`);
  if (!track) return c.notFound();
  return c.body(wav(track), 200, { "content-type": "audio/wav", "cache-control": "public, max-age=86400" });
});

app.post("/room/enter", async (c) => {
  const { name } = await c.req.parseBody();
  const session = await app.getSession(c);
  const short = typeof name === "string" && name.trim().slice(0, LONGEST_NAME);
  const visitor = short && { id: session?.visitor?.id ?? randomUUID(), name: short };
  if (visitor) await app.setSession(c, { ...session, visitor });
  return c.redirect("/room", 303);
});

app.channels(
  "/room/socket",
  {
    connect({ session }) {
      if (!session.visitor) throw new Unauthorized("Enter the room first.");
      return session.visitor;
    },
    id: ({ id }) => `visitor:${id}`,
  },
  (socket) => {
    socket.channel("room:*", RoomChannel);
  },
);

app.channels(
  "/board/socket",
  {
    connect({ token }) {
      const id = painterOf(token);
      if (!id) throw new Unauthorized("The board asks for a ticket of its page.");
      return { id };
    },
  },
  (socket) => {
    socket.channel(BOARD, BoardChannel);
  },
);
app.onBroadcast(BOARD, hear);

app.get("/album/photos/:id", async (c) => {
  const photo = findPhoto(c.req.param("id"));
  return (photo && (await photoStore.show(photo))) ?? c.notFound();
});

app.get("/", (c) => {
  const url = new URL(c.req.url);
  return c.html(renderToHtml(page({ url, children: home(storeFrom(url)) })));
});

/** The only files that are shown, so that no path comes from a URL. */
const sources = new Map(
  examples.flatMap((example) =>
    example.files.map((file) => [file, readSource(`${folderOf(example)}/${file}`)] as const),
  ),
);

app.get("/source/:file", (c) => {
  const file = c.req.param("file");
  const source = sources.get(file);
  if (source === undefined) return c.notFound();
  const example = examples.find(({ files }) => files.includes(file));
  return c.html(
    renderToHtml(
      page({
        url: new URL(c.req.url),
        title: file,
        children: html`
          <div class="heading">
            <h1>${file}</h1>
            <p>From the example <a href=${example?.path}>${example?.name}</a>.</p>
          </div>
          <pre class="card source" tabindex="0"><code>${source}</code></pre>`,
      }),
    ),
  );
});

const assets = [
  style,
  focus,
  favicon,
  ...examples.flatMap(({ styles, scripts = [] }) => [...styles, ...scripts]),
];
for (const { path, type, text } of new Set(assets)) {
  app.get(path, (c) =>
    c.body(text, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" }),
  );
}

app.notFound((c) =>
  c.html(
    renderToHtml(
      page({
        url: new URL(c.req.url),
        title: "Not found",
        children: html`
          <div class="heading">
            <h1>Not found</h1>
            <p>There is nothing at this address. <a href="/">Back to the gallery</a></p>
          </div>`,
      }),
    ),
    404,
  ),
);
