import { type LiveDriver, live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { asyncResult, createApp, each, html, memo, Portal, LiveComponent, LiveView, JS, raw } from "@overwire/server";
import * as S from "@overwire/server";

const kids = (view: LiveDriver<any>, sel = "#list > *") => [...view.container.ownerDocument.querySelectorAll(sel)].map((e: any) => e.id).join(" ");
type It = { id: string | number; text?: string };

abstract class Base extends LiveView {
  todo: (v: any) => unknown = () => {};
  act = this.event(() => void this.todo(this));
  override handleInfo(m: any) { m(this); }
}
const act = async (view: LiveDriver<any>, todo: (v: any) => void) => { view.instance.todo = todo; await view.event("act"); await view.settled(); };

test("hooks in items: mounted/updated/destroyed exactly once", async () => {
  const log: string[] = [];
  class V extends Base {
    s = this.stream<It>();
    override mount() { this.s.insertMany([{ id: 1 }, { id: 2 }, { id: 3 }]); }
    render() { return html`<ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id} phx-hook="H">${i.text}<span id="in-${id}" phx-hook="H">x</span></li>`)}</ul>`; }
  }
  const H = { mounted(this: any) { log.push(`m ${this.el.id}`); }, updated(this: any) { log.push(`u ${this.el.id}`); }, destroyed(this: any) { log.push(`d ${this.el.id}`); }, disconnected(this: any) { log.push(`off ${this.el.id}`); }, reconnected(this: any) { log.push(`on ${this.el.id}`); } };
  const view = await live(V, { hooks: { H } as any });
  const take = () => log.splice(0).sort().join(", ");
  expect(take()).toBe("m in-s-1, m in-s-2, m in-s-3, m s-1, m s-2, m s-3");
  await act(view, (v) => v.s.insert({ id: 2, text: "new" }));
  expect(take()).toBe("u s-2");
  await act(view, (v) => { v.s.delete({ id: 1 }); v.s.insert({ id: 1, text: "moved" }); });
  expect(kids(view)).toBe("s-2 s-3 s-1");
  expect(take()).toBe("u s-1");
  await act(view, (v) => { v.s.reset([{ id: 3 }, { id: 4 }, { id: 2, text: "new" }]); });
  expect(kids(view)).toBe("s-3 s-4 s-2");
  expect(take()).toBe("d in-s-1, d s-1, m in-s-4, m s-4");
  await act(view, (v) => { v.s.insert({ id: 5 }, { at: 0, limit: 2 }); });
  expect(take()).toBe("d in-s-2, d in-s-4, d s-2, d s-4, m in-s-5, m s-5");
  await view.disconnect(); await view.reconnect();
  expect(take()).toBe("off in-s-3, off in-s-5, off s-3, off s-5, on in-s-3, on in-s-5, on s-3, on s-5");
  await view.disconnect({ resume: false }); await view.reconnect();
  expect(kids(view)).toBe("s-1 s-2 s-3");
  expect(take()).toBe("d in-s-5, d s-5, m in-s-1, m in-s-2, m s-1, m s-2, off in-s-3, off in-s-5, off s-3, off s-5, on in-s-3, on s-3");
});

test("phx-remove transitions: filter then reset", async () => {
  class V extends Base {
    s = this.stream<It>();
    override mount() { this.s.insertMany(["a", "b", "c", "d"].map((id) => ({ id }))); }
    render() { return html`<ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id} phx-remove=${JS.hide({ transition: ["fade", "from", "to"], time: 60 })}>${i.text ?? i.id}</li>`)}</ul>`; }
  }
  const view = await live(V);
  const items = (ids: string) => ids.split(" ").map((id) => ({ id }));
  await act(view, (v) => v.s.reset(items("b c d")));
  console.log(kids(view), view.html());
  await act(view, (v) => v.s.reset(items("a b c d")));
  console.log(kids(view), view.html());
  await vi.waitUntil(() => kids(view).split(" ").length === 4);
  expect(kids(view)).toBe("s-a s-b s-c s-d");
  await act(view, (v) => v.s.delete({ id: "b" }));
  await act(view, (v) => v.s.insert({ id: "b", text: "again" }, { at: 1 }));
  console.log(view.html());
  await act(view, (v) => v.s.insert({ id: "c", text: "C!" }, { at: 1 }));
  await vi.waitUntil(() => kids(view).split(" ").length === 4);
  await new Promise((r) => setTimeout(r, 150));
  expect(kids(view)).toBe("s-a s-b s-c s-d");
  expect(view.text("#s-b")).toBe("again");
});

