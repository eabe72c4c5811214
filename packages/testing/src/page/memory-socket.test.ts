/** The end of waits that messages bring: with the message and the promises of the client, not with a clock. */
import { html, LiveView, liveFileInput } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../index.ts";
import { nextTurn } from "./wait.ts";

class Photos extends LiveView {
  photos = this.allowUpload({ accept: "any" });
  render() {
    return html`<form id="photos">${liveFileInput(this.photos)} ${this.photos.entries.map(({ clientName }) => clientName)}</form>`;
  }
}

test("an action ends with the promises that its answer resolves in the client", async () => {
  const view = await live(Photos);
  await view.settled();
  let isOver = false;
  const choice = view
    .fileInput("input", [{ name: "cat.png", content: "x" }])
    .choose()
    .then((text) => {
      isOver = true;
      return text;
    });
  for (let turns = 0; turns < 1000 && !isOver; turns++) await nextTurn();
  expect(isOver).toBe(true);
  expect(await choice).toContain("cat.png");
});
