/** What a view's client has: the tree and title it was sent last. Sends it what differs, or nothing while it is slow. */
import { Differ } from "../template/diff.ts";
import { Template } from "../template/html.ts";
import { renderToHtml } from "../template/render.ts";
import { type Instance, keepTemplate } from "../template/tree.ts";
import { type LiveView, nameOf } from "../view/live-view.ts";
import { END, JOIN, PATCH } from "../wire/keys.ts";
import type { EndCode, Extras, ServerFrame } from "../wire/messages.ts";
import type { Diff } from "../wire/tree.ts";
import type { Sink } from "./services.ts";

const none: Extras = {};

export class Screen {
  readonly #view: LiveView;
  #tree: Instance | undefined;
  #title: string | undefined;
  #sink: Sink | undefined;
  /** The number under which the client knows the view. */
  #number = 0;
  /** Frames sent. */
  #sent = 0;
  /** Events for the page that go with the next patch. */
  #events: [name: string, payload: unknown][] | undefined;
  /** State may have changed that the client was not shown. */
  stale = false;

  constructor(view: LiveView) {
    this.#view = view;
  }

  /** The client's buffer is full. */
  get full(): boolean {
    return this.#sink?.full ?? false;
  }

  /**
   * What the view shows now, for a first paint. Nothing of it is kept: what is painted is joined once, or never.
   * @throws what the author's `render` throws
   */
  html(): string {
    return renderToHtml(this.#render());
  }

  /** Takes a client and sends it the whole tree. @throws what the author's `render` throws */
  attach(view: number, sink: Sink): void {
    this.#sink = sink;
    this.#number = view;
    const differ = new Differ(sink.templates);
    this.#tree = keepTemplate(this.#render());
    this.#title = this.#view.pageTitle;
    this.stale = false;
    const tree = differ.full(this.#tree);
    this.#send(sink, differ, [JOIN, view, ++this.#sent, tree, this.#extras(differ, this.#title)]);
  }

  detach(): void {
    this.#sink = undefined;
  }

  /**
   * Renders, and sends what differs from what the client has. The event `ref` gets its answer in any case.
   * @throws what the author's `render` throws
   */
  update(ref: number, reply?: Extras): void {
    const sink = this.#sink;
    if (!sink || sink.full) {
      this.stale = true;
      if (ref) this.answer(ref, reply ?? none);
      return;
    }
    this.stale = false;
    const differ = new Differ(sink.templates);
    const diff = this.#diff(differ, this.#render());
    const { pageTitle } = this.#view;
    const title = pageTitle === this.#title ? undefined : (pageTitle ?? "");
    this.#title = pageTitle;
    if (diff === undefined && ref === 0 && title === undefined && !this.#events) return;
    const extras = this.#extras(differ, title, reply);
    if (extras === none) sink.send([PATCH, this.#number, ++this.#sent, ref, diff ?? 0]);
    else this.#send(sink, differ, [PATCH, this.#number, ++this.#sent, ref, diff ?? 0, extras]);
  }

  /** Answers an event without rendering. */
  answer(ref: number, extras: Extras): void {
    this.#sink?.send([PATCH, this.#number, ++this.#sent, ref, 0, extras]);
  }

  /** Tells the client that the view is over. */
  end(code: EndCode, message: string): void {
    this.#sink?.send([END, this.#number, code, message]);
  }

  pushEvent(name: string, payload: unknown): void {
    (this.#events ??= []).push([name, payload]);
  }

  #render(): Template {
    const rendered: unknown = this.#view.render();
    if (rendered instanceof Template) return rendered;
    throw new TypeError(
      `${nameOf(this.#view)}.render() must return html\`…\`, but returned ${describe(rendered)}.`,
    );
  }

  #diff(differ: Differ, next: Template): Diff | undefined {
    const tree = this.#tree as Instance;
    if (tree.strings === next.strings) return differ.instance(tree, next);
    this.#tree = keepTemplate(next);
    return differ.full(this.#tree);
  }

  #send(sink: Sink, { fresh }: Differ, frame: ServerFrame): void {
    sink.send(frame);
    // Not before: a reply that is no JSON makes sending throw.
    for (const id in fresh) sink.templates.add(Number(id));
  }

  #extras(differ: Differ, title: string | undefined, reply?: Extras): Extras {
    const events = this.#events;
    if (!differ.fresh && !events && title === undefined) return reply ?? none;
    this.#events = undefined;
    return {
      ...(differ.fresh && { s: differ.fresh }),
      ...(title !== undefined && { t: title }),
      ...(events && { e: events }),
      ...reply,
    };
  }
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a promise: rendering is synchronous, load in mount";
  if (value === undefined) return "nothing: is a return missing?";
  return value === null ? "null" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
