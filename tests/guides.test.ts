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

test("the examples have the right types", () => folder.checkTypes(), 60_000);
