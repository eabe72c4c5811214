/** Live components of a view: their lives, what travels of them, and how they and their view talk to each other. */
import { type Extras, stringify, Tree } from "@overwire/client/wire";
import { receiveFrame } from "@overwire/test-support/receive-frame";
import { startProcess } from "@overwire/test-support/view-process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { LocalPubSub } from "../../pubsub/local.ts";
import { each } from "../../template/each.ts";
import { type Child, html } from "../../template/html.ts";
import { memo } from "../../template/memo.ts";
import { renderToHtml } from "../../template/render.ts";
import { LiveComponent } from "../../view/live-component.ts";
import { LiveView } from "../../view/live-view.ts";
import type { EndReason } from "../../view/view-host.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A view with a client that has what was sent. */
function open<View extends LiveView>(View: new () => View, pubsub = new LocalPubSub()) {
  const { viewProcess, view, sink, reports, sent } = startProcess(View, {
    resolve: (url) => (url.pathname === "/" ? { query: url.searchParams.get("q") ?? "" } : undefined),
    createFlashToken: (flash) => JSON.stringify(flash),
    pubsub,
  });
  const tree = new Tree();
  let ref = 0;
  /** The last frame's extras. */
  let extras: Extras = {};
  const take = () => {
    const taken = sent();
    for (const frame of taken) extras = receiveFrame(tree, frame) ?? extras;
    return taken;
  };
  return {
    viewProcess,
    view,
    sink,
    reports,
    take,
    join() {
      viewProcess.attach(1, sink);
      take();
      return this.page();
    },
    /** An event of the view, or of the component with this number. */
    event(name: string, component?: number, payload: object = {}) {
      viewProcess.event(++ref, name, payload, component);
      return take();
    },
    page: () => (tree.root ? stringify(tree.root) : ""),
    extras: () => extras,
  };
}

class Counter extends LiveComponent<{ label?: string; step?: number; onCount?: (count: number) => void }> {
  count = 0;
  inc = this.event(() => {
    this.count += this.props.step ?? 1;
    this.props.onCount?.(this.count);
  });
  add = this.event(z.object({ by: z.coerce.number() }), ({ by }) => {
    this.count += by;
    return { count: this.count };
  });
  render() {
    return html`<p>${this.props.label ?? this.id}: ${this.count}</p>`;
  }
}

