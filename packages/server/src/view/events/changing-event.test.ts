/** Bindings whose event is another one after a rendering. */
import { startProcess } from "@overwire/test-support/view-process";
import { expect, test } from "vitest";
import { each } from "../../template/each.ts";
import { html } from "../../template/html.ts";
import { LiveView } from "../live-view.ts";

class View extends LiveView {
  shown = 0;
  other = 0;
  first = this.event(() => {});
  second = this.event(() => {});
  get current() {
    return [this.first, this.second, this.second({ a: 1 }), "first", undefined][this.shown];
  }
  render() {
    return html`<i>${this.other}</i><b phx-click=${this.current}>+</b>${each(
      [1, 2],
      (row) => row,
      (row) => html`<u phx-click=${row === 1 ? this.first : this.current}>-</u>`,
    )}`;
  }
}

const command = ` phx-click="[[&quot;push&quot;,{&quot;event&quot;:&quot;second&quot;,&quot;value&quot;:{&quot;a&quot;:1}}]]"`;
const second = ` phx-click="second"`;
const first = ` phx-click="first"`;

test("a binding's event is replaced by another, by a command, by a text, by none, and comes back", () => {
  const { does, join } = startProcess(View);
  join();
  const shows = (shown: number) => {
    const [frame] = does((view) => {
      view.shown = shown;
    });
    return frame?.[4];
  };
  const both = (binding: string) => ({ 1: binding, 2: { u: { 1: { 0: binding } } } });
  expect(shows(1)).toEqual(both(second));
  expect(shows(0)).toEqual(both(first));
  expect(shows(2)).toEqual(both(command));
  expect(shows(1)).toEqual(both(second));
  expect(shows(4)).toEqual(both(""));
  expect(shows(3)).toEqual(both(first));
  expect(shows(1)).toEqual(both(second));
});

test("a binding whose event stays is not sent again", () => {
  const { does, join } = startProcess(View);
  join();
  const [frame] = does((view) => {
    view.other++;
  });
  expect(frame).toEqual(["p", 1, 2, 0, { 0: "1" }]);
});
