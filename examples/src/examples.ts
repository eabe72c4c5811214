/** What the gallery shows: the home page, the navigation and the links to sources follow this list. */

export interface Example {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  /** Its files, the view first. */
  readonly files: readonly [view: string, ...others: string[]];
}

export const examples: readonly Example[] = [
  {
    path: "/counter",
    name: "Counter",
    summary: "State is a field, an event is a field, and a payload has a type.",
    files: ["counter.ts", "counter.test.ts"],
  },
  {
    path: "/table",
    name: "Table",
    summary: "A thousand rows to sort, filter and edit; one edited cell travels as one cell.",
    files: ["table.ts", "people.ts", "table.test.ts"],
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
];