describe("a live component", () => {
  class Two extends LiveView {
    ids = ["a", "b"];
    set = this.event(z.object({ ids: z.array(z.string()) }), ({ ids }) => {
      this.ids = ids;
    });
    clear = this.event(() => {
      this.ids = [];
    });
    render() {
      return html`<main>${each(
        this.ids,
        (id) => id,
        (id) => html`<${Counter} id=${id} />`,
      )}</main>`;
    }
  }

  test("is painted, and its client gets it with a number", () => {
    const page = open(Two);
    expect(page.viewProcess.paint()).toBe("<main><p>a: 0</p><p>b: 0</p></main>");
    page.viewProcess.attach(1, page.sink);
    const [frame] = page.take();
    expect(frame?.[3]).toMatchObject([
      expect.any(Number),
      {
        i: [
          [expect.any(Number), { c: 1, v: [expect.any(Number), "a", "0"] }],
          [expect.any(Number), { c: 2 }],
        ],
      },
    ]);
    expect(page.page()).toBe("<main><p>a: 0</p><p>b: 0</p></main>");
  });

  test("handles its own events; only what changed in it travels, by its number", () => {
    const page = open(Two);
    page.join();
    expect(page.event("inc", 2)).toEqual([["p", 1, 2, 1, 0, { c: { 2: { 1: "1" } } }]]);
    expect(page.event("add", 2, { by: "5" })).toEqual([
      ["p", 1, 3, 2, 0, { c: { 2: { 1: "6" } }, r: { count: 6 } }],
    ]);
    expect(page.page()).toBe("<main><p>a: 0</p><p>b: 6</p></main>");
  });

  test("keeps number and state wherever it moves; those that come get new numbers", () => {
    const page = open(Two);
    page.join();
    page.event("inc", 1);
    page.event("set", 0, { ids: ["c", "b", "a", "d"] });
    expect(page.page()).toBe("<main><p>c: 0</p><p>b: 0</p><p>a: 1</p><p>d: 0</p></main>");
    page.event("inc", 1);
    page.event("inc", 3);
    page.event("inc", 4);
    expect(page.page()).toBe("<main><p>c: 1</p><p>b: 0</p><p>a: 2</p><p>d: 1</p></main>");
  });

  test("ends when it is not rendered any more, and its client forgets it", () => {
    const ended: [string, number, EndReason][] = [];
    class Ending extends Counter {
      override terminate(reason: EndReason) {
        ended.push([this.id, this.count, reason]);
      }
    }
    class View extends Two {
      override render() {
        return html`${this.ids.map((id) => html`<${Ending} id=${id} />`)}`;
      }
    }
    const page = open(View);
    page.join();
    page.event("inc", 1);
    page.event("set", 0, { ids: [] });
    expect(ended).toEqual([
      ["a", 1, "removed"],
      ["b", 0, "removed"],
    ]);
    expect(page.extras()).toEqual({ c: { 1: 0, 2: 0 } });
    page.event("set", 0, { ids: ["a"] });
    expect(page.page(), "one that comes again begins again").toBe("<p>a: 0</p>");
    page.viewProcess.end("left");
    expect(ended.at(-1)).toEqual(["a", 0, "left"]);
  });

  test("that is gone answers its events with an empty patch", () => {
    const page = open(Two);
    page.join();
    page.event("clear");
    expect(page.event("inc", 1)).toEqual([["p", 1, 3, 2, 0]]);
    expect(page.reports).toEqual([]);
  });

  test("goes with the whole page when that is replaced, and the view lives on", () => {
    class View extends LiveView {
      other = false;
      swap = this.event(() => {
        this.other = !this.other;
      });
      render() {
        return this.other ? html`<h1>other</h1>` : html`<div><${Counter} id="a" /></div>`;
      }
    }
    const page = open(View);
    page.join();
    page.event("swap");
    expect(page.page()).toBe("<h1>other</h1>");
    expect(page.extras().c).toEqual({ 1: 0 });
    page.event("swap");
    expect(page.page()).toBe("<div><p>a: 0</p></div>");
    page.event("inc", 2);
    expect(page.page()).toBe("<div><p>a: 1</p></div>");
  });

  test("keeps what it became between the first paint and the join", () => {
    const page = open(Two);
    page.viewProcess.paint();
    page.viewProcess.event(1, "inc", {}, 1);
    expect(page.join()).toBe("<main><p>a: 1</p><p>b: 0</p></main>");
  });

  test("may hold others of its own class, and what stands between its tags", () => {
    class Nest extends LiveComponent<{ depth: number; footer?: Child }> {
      count = 0;
      inc = this.event(() => {
        this.count++;
      });
      render() {
        const { depth, children, footer } = this.props;
        const inner = depth ? html`<${Nest} id=${`${this.id}.`} depth=${depth - 1} />` : null;
        return html`${inner}text ${this.count} ${children}${footer}`;
      }
    }
    class View extends LiveView {
      word = "slot";
      change = this.event(() => {
        this.word = "changed";
      });
      render() {
        return html`<${Nest} id="n" depth=${2} footer=${html`<hr>`}><b>${this.word}</b><${Counter} id="c" /><//>`;
      }
    }
    const page = open(View);
    const shown = (inner: number, outer: number, word: string) =>
      `text 0 text ${inner} text ${outer} <b>${word}</b><p>c: 0</p><hr>`;
    expect(page.join()).toBe(shown(0, 0, "slot"));
    page.event("inc", 2);
    expect(page.page()).toBe(shown(1, 0, "slot"));
    page.event("change");
    expect(page.page()).toBe(shown(1, 0, "changed"));
  });

  test("that shows another template is replaced in its position, alone and in lists", () => {
    class Switch extends LiveComponent {
      on = false;
      flip = this.event(() => {
        this.on = !this.on;
      });
      render() {
        return this.on ? html`<b>on <${Counter} id=${this.id} /></b>` : html`<i>off</i>`;
      }
    }
    class View extends LiveView {
      render() {
        return html`<${Switch} id="a" /><ul>${["b", "c"].map((id) => html`<${Switch} id=${id} />`)}</ul>`;
      }
    }
    const page = open(View);
    page.join();
    page.event("flip", 1);
    page.event("flip", 3);
    page.event("inc", 5);
    expect(page.page()).toBe("<b>on <p>a: 0</p></b><ul><i>off</i><b>on <p>c: 1</p></b></ul>");
    page.event("flip", 3);
    expect(page.extras().c).toMatchObject({ 3: [expect.any(Number)], 5: 0 });
    expect(page.page()).toBe("<b>on <p>a: 0</p></b><ul><i>off</i><i>off</i></ul>");
  });

  test("is an own one with each number as id, and one with the text of it", () => {
    class View extends LiveView {
      ids: (number | string)[] = [1, 2];
      texts = this.event(() => {
        this.ids = ["1", "2"];
      });
      render() {
        return html`${this.ids.map((id) => html`<${Counter} id=${id} />`)}`;
      }
    }
    const page = open(View);
    page.join();
    page.event("inc", 2);
    page.event("texts");
    expect(page.page()).toBe("<p>1: 0</p><p>2: 1</p>");
  });
});

