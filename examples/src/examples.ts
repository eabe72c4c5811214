/** What the gallery shows: the home page, the menu and the links to sources follow these groups. */
import { type Asset, charts, groupStyles, logs, uPlot, uPlotStyle } from "./shared/assets.ts";

export interface Example {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** Its files, the view first. */
  readonly files: readonly [view: string, ...others: string[]];
  /** What its page needs beside the client. */
  readonly styles?: readonly Asset[];
  readonly scripts?: readonly Asset[];
}

export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly style: Asset;
  readonly examples: readonly Example[];
}

export const groups: readonly Group[] = [
  {
    name: "Basics",
    summary: "A class with its state in fields is a page, and the page follows it.",
    style: groupStyles.basics,
    examples: [
      {
        path: "/counter",
        name: "Counter",
        summary: "State is a field, an event is a field, and a payload has a type.",
        files: ["counter.ts", "counter.test.ts"],
      },
      {
        path: "/clock",
        name: "Clock",
        summary: "The server pushes the time every second, into SVG.",
        files: ["clock.ts", "clock.test.ts"],
      },
      {
        path: "/todo",
        name: "Todo",
        summary: "A list to add to, tick off and filter.",
        files: ["todo.ts", "todo.test.ts"],
      },
      {
        path: "/chat",
        name: "Chat",
        summary: "Whoever has the page open sees what the others say.",
        files: ["chat.ts", "messages.ts", "chat.test.ts"],
      },
    ],
  },
  {
    name: "Forms and URLs",
    summary: "What people type and where they are outlasts errors, reloads and lost connections.",
    style: groupStyles.forms,
    examples: [
      {
        path: "/signup",
        name: "Sign-up",
        summary:
          "A form in steps, with rows to add and move. Going back, or losing the connection, loses nothing.",
        files: ["signup.ts", "text-field.ts", "accounts.ts", "signup.test.ts"],
      },
      {
        path: "/orders",
        name: "Orders",
        summary:
          "A table whose state is the URL: sorted, filtered and paged, to be bookmarked and gone back to.",
        files: ["orders.ts", "order-book.ts", "orders.test.ts"],
      },
    ],
  },
  {
    name: "Lists and streams",
    summary: "Lists that are long, or shared, or both; the server need not keep what the page has.",
    style: groupStyles.lists,
    examples: [
      {
        path: "/table",
        name: "Table",
        summary: "A thousand rows to sort, filter and edit; one edited cell travels as one cell.",
        files: ["table.ts", "people.ts", "table.test.ts"],
      },
      {
        path: "/feed",
        name: "Feed",
        summary: "A thousand entries to scroll through, both ways; the page never has more than sixty.",
        files: ["feed.ts", "journal.ts", "feed.test.ts"],
      },
      {
        path: "/posts",
        name: "Posts",
        summary:
          "Written, edited and deleted in one tab, seen in all of them: a stream that follows a topic.",
        files: ["posts.ts", "post-store.ts", "posts.test.ts"],
      },
      {
        path: "/logs",
        name: "Logs",
        summary:
          "A million lines to scroll through, jump into and filter; the page never has more than two hundred.",
        files: ["logs.ts", "log-lines.ts", "logs.js", "logs.test.ts"],
        scripts: [logs],
      },
    ],
  },
  {
    name: "Async and AI",
    summary: "What is slow comes when it comes, and nobody waits for what they no longer want.",
    style: groupStyles.async,
    examples: [
      {
        path: "/search",
        name: "Search",
        summary: "Suggestions from a slow source: only the newest question counts, older ones are dropped.",
        files: ["search.ts", "cities.ts", "search.test.ts"],
      },
      {
        path: "/dashboard",
        name: "Dashboard",
        summary:
          "Panels that load by themselves, fail by themselves, and show what they had while they load again.",
        files: ["dashboard.ts", "panel.ts", "dashboard-sources.ts", "dashboard.test.ts"],
      },
      {
        path: "/assistant",
        name: "Assistant",
        summary: "An answer that comes token by token, from an async generator, and can be stopped.",
        files: ["assistant.ts", "language-model.ts", "assistant.test.ts"],
      },
    ],
  },
  {
    name: "Files and media",
    summary: "Uploads with previews and progress, and music that does not stop for a click.",
    style: groupStyles.media,
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
      },
      {
        path: "/music",
        name: "Music",
        summary:
          "Tabs that are views of their own, and a player that goes on while a person moves between them.",
        files: ["music.ts", "player.ts", "tracks.ts", "music.test.ts"],
      },
    ],
  },
  {
    name: "Components and hooks",
    summary: "Parts with a state of their own, commands that need no server, scripts where they belong.",
    style: groupStyles.components,
    examples: [
      {
        path: "/cart",
        name: "Cart",
        summary:
          "Live components: each line of the cart has a state of its own, and tells the view what it needs to know.",
        files: ["cart.ts", "cart-line.ts", "products.ts", "cart.test.ts"],
      },
      {
        path: "/dialogs",
        name: "Dialogs",
        summary: "Menus and dialogs made of commands: no script, no round trip, and right for the keyboard.",
        files: ["dialogs.ts", "menu.ts", "modal.ts", "dialogs.test.ts"],
      },
      {
        path: "/likes",
        name: "Likes",
        summary: "A like shows before it is saved, and is taken back if it cannot be.",
        files: ["likes.ts", "likes-store.ts", "likes.test.ts"],
      },
      {
        path: "/charts",
        name: "Charts",
        summary:
          "A chart library in a hook: the server sends points, the library draws, a click is an event.",
        files: ["charts.ts", "charts.js", "traffic.ts", "charts.test.ts"],
        styles: [uPlotStyle],
        scripts: [uPlot, charts],
      },
    ],
  },
];

export const examples: readonly Example[] = groups.flatMap(({ examples }) => examples);

export const groupOf = (example: Example): Group | undefined =>
  groups.find(({ examples }) => examples.includes(example));

/** Which example a page belongs to: its own page, or one below it. */
export const exampleAt = ({ pathname }: URL): Example | undefined =>
  examples.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
