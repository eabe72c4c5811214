/** Contents of the gallery: the home page, the menu and the links to sources follow these groups. */
import { type Asset, conversation, script, stylesheet, uPlot, uPlotStyle } from "./shared/assets.ts";

export interface Example {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** Files of its folder, the view first. */
  readonly files: readonly [view: string, ...others: string[]];
  /** Needs of its page beside the client. */
  readonly styles: readonly Asset[];
  readonly scripts?: readonly Asset[];
}

export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly Example[];
}

export const groups: readonly Group[] = [
  {
    name: "Basics",
    summary: "A class with its state in fields is a page, and the page follows it.",
    examples: [
      {
        path: "/counter",
        name: "Counter",
        summary: "State is a field, an event is a field, and a payload has a type.",
        files: ["counter.ts", "counter.test.ts"],
        styles: [stylesheet("counter/counter.css")],
      },
      {
        path: "/clock",
        name: "Clock",
        summary: "The server pushes the time every second, into SVG.",
        files: ["clock.ts", "clock.test.ts"],
        styles: [stylesheet("clock/clock.css")],
      },
      {
        path: "/todo",
        name: "Todo",
        summary: "A list to add to, tick off and filter.",
        files: ["todo.ts", "todo.test.ts"],
        styles: [stylesheet("todo/todo.css")],
      },
      {
        path: "/chat",
        name: "Chat",
        summary: "Whoever has the page open sees what the others say.",
        files: ["chat.ts", "messages.ts", "chat.test.ts"],
        styles: [conversation],
      },
      {
        path: "/room",
        name: "Room",
        summary:
          "Who is here, who is typing and who has read what; a terminal beside the view joins as a channel.",
        files: ["room.ts", "room-store.ts", "room-channel.ts", "terminal.js", "room.test.ts"],
        styles: [conversation, stylesheet("room/room.css")],
        scripts: [script("room/terminal.js")],
      },
      {
        path: "/quiz",
        name: "Quiz",
        summary: "Rounds on a timer of the server: a player who comes late sees at once what goes on.",
        files: ["quiz.ts", "game.ts", "questions.ts", "quiz.js", "quiz.test.ts"],
        styles: [stylesheet("quiz/quiz.css")],
        scripts: [script("quiz/quiz.js")],
      },
    ],
  },
  {
    name: "Forms and URLs",
    summary: "What people type and where they are outlasts errors, reloads and lost connections.",
    examples: [
      {
        path: "/signup",
        name: "Sign-up",
        summary:
          "A form in steps, with rows to add and move. Going back, or losing the connection, loses nothing.",
        files: ["signup.ts", "text-field.ts", "accounts.ts", "signup.test.ts"],
        styles: [stylesheet("signup/signup.css")],
      },
      {
        path: "/login",
        name: "Log-in",
        summary: "A log-in that lives in a view, cookie and all, and a log-out that ends every tab at once.",
        files: ["login.ts", "members.ts", "login.test.ts"],
        styles: [stylesheet("login/login.css")],
      },
      {
        path: "/orders",
        name: "Orders",
        summary:
          "A table whose state is the URL: sorted, filtered and paged, to be bookmarked and gone back to.",
        files: ["orders.ts", "order-book.ts", "orders.test.ts"],
        styles: [stylesheet("orders/orders.css")],
      },
    ],
  },
  {
    name: "Lists and streams",
    summary: "Lists that are long, or shared, or both; the server need not keep what the page has.",
    examples: [
      {
        path: "/table",
        name: "Table",
        summary: "A thousand rows to sort, filter and edit; one edited cell travels as one cell.",
        files: ["table.ts", "people.ts", "table.test.ts"],
        styles: [stylesheet("table/table.css")],
      },
      {
        path: "/feed",
        name: "Feed",
        summary: "A thousand entries to scroll through, both ways; the page never has more than sixty.",
        files: ["feed.ts", "journal.ts", "feed.test.ts"],
        styles: [stylesheet("feed/feed.css")],
      },
      {
        path: "/posts",
        name: "Posts",
        summary:
          "Written, edited and deleted in one tab, seen in all of them: a stream that follows a topic.",
        files: ["posts.ts", "post-store.ts", "posts.test.ts"],
        styles: [stylesheet("posts/posts.css")],
      },
      {
        path: "/logs",
        name: "Logs",
        summary:
          "A million lines to scroll through, jump into and filter; the page never has more than two hundred.",
        files: ["logs.ts", "log-lines.ts", "logs.js", "logs.test.ts"],
        styles: [stylesheet("logs/logs.css")],
        scripts: [script("logs/logs.js")],
      },
    ],
  },
  {
    name: "Async and AI",
    summary: "What is slow comes when it comes, and nobody waits for what they no longer want.",
    examples: [
      {
        path: "/search",
        name: "Search",
        summary: "Suggestions from a slow source: only the newest question counts, older ones are dropped.",
        files: ["search.ts", "cities.ts", "search.test.ts"],
        styles: [stylesheet("search/search.css")],
      },
      {
        path: "/dashboard",
        name: "Dashboard",
        summary:
          "Panels that load by themselves, fail by themselves, and show what they had while they load again.",
        files: ["dashboard.ts", "panel.ts", "dashboard-sources.ts", "dashboard.test.ts"],
        styles: [stylesheet("dashboard/dashboard.css")],
      },
      {
        path: "/assistant",
        name: "Assistant",
        summary: "An answer that comes token by token, from an async generator, and can be stopped.",
        files: ["assistant.ts", "language-model.ts", "assistant.test.ts"],
        styles: [conversation, stylesheet("assistant/assistant.css")],
      },
    ],
  },
  {
    name: "Between people",
    summary: "Users who are there, and messages to one of them or to all, on any node.",
    examples: [
      {
        path: "/notifications",
        name: "Notifications",
        summary:
          "A message to one user or to all shows on every page that they have open, as a toast and at a bell.",
        files: ["notifications.ts", "bell.ts", "notices.ts", "notifications.test.ts"],
        styles: [stylesheet("notifications/notifications.css")],
      },
      {
        path: "/board",
        name: "Board",
        summary:
          "Cursors and strokes of all who draw, by a channel from page to page; names and colours by presence.",
        files: [
          "board.ts",
          "board-channel.ts",
          "board-store.ts",
          "board.js",
          "sender.js",
          "paper.js",
          "board.test.ts",
        ],
        styles: [stylesheet("board/board.css")],
        scripts: [script("board/paper.js"), script("board/sender.js"), script("board/board.js")],
      },
    ],
  },
  {
    name: "Files and media",
    summary: "Uploads with previews and progress, and music that does not stop for a click.",
    examples: [
      {
        path: "/album",
        name: "Album",
        summary: "Photos to drop in, with previews and progress, kept in a folder or in an S3 bucket.",
        files: [
          "album.ts",
          "photos.ts",
          "photo-store.ts",
          "photo-folder.ts",
          "photo-bucket.ts",
          "album.test.ts",
        ],
        styles: [stylesheet("album/album.css")],
      },
      {
        path: "/music",
        name: "Music",
        summary:
          "Tabs that are views of their own, and a player that goes on while a person moves between them.",
        files: ["music.ts", "player.ts", "tracks.ts", "music.test.ts"],
        styles: [stylesheet("music/music.css")],
      },
    ],
  },
  {
    name: "Components and hooks",
    summary: "Parts with a state of their own, commands that need no server, scripts where they belong.",
    examples: [
      {
        path: "/cart",
        name: "Cart",
        summary:
          "Live components: each line of the cart has a state of its own, and tells the view what it needs to know.",
        files: ["cart.ts", "cart-line.ts", "products.ts", "cart.test.ts"],
        styles: [stylesheet("cart/cart.css")],
      },
      {
        path: "/dialogs",
        name: "Dialogs",
        summary: "Menus and dialogs made of commands: no script, no round trip, and right for the keyboard.",
        files: ["dialogs.ts", "menu.ts", "modal.ts", "dialogs.test.ts"],
        styles: [stylesheet("dialogs/dialogs.css")],
      },
      {
        path: "/likes",
        name: "Likes",
        summary: "A like shows before it is saved, and is taken back if it cannot be.",
        files: ["likes.ts", "likes-store.ts", "likes.test.ts"],
        styles: [stylesheet("likes/likes.css")],
      },
      {
        path: "/charts",
        name: "Charts",
        summary:
          "A chart library in a hook: the server sends points, the library draws, a click is an event.",
        files: ["charts.ts", "charts.js", "traffic.ts", "charts.test.ts"],
        styles: [uPlotStyle, stylesheet("charts/charts.css")],
        scripts: [uPlot, script("charts/charts.js")],
      },
    ],
  },
];

export const examples: readonly Example[] = groups.flatMap(({ examples }) => examples);

/** The folder of an example's files, below src. */
export const folderOf = ({ path }: Example): string => path.slice(1);

/** The example of a page, which is its own page or one below it. */
export const exampleAt = ({ pathname }: URL): Example | undefined =>
  examples.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