describe("in a memo", () => {
  class Inner extends LiveComponent<{ onPick: () => void }> {
    picks = 0;
    pick = this.event(() => {
      this.picks++;
      this.props.onPick();
    });
    render() {
      return html`<i>${this.picks}</i>`;
    }
  }
  class Outer extends LiveComponent {
    picked = 0;
    renders = 0;
    onPick = () => {
      this.picked++;
    };
    render() {
      this.renders++;
      return html`<b>${this.picked}<${Inner} id=${this.id} onPick=${this.onPick} /></b>`;
    }
  }
  class View extends LiveView {
    version = 0;
    nothing = this.event(() => {});
    render() {
      return html`<div>${memo([this.version], () => html`<${Outer} id="1" /><${Outer} id="2" />`)}</div>`;
    }
  }

  test("a component is rendered for its own sake only, and with it those that it tells", () => {
    const page = open(View);
    expect(page.join()).toBe("<div><b>0<i>0</i></b><b>0<i>0</i></b></div>");
    page.event("nothing");
    expect(page.event("pick", 3)).toEqual([["p", 1, 3, 2, 0, { c: { 1: { 0: "1" }, 3: { 0: "1" } } }]]);
    expect(page.page()).toBe("<div><b>1<i>1</i></b><b>0<i>0</i></b></div>");
  });

  test("a component is sent new when the memo is", () => {
    const page = open(View);
    page.join();
    page.event("pick", 4);
    page.view.version++;
    page.event("nothing");
    expect(page.page()).toBe("<div><b>0<i>0</i></b><b>1<i>1</i></b></div>");
    page.event("pick", 4);
    expect(page.page()).toBe("<div><b>0<i>0</i></b><b>2<i>2</i></b></div>");
  });

  test("an asynchronous handler shows what it flushed and what came after", async () => {
    class Slow extends LiveComponent {
      step = "start";
      go = this.event(async () => {
        this.step = "half";
        this.flush();
        await Promise.resolve();
        this.step = "done";
      });
      render() {
        return html`<p>${this.step}</p>`;
      }
    }
    class View extends LiveView {
      render() {
        return html`${memo([], () => html`<${Slow} id="s" />`)}`;
      }
    }
    const page = open(View);
    page.join();
    page.event("go", 1);
    expect(page.page()).toBe("<p>half</p>");
    await page.viewProcess.whenIdle();
    page.take();
    expect(page.page()).toBe("<p>done</p>");
  });
});