test("JS.hide kept on rejoin", async () => {
  class V extends Base {
    s = this.stream<It>();
    override mount() { this.s.insertMany(["a", "b"].map((id) => ({ id }))); }
    render() { return html`<ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id}>${i.text ?? i.id}<button phx-click=${JS.hide({ to: `#${id}` })}>hide</button></li>`)}</ul>`; }
  }
  const view = await live(V);
  await view.element("#s-a button").click();
  const hid = () => (view.element("#s-a").node as any).style.display;
  expect(hid()).toBe("none");
  await view.disconnect(); await view.reconnect();
  expect(hid()).toBe("none");
  await view.disconnect({ resume: false }); await view.reconnect();
  expect(hid()).toBe("none");
});

test("insert before join (published after paint)", async () => {
  const app = createApp({ secret: "x".repeat(32) });
  class V extends Base {
    s = this.stream<It>();
    override mount() { this.subscribe("t"); this.s.insertMany(["a", "b"].map((id) => ({ id }))); if (!this.connected) this.publish("t", (v: any) => v.s.insert({ id: "early" })); }
    render() { return html`<ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id}>${i.text ?? i.id}</li>`)}</ul>`; }
  }
  app.live("/", V);
  const view = await live<V>(app, "/");
  await view.settled();
  expect(kids(view)).toBe("s-a s-b s-early");
});

test("nested views with the same stream name, parent rerenders", async () => {
  class N extends Base {
    s = this.stream<It>({ domId: (i) => `${(this.session as any).p}-${i.id}` });
    override mount() { this.s.insertMany(["a", "b"].map((id) => ({ id }))); }
    add = this.event(() => this.s.insert({ id: "c" }));
    render() { return html`<ul>${this.s.each((id, i) => html`<li id=${id}>${i.text ?? i.id}</li>`)}</ul><button phx-click=${this.add}>add</button>`; }
  }
  class V extends Base {
    n = 0;
    s = this.stream<It>();
    override mount() { this.s.insertMany(["a", "b"].map((id) => ({ id }))); }
    render() { return html`<b>${this.n}</b><ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id}>${i.text ?? i.id}</li>`)}</ul><${N} id="n1" session=${{ p: "x" }}/><${N} id="n2" session=${{ p: "y" }}/>`; }
  }
  const view = await live(V);
  await view.child("n1").element("button").click();
  await act(view, (v) => { v.n++; v.s.insert({ id: "z" }); });
  expect(kids(view)).toBe("s-a s-b s-z");
  expect(kids(view, "#n1 li")).toBe("x-a x-b x-c");
  expect(kids(view, "#n2 li")).toBe("y-a y-b");
  await view.disconnect(); await view.reconnect();
  expect(kids(view)).toBe("s-a s-b s-z");
  expect(kids(view, "#n1 li")).toBe("x-a x-b x-c");
});

test("nested views as items", async () => {
  let live_ = 0;
  class N extends Base {
    n = 0;
    override mount() { live_++; }
    override terminate() { live_--; }
    add = this.event(() => this.n++);
    render() { return html`<i>${(this.session as any).p} ${this.n}</i><button phx-click=${this.add}>add</button>`; }
  }
  class V extends Base {
    n = 0;
    s = this.stream<It>();
    override mount() { this.s.insertMany(["a", "b"].map((id) => ({ id }))); }
    render() { return html`<b>${this.n}</b><ul id="list" phx-update="stream">${this.s.each((id, i) => html`<li id=${id}>${i.text}<${N} id="n-${id}" session=${{ p: i.id }}/></li>`)}</ul>`; }
  }
  const view = await live(V);
  await view.child("n-s-a").element("button").click();
  expect(view.child("n-s-a").text("i")).toBe("a 1");
  await act(view, (v) => { v.s.insert({ id: "c" }); });
  expect(view.child("n-s-c").text("i")).toBe("c 0");
  await act(view, (v) => { v.s.insert({ id: "a", text: "hm" }); });
  await view.settled();
  expect(view.child("n-s-a").text("i")).toBe("a 1");
  await act(view, (v) => { v.s.delete({ id: "a" }); v.s.insert({ id: "a", text: "hm" }); });
  expect(view.child("n-s-a").text("i")).toBe("a 1");
  await act(view, (v) => { v.s.insert({ id: "d" }, { limit: -2 }); });
  expect(kids(view)).toBe("s-a s-d");
  await view.settled();
  await vi.waitFor(() => expect(live_).toBe(2));
  expect(view.child("n-s-a").text("i")).toBe("a 1");
  await view.disconnect(); await view.reconnect(); await view.settled();
  console.log(view.html(), live_);
});

test("sticky/memo/each mixture: stream in each of components", async () => {
  class C extends LiveComponent<{ n: number }> {
    s = this.stream<It>({ domId: (i) => `${this.props.id}-${i.id}` });
    override mount() { this.s.insertMany(["a", "b"].map((id) => ({ id }))); }
    add = this.event(() => this.s.insert({ id: "c" }, { at: 0 }));
    render() { return html`<ul id="ul-${this.props.id}">${this.s.each((id, i) => html`<li id=${id}>${i.id}</li>`)}</ul><button id="b-${this.props.id}" phx-click=${this.add}>${this.props.n}</button>`; }
  }
  class V extends Base {
    order = [1, 2, 3];
    render() { return html`<div id="list">${each(this.order, (o) => o, (o) => html`<p id="p${o}"><${C} id="c${o}" n=${o}/></p>`)}</div>`; }
  }
  const view = await live(V).catch((e) => e);
  console.log(String(view).slice(0, 300));
});
