/** Forms behind a guard: in pages, in components, and for frames that no page has sent. */
import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, formFrame, joinFrame } from "@overwire/test-support/frames";
import { live } from "@overwire/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "../../app.ts";
import { guard } from "../../http/guard.ts";
import type { Report } from "../../runtime/services.ts";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import type { Session } from "../view-host.ts";

type Member = Session & { readonly userId: number };

const rows = z.object({ title: z.string().min(2, "too short"), rows: z.array(z.object({ n: z.string() })) });

let letsIn = true;
let asked = 0;
let ran: unknown[] = [];

beforeEach(() => {
  letsIn = true;
  asked = 0;
  ran = [];
});

const member = guard((session): session is Member => {
  asked++;
  return letsIn && "userId" in session;
});
const sudo = guard(() => Promise.resolve(letsIn), { otherwise: "/confirm", flash: { info: "Once more." } });

class Edit extends LiveView {
  post = this.form(rows, {
    guard: member,
    values: { title: "first" },
    change: (_form, { session }) => void ran.push(["change", session.userId]),
    invalid: (_form, { session }) => void ran.push(["invalid", session.userId]),
    submit: ({ title }, { session, signal }) => {
      ran.push(["submit", title, session.userId, signal.aborted]);
      return title.length;
    },
  });
  override render() {
    const { fields, change, submit } = this.post;
    return html`<form id="post" phx-change=${change} phx-submit=${submit}>
      <input ...${fields.title.attributes}>${fields.rows.map((row) => html`<input ...${row.n.attributes}>`)}
      <button>Save</button>
    </form><button id="add" type="button" phx-click=${fields.rows.addEvent}>Add</button>`;
  }
}

function make() {
  const reports: Report[] = [];
  const app = createApp({ secret: "s".repeat(32), report: (report) => reports.push(report) });
  app.live("/", Edit, { title: "Edit" });
  return { app, reports };
}

const known = { session: { userId: 7 } as Session };