describe("props", () => {
  test("are those of the last rendering; functions among them tell the view", () => {
    class View extends LiveView {
      step = 2;
      last = 0;
      render() {
        return html`<${Counter} id="c" step=${this.step} onCount=${(count: number) => {
          this.last = count;
        }} ...${{ label: `last ${this.last}` }} />`;
      }
    }
    const page = open(View);
    page.join();
    page.event("inc", 1);
    expect(page.page()).toBe("<p>last 2: 2</p>");
    page.view.step = 10;
    page.event("inc", 1);
    expect(page.page(), "the props are those it was rendered with").toBe("<p>last 4: 4</p>");
    page.event("inc", 1);
    expect(page.page()).toBe("<p>last 14: 14</p>");
  });

  test("are there from the first field on; mount runs once, update before each rendering", () => {
    const calls: unknown[] = [];
    class Noting extends LiveComponent<{ n: number }> {
      first = this.props.n;
      override mount() {
        calls.push(`mount ${this.id} ${this.props.n}`);
      }
      override update(previous?: this["props"]) {
        calls.push(`update ${previous?.n} ${this.props.n}`);
      }
      render() {
        return html`<p>${this.first} ${this.props.n} ${this.target}</p>`;
      }
    }
    class View extends LiveView {
      n = 1;
      more = this.event(() => {
        this.n++;
      });
      render() {
        return html`<${Noting} id="x" n=${this.n} />`;
      }
    }
    const page = open(View);
    page.viewProcess.paint();
    page.join();
    page.event("more");
    expect(calls).toEqual(["mount x 1", "update undefined 1", "update 1 1", "update 1 2"]);
    expect(page.page()).toBe("<p>1 2 1</p>");
  });

  test("updateMany comes in place of update, once for all of a class on each level", () => {
    const calls: string[] = [];
    class Row extends LiveComponent<{ depth?: number }> {
      name = "";
      static updateMany(rows: readonly Row[]) {
        calls.push(rows.map(({ id }) => id).join());
        for (const row of rows) row.name = row.id.toUpperCase();
      }
      override update() {
        calls.push("never");
      }
      render() {
        return html`<p>${this.name}</p>${this.props.depth ? html`<${Row} id=${`${this.id}1`} />` : null}`;
      }
    }
    class View extends LiveView {
      send1 = this.event(() => this.sendUpdate(Row, { id: "b" }));
      render() {
        return html`<${Row} id="a" depth=${1} /><${Counter} id="c" /><div><${Row} id="b" depth=${1} /></div>`;
      }
    }
    const page = open(View);
    expect(page.join()).toBe("<p>A</p><p>A1</p><p>c: 0</p><div><p>B</p><p>B1</p></div>");
    expect(calls.splice(0)).toEqual(["a,b", "a1,b1"]);
    page.event("send1");
    expect(calls).toEqual(["a,b", "a1,b1", "b", "a,b", "a1,b1"]);
  });
});

