/** Types of client commands: what an author is told before anything runs. Checked by `npm run types`, never run. */
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { html } from "../../template/html.ts";
import type { PushCommand } from "../events/event.ts";
import { LiveView } from "../live-view.ts";
import { JS, type JSCommands } from "./js.ts";

class View extends LiveView {
  plain = this.event(() => {});
  move = this.event(z.object({ by: z.coerce.number(), fast: z.boolean() }), () => {});
  sort = this.event(z.array(z.string()), () => {});

  override render() {
    expectTypeOf(this.move({ by: 1, fast: true })).toEqualTypeOf<PushCommand>();
    expectTypeOf(this.move({ by: 1, fast: true }).hide("#menu")).toEqualTypeOf<JSCommands>();
    JS.push(this.plain, { value: { anything: [1, { deep: true }] } });
    // Values of the page may complete it.
    JS.push(this.move, { value: { fast: true }, loading: "#x" });
    // @ts-expect-error not what the event takes
    JS.push(this.move, { value: { fast: "yes" } });
    // @ts-expect-error nor this
    JS.push(this.move, { value: { slow: true } });
    // @ts-expect-error an array is given by calling the handle
    JS.push(this.sort, { value: ["a"] });
    JS.push(this.sort(["a"]), { pageLoading: true });
    // @ts-expect-error the schema wants an object
    this.move(7);
    return html`<button phx-click=${JS.push(this.move(JSON.parse("{}"))).show({ to: "#done" })}></button>`;
  }
}
void View;

JS.push("name", { value: { a: 1 }, target: 3, optimistic: JS.addClass("on") });
JS.push("name", { target: "#cart" });
// @ts-expect-error a value is an object
JS.push("name", { value: "x" });
// @ts-expect-error commands, not a name
JS.push("name", { optimistic: "hide" });

JS.show("#modal").show({ to: "#modal", transition: "fade-in", time: 200, display: "flex", blocking: false });
JS.hide({ to: { closest: "li" }, transition: ["fade", "opacity-100", "opacity-0"] });
// @ts-expect-error there are three
JS.hide({ transition: ["fade", "opacity-100"] });
// @ts-expect-error no such scope
JS.hide({ to: { sibling: "li" } });
// @ts-expect-error no such option
JS.hide({ display: "flex" });
// @ts-expect-error two transitions, not one
JS.toggle({ transition: "fade" });

JS.addClass("a b", { to: { inner: "li" } }).removeClass(["a", "b"]);
JS.setAttribute("aria-expanded", "true", { to: "#menu" });
// @ts-expect-error an attribute is text
JS.setAttribute("aria-expanded", true);
JS.toggleAttribute("open", "true", { to: "#menu" }).toggleAttribute("dir", "ltr", "rtl", { to: "#menu" });
JS.dispatch("event", { to: "#x", detail: { n: 1 }, bubbles: false, blocking: true });
// @ts-expect-error a boolean
JS.dispatch("event", { bubbles: "no" });
JS.navigate("/", { replace: true }).patch("/");
// @ts-expect-error elements have nothing to do with it
JS.navigate("/", { to: "#x" });
// @ts-expect-error it takes nothing
JS.popFocus({ to: "#x" });
expectTypeOf(JS.concat(JS.show(), JS.hide())).toEqualTypeOf<JSCommands>();
JS.showModal("#dialog")
  .close()
  .close({ to: { closest: "dialog" } });
// @ts-expect-error a dialog has no transition of a command's
JS.showModal({ to: "#dialog", transition: "fade" });
