// Tries the guides: the first example of each has the right types, and passes the test that the guide shows under "Testing".
import { afterAll, describe, test } from "vitest";
import { codeOf, GuideFolder, guideOf } from "./guide-code.ts";

const GUIDES = [
  "views",
  "templates",
  "forms",
  "lists",
  "components",
  "navigation",
  "javascript",
  "slow-data",
  "testing",
  "doubles",
  "databases",
  "factories",
  "channels",
  "uploads",
  "presence",
  "pubsub",
  "app",
  "authorization",
  "apis",
  "coming-from-liveview",
];
/** Guides all of whose examples are one module. */
const WHOLE = ["doubles", "databases", "factories"];

const folder = new GuideFolder();
afterAll(() => folder.remove());

for (const name of GUIDES) {
  const guide = guideOf(name);
  const [example = ""] = codeOf(guide);
  const [its = ""] = codeOf(guide.slice(guide.indexOf("\n## Testing\n")));
  const file = folder.write(name, WHOLE.includes(name) ? codeOf(guide).join("") : example + its);
  // The guide's own tests are registered as its module is imported.
  describe(name, async () => {
    await import(/* @vite-ignore */ file);
  });
}

/** The code below a heading, each block by itself. */
const below = (guide: string, heading: string): string[] => {
  const text = guideOf(guide);
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`docs/${guide}.md has no heading "${heading}".`);
  const end = text.slice(start + 1).search(/\n#+ /);
  return codeOf(end < 0 ? text.slice(start) : text.slice(start, start + 1 + end));
};

/** Fields of a view whose guard is `user`. */
const members = (name: string, code: string | undefined) => `
  class ${name} extends LiveView<"/account", typeof user> {
    static guard = user;
    wrong = false;
    ${code}
    render() { return html\`\`; }
  }
`;

// Recipes are parts of an app: their users, their database and the views around their fields are declared here.
const [asking = ""] = codeOf(guideOf("authorization"));
const [roles = ""] = below("authorization", "### Roles");
const [owners = ""] = below("authorization", "### Ownership of a record");
const [event] = below("authorization", "## Events");
const sudoBlocks = below("authorization", "### Sudo mode");
const [sudo = "", erase] = sudoBlocks[0]?.split(/\n(?=erase = )/) ?? [];
const [withdrawn = ""] = below("authorization", "## Rights that are withdrawn");
folder.write(
  "authorization-recipes",
  [
    asking,
    `import { Forbidden, NotFound } from "@overwire/server";
    import { z } from "zod";
    declare const roleOf: (id: number) => Promise<string>;
    declare const ownerOf: (id: number) => Promise<number>;
    declare const db: { erase(id: number, by: number): Promise<void> };
    declare const account: { erase(): Promise<void> };
    declare const users: { verify(id: number, password: string): Promise<boolean>; demote(id: number): Promise<void> };\n`,
    roles,
    members("Posts", event),
    owners,
    sudo,
    members("Account", erase),
    members("Confirm", sudoBlocks[1]),
    `export async function demote(user: { id: number }) { ${withdrawn} }`,
  ].join("\n"),
);

const [logOut, epoch = ""] = below("sessions", "## Logging out");
folder.write(
  "sessions-epoch",
  `${epoch}
    import { html, LiveView } from "@overwire/server";
    declare const users: { epoch(id: number): Promise<number>; setPassword(id: number, password: string): Promise<number> };
    const user = member;
    ${members("Account", logOut)}`,
);
folder.write(
  "sessions-first",
  `${codeOf(guideOf("sessions"))[0]}
    declare const users: { verify(email: string, password: string): Promise<{ id: number } | undefined> };`,
);
folder.write("sessions-stores", `${below("sessions", "## Sessions on the server")[0]}`);

test("the examples have the right types", () => folder.checkTypes());