describe("sendUpdate", () => {
  class Sent extends LiveComponent<{ from?: string; to?: number; list?: string[] }> {
    got: unknown[] = [];
    override update(previous?: this["props"]) {
      if (this.props.to !== previous?.to) this.got.push(this.props.to);
    }
    render() {
      return html`<p>${this.props.from} ${this.got.join()}</p>`;
    }
  }
  class View extends LiveView {
    from = "view";
    both = this.event(() => {
      this.sendUpdate(Sent, { id: "a", to: 1 });
      this.sendUpdate(Sent, { id: "b", to: 2 });
    });
    rename = this.event(() => {
      this.sendUpdate(Sent, { id: "a", from: "sent" });
    });
    missing = this.event(() => this.sendUpdate(Sent, { id: "nobody" }));
    noId = this.event(() => this.sendUpdate(Sent, {} as { id: string }));
    noClass = this.event(() => this.sendUpdate(View as never, { id: "a" }));
    later = this.event(() => {
      this.setTimeout(() => this.sendUpdate(Sent, { id: "b", to: 3 }), 10);
    });
    render() {
      return html`<${Sent} id="a" from=${this.from} /><${Sent} id="b" from=${this.from} />`;
    }
  }

  test("updates each component once, at once or later", () => {
    vi.useFakeTimers();
    const page = open(View);
    expect(page.join()).toBe("<p>view </p><p>view </p>");
    page.event("both");
    expect(page.page()).toBe("<p>view 1</p><p>view 2</p>");
    page.event("later");
    vi.advanceTimersByTime(10);
    page.take();
    expect(page.page()).toBe("<p>view 1</p><p>view 2,3</p>");
  });

  test("stays until the component's tag gives something else", () => {
    const page = open(View);
    page.join();
    page.event("rename");
    page.event("both");
    expect(page.page()).toBe("<p>sent 1</p><p>view 2</p>");
    page.view.from = "new";
    page.event("both");
    expect(page.page()).toBe("<p>new 1</p><p>new 2</p>");
  });

  test("to a component that is not there is a warning; without id, or with another class, an error", () => {
    const page = open(View);
    page.join();
    page.event("missing");
    expect(page.reports).toEqual([
      expect.objectContaining({
        kind: "warning",
        message: 'There is no Sent with the id "nobody" in this view.',
      }),
    ]);
    page.event("noId");
    expect(page.viewProcess.failure?.error).toMatchObject({
      message: 'sendUpdate(Sent, { id: "…" }) needs the id of the component that is meant.',
    });
    const other = open(View);
    other.join();
    other.event("noClass");
    expect(String(other.viewProcess.failure?.error)).toContain("takes the class of a live component");
  });

  test("from mount waits for the first rendering", () => {
    class Early extends View {
      override mount() {
        this.sendUpdate(Sent, { id: "a", to: 7 });
      }
    }
    const page = open(Early);
    page.viewProcess.paint();
    expect(page.join()).toBe("<p>view 7</p><p>view </p>");
    expect(page.reports).toEqual([]);
  });

  test("reaches itself, a sibling and the view", () => {
    class Child extends LiveComponent<{ count?: number; tell: (count: number) => void }> {
      self = this.event(() => this.sendUpdate(Child, { id: this.id, count: 1 }));
      sibling = this.event(() => this.sendUpdate(Child, { id: "child_2", count: 2 }));
      root = this.event(() => this.props.tell(-1));
      render() {
        return html`<p>${this.id} = ${this.props.count ?? 0}</p>`;
      }
    }
    class Root extends LiveView {
      count = 0;
      tell = (count: number) => {
        this.count = count;
      };
      render() {
        const child = (id: string) => html`<${Child} id=${id} tell=${this.tell} />`;
        return html`<b>root = ${this.count}</b>${child("child_1")}${child("child_2")}`;
      }
    }
    const page = open(Root);
    page.join();
    for (const name of ["self", "sibling", "root"]) page.event(name, 1);
    page.take();
    expect(page.page()).toBe("<b>root = -1</b><p>child_1 = 1</p><p>child_2 = 2</p>");
  });
});