describe("in a page", () => {
  test("handlers find the session that was let in, and the guard is asked before each event", async () => {
    const view = await live(make().app, "/", known);
    expect(asked).toBe(0);
    await view.form("#post", { title: "x" }).change();
    await view.form("#post", { title: "x" }).submit();
    await view.form("#post", { title: "second" }).submit();
    expect(ran).toEqual([
      ["change", 7],
      ["invalid", 7],
      ["submit", "second", 7, false],
    ]);
    expect(await view.assertReply()).toBe(6);
    expect(asked).toBe(3);
  });

  test("a refused event changes no value, runs no handler, and is reported", async () => {
    const { app, reports } = make();
    const view = await live(app, "/", known);
    letsIn = false;
    await expect(view.form("#post", { title: "other" }).change()).rejects.toThrow("Forbidden");
    await expect(view.form("#post", { title: "other" }).submit()).rejects.toThrow("Forbidden");
    await expect(view.element("#add").click()).rejects.toThrow("Forbidden");
    expect(ran).toEqual([]);
    expect(view.instance).toMatchObject({ post: { value: { title: "first", rows: [] }, submitted: false } });
    expect(reports).toMatchObject(
      ["post.change", "post.submit", "post.add"].map((event) => ({ kind: "refused", event })),
    );
  });

  test("one of a component sends the page elsewhere, and back", async () => {
    class Name extends LiveComponent {
      name = this.form(z.object({ name: z.string() }), {
        guard: sudo,
        submit: ({ name }) => void ran.push(name),
      });
      override render() {
        const { fields, submit } = this.name;
        return html`<form id="name" phx-submit=${submit}><input ...${fields.name.attributes}></form>`;
      }
    }
    class Settings extends LiveView {
      override render = () => html`<${Name} id="name" />`;
    }
    class Confirm extends LiveView {
      back = "";
      override mount() {
        this.back = this.returnTo("/");
      }
      override render = () => html`<p>${this.flash.info} Then ${this.back}</p>`;
    }
    const { app } = make();
    app.live("/settings", Settings);
    app.live("/confirm", Confirm);
    const view = await live(app, "/settings?tab=1");
    await view.form("#name", { name: "Ada" }).submit();
    letsIn = false;
    await view.form("#name", { name: "Eve" }).submit();
    expect(ran).toEqual(["Ada"]);
    const confirm = await view.followRedirect("/confirm");
    expect(confirm.text("p")).toBe("Once more. Then /settings?tab=1");
  });

  test("the schema is not asked about the values of a refused event, nor are hooks", async () => {
    const title = z.string().refine(() => ran.push("schema") > 0);
    class Hooked extends LiveView {
      post = this.form(z.object({ title }), { guard: member });
      override mount() {
        this.attachHook("handleEvent", () => void ran.push("hook"));
      }
      override render() {
        return html`<form id="post" phx-submit=${this.post.submit}><input name="title"></form>`;
      }
    }
    const { app } = make();
    app.live("/hooked", Hooked);
    await expect((await live(app, "/hooked")).form("#post", { title: "a" }).submit()).rejects.toThrow();
    expect(ran).toEqual([]);
    await (await live(app, "/hooked", known)).form("#post", { title: "a" }).submit();
    expect(ran).toEqual(["hook", "schema"]);
  });

  test("a form that no guard stands before has handlers with a signal, which fires when the view ends", async () => {
    let signal: AbortSignal | undefined;
    class Plain extends LiveView {
      post = this.form(z.object({ title: z.string() }), {
        submit: async (_value, run) => {
          signal = run.signal;
          await run.wanted(new Promise(() => {}));
        },
      });
      override render() {
        return html`<form id="post" phx-submit=${this.post.submit}><input name="title"></form>`;
      }
    }
    const view = await live(Plain);
    void view
      .form("#post", { title: "a" })
      .submit()
      .catch(() => {});
    await expect.poll(() => signal?.aborted).toBe(false);
    await view.close();
    expect(signal?.aborted).toBe(true);
  });
});

describe("for frames that no page has sent", () => {
  const events = ["change", "submit", "add", "remove", "move"].map((name) => `post.${name}`);

  test.each(events)("%s is refused as an event and as a form, and the values stay", async (name) => {
    const { app, reports } = make();
    const [token] = await tokensOf(app);
    const line = openSocket(app);
    await line.ask(joinFrame(1, token));
    const payload = { title: "forged", list: "rows", key: "a", to: 0, initial: {} };
    const [[, , , ref, , one] = []] = await line.ask(eventFrame(1, 1, name, payload));
    expect([ref, one]).toMatchObject([1, { x: { code: "forbidden" } }]);
    const [[, , , , , two] = []] = await line.ask(formFrame(1, 2, name, "title=forged&list=rows&key=a"));
    expect(two).toMatchObject({ x: { code: "forbidden" } });
    expect(ran).toEqual([]);
    expect(asked).toBe(2);
    expect(reports.map(({ kind }) => kind)).toEqual(["refused", "refused"]);
  });

  test("none of its events goes by a name without the guard", async () => {
    const { app } = make();
    const [token] = await tokensOf(app);
    const line = openSocket(app);
    await line.ask(joinFrame(1, token));
    const names = [
      "post",
      "submit",
      "post.",
      "post.submit.",
      "post.constructor",
      "post.submit.call",
      ".submit",
    ];
    for (const [at, name] of names.entries()) {
      const [[, , , , , answer] = []] = await line.ask(eventFrame(1, at + 1, name, { title: "forged" }));
      expect(answer, name).toMatchObject({ x: { code: "unknown_event" } });
    }
    expect(ran).toEqual([]);
  });
});

test("anything but a guard is refused as the form is made", () => {
  class Wrong extends LiveView {
    post = this.form(rows, { guard: (() => true) as never });
    override render = () => html``;
  }
  expect(() => new Wrong()).toThrow("The option guard of this.form expects a guard");
});