describe("a component's share of its view", () => {
  test("timers and subscriptions of its own, which end with it", async () => {
    vi.useFakeTimers();
    const pubsub = new LocalPubSub();
    class Ticking extends LiveComponent {
      seen: string[] = [];
      override mount() {
        this.setInterval(() => this.seen.push("tick"), 10);
        this.subscribe<string>("news", (news) => this.seen.push(news));
        this.subscribe("for the view");
      }
      render() {
        return html`<p>${this.seen.join()}</p>`;
      }
    }
    class View extends LiveView {
      shown = true;
      got: unknown[] = [];
      hide = this.event(() => {
        this.shown = false;
      });
      override handleInfo(message: unknown) {
        this.got.push(message);
      }
      render() {
        return html`${this.shown && html`<${Ticking} id="t" />`}`;
      }
    }
    const page = open(View, pubsub);
    page.join();
    vi.advanceTimersByTime(20);
    pubsub.publish("news", "hello");
    pubsub.publish("for the view", 1);
    await vi.advanceTimersByTimeAsync(0);
    page.take();
    expect(page.page()).toBe("<p>tick,tick,hello</p>");
    expect(page.view.got).toEqual([1]);
    page.event("hide");
    expect(vi.getTimerCount()).toBe(0);
    pubsub.publish("news", "nobody hears");
    await vi.advanceTimersByTimeAsync(0);
    expect(page.take()).toEqual([]);
  });

  test("events for the page: one pushed in mount and one in a handler come once each", () => {
    class Pushing extends LiveComponent {
      count = 0;
      override mount() {
        this.pushEvent("count", { count: this.count });
      }
      inc = this.event(() => {
        this.pushEvent("count", { count: ++this.count });
      });
      render() {
        return html`<p>static</p>`;
      }
    }
    class View extends LiveView {
      nothing = this.event(() => {});
      render() {
        return html`<${Pushing} id="p" />`;
      }
    }
    const page = open(View);
    page.viewProcess.paint();
    page.join();
    expect(page.extras().e).toEqual([["count", { count: 0 }]]);
    page.event("inc", 1);
    expect(page.extras()).toEqual({ e: [["count", { count: 1 }]] });
    page.event("nothing");
    expect(page.extras().e).toBeUndefined();
  });

  class Going extends LiveComponent {
    note = this.event(() => this.putFlash("info", "stays"));
    patch = this.event(() => {
      this.putFlash("info", "ok!");
      this.pushPatch("/?q=1");
    });
    navigate = this.event(() => {
      this.pushNavigate("/other");
      this.putFlash("info", "ok!");
    });
    load = this.event(() => {
      this.putFlash("info", "ok!");
      this.redirect("/other");
    });
    render() {
      return html`<p>${this.flash.info}</p>`;
    }
  }
  class GoingView extends LiveView {
    render() {
      return html`<b>${this.flash.info} ${this.params.query as string}</b><${Going} id="g" />`;
    }
  }

  test("the page's way elsewhere, and its messages go along", () => {
    for (const [event, kind] of [
      ["navigate", "navigate"],
      ["load", "redirect"],
    ] as const) {
      const page = open(GoingView);
      page.join();
      page.event("note", 1);
      page.event(event, 1);
      expect(page.extras().n, kind).toEqual([kind, "/other", 0, '{"info":"ok!"}']);
    }
    const page = open(GoingView);
    page.join();
    page.event("patch", 1);
    expect(page.extras().n).toEqual(["patch", "/?q=1", 0]);
    expect(page.page()).toBe("<b>ok! 1</b><p>ok!</p>");
  });

  test("a flash of its own, which its view does not show", () => {
    const page = open(GoingView);
    page.join();
    page.event("note", 1);
    expect(page.page()).toBe("<b> </b><p>stays</p>");
    page.event("lv:clear-flash", 1, { key: "info" });
    expect(page.page()).toBe("<b> </b><p></p>");
  });

  test("hooks before its events and after renderings, but not before what is the view's", () => {
    const calls: string[] = [];
    class Hooked extends Counter {
      override mount() {
        this.attachHook("handleEvent", (name) => void calls.push(name));
        this.attachHook("afterRender", () => void calls.push("rendered"));
      }
    }
    class Wrong extends Counter {
      override mount() {
        this.attachHook("handleInfo", () => {});
      }
    }
    class View extends LiveView {
      nothing = this.event(() => {});
      render() {
        return html`<${Hooked} id="h" />`;
      }
    }
    const page = open(View);
    page.join();
    page.event("inc", 1);
    page.event("nothing");
    expect(calls).toEqual(["inc", "rendered", "rendered"]);
    class WrongView extends LiveView {
      render() {
        return html`<${Wrong} id="w" />`;
      }
    }
    expect(() => open(WrongView).viewProcess.paint()).toThrow(
      'Wrong "w" threw in mount(): Wrong is a live component and has no handleInfo',
    );
  });
});

describe("components that are refused", () => {
  const view = (content: () => Child) =>
    open(
      class View extends LiveView {
        change = this.event(() => {});
        render() {
          return html`<main>${content()}</main>`;
        }
      },
    );

  test.each<[string, () => Child, string]>([
    [
      "no id",
      () => html`<${Counter} />`,
      "A live component needs an id that no other of its class has in this view",
    ],
    ["an empty id", () => html`<${Counter} id=${null} />`, '<${Counter} id="…" />'],
    [
      "the same twice",
      () => html`<${Counter} id="a" /><${Counter} id="a" />`,
      'Counter "a" stands in two places of one rendering. Give each its own id.',
    ],
    [
      "a class that is no component",
      () => html`<${Map} />`,
      "Map is a class, but neither a LiveComponent nor",
    ],
  ])("%s", (_, content, message) => {
    expect(() => view(content).viewProcess.paint()).toThrow(message);
    const page = view(content);
    page.join();
    expect(String(page.viewProcess.failure?.error)).toContain(message);
  });

  test("if no view is rendered", () => {
    expect(() => renderToHtml(html`<${Counter} id="a" />`)).toThrow(
      "Counter is a class, a live component or a view, and can only stand in what a view renders",
    );
  });

  test("made with new", () => {
    expect(() => new Counter().props).toThrow(
      'Counter.props needs a view around it, but this component was made with new. Write it as a tag: <${Counter} id="…" />.',
    );
  });

  test("one in a memo that is not rendered again, and elsewhere too", () => {
    let elsewhere = false;
    const page = view(() => [
      memo([], () => html`<${Counter} id="a" />`),
      elsewhere && html`<${Counter} id="a" />`,
    ]);
    page.join();
    elsewhere = true;
    page.event("change");
    expect(String(page.viewProcess.failure?.error)).toContain('Counter "a" stands in two places');
  });

  test("a component that holds itself", () => {
    class Endless extends LiveComponent {
      render(): ReturnType<LiveComponent["render"]> {
        return html`<${Endless} id=${`${this.id.length}${this.id}`.slice(0, 8) + Math.random()} />`;
      }
    }
    expect(() => view(() => html`<${Endless} id="e" />`).viewProcess.paint()).toThrow("without end");
  });

  test.each<[string, Partial<LiveComponent>, string]>([
    ["mount", { mount: () => fail("boom") }, 'Bad "b" threw in mount(): boom'],
    ["update", { update: () => fail("boom") }, 'Bad "b" threw in update(): boom'],
    ["render", { render: () => fail("boom") }, 'Bad "b" threw in render(): boom'],
    [
      "render without html",
      { render: () => undefined as never },
      "Bad.render() must return html`…`, but returned nothing",
    ],
    [
      "an asynchronous mount",
      { mount: async () => {} },
      "mount() of a live component cannot be asynchronous",
    ],
    [
      "navigation while the view is rendered",
      {
        update(this: LiveComponent) {
          this.pushPatch("/");
        },
      },
      "Bad cannot send the page elsewhere in mount or update",
    ],
  ])("a component's error is its view's, and names it: %s", (_, methods, message) => {
    class Bad extends LiveComponent {
      render() {
        return html`<p>fine</p>`;
      }
    }
    Object.assign(Bad.prototype, methods);
    const page = view(() => html`<${Bad} id="b" />`);
    page.join();
    expect(page.viewProcess.failure?.error).toMatchObject({ message: expect.stringContaining(message) });
    expect(page.viewProcess.ended).toBe(true);
  });

  test("a handler's error ends the view and is reported with the component's name", () => {
    class Bad extends Counter {
      fail = this.event(() => fail("boom"));
    }
    const page = view(() => html`<${Bad} id="b" />`);
    page.join();
    expect(page.event("fail", 1).at(-1)).toEqual(["x", 1, "crashed", expect.any(String)]);
    expect(page.reports).toEqual([expect.objectContaining({ kind: "crash", event: "Bad.fail" })]);
  });

  test("an event that a component does not declare is refused in its name", () => {
    const page = view(() => html`<${Counter} id="a" />`);
    page.join();
    page.event("missing", 1);
    expect(page.extras().x).toMatchObject({ code: "unknown_event" });
    expect(page.extras().x?.message).toContain('Counter declares no event "missing"');
    page.event("render", 1);
    expect(page.extras().x).toMatchObject({ code: "unknown_event" });
  });

  test("two items of a list with the same key are told of, once", () => {
    const page = view(() =>
      each(
        [1, 2, 1],
        (item) => item,
        (item) => html`<p>${item}</p>`,
      ),
    );
    page.join();
    page.event("change");
    page.event("change");
    expect(page.reports).toEqual([
      expect.objectContaining({
        kind: "warning",
        message: expect.stringContaining('Two items of an each have the key "1"'),
      }),
    ]);
  });
});

function fail(message: string): never {
  throw new Error(message);
}
