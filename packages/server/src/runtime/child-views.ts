/** The nested views of one view: each a container in its HTML, and a process that waits there for its own join. */
import { randomUUID } from "node:crypto";
import { ATTR_STICKY, ATTR_TOKEN } from "@overwire/client/wire";
import { attributeHtml, readAttribute, reservedName } from "../template/attributes.ts";
import { TemplateValueError } from "../template/errors.ts";
import { escapeHtml } from "../template/escape.ts";
import { Raw } from "../template/raw.ts";
import { isReserved } from "../template/urls.ts";
import { guardsOf } from "../view/guard.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session, ViewHost } from "../view/view-host.ts";
import type {
  ChildPosition,
  ChildRegistry,
  ChildView,
  ChildViewInit,
  CompletedRedirect,
  GuardAround,
  ViewInit,
} from "./view-init.ts";

interface ChildEntry {
  readonly place: ChildPosition & { viewProcess: ChildView };
  readonly sticky: boolean;
  /** The container without content, the same one as long as the process is. */
  readonly shell: Raw;
  readonly started: Promise<void> | undefined;
}

interface ChildStart {
  readonly sticky: boolean;
  readonly session: Session;
  readonly props: Readonly<Record<string, unknown>>;
  /** It is rendered for a first paint. */
  readonly painting: boolean;
}

const own = new Set(["id", "sticky", "session", "children"]);
/** Replaces content that is not there yet; it is unguessable, so no text is mistaken for it. */
const unpainted = randomUUID();
const waiting = new RegExp(`<!--${unpainted}:(\\d+)-->`, "g");

const FEW = 16;

export class ChildViews {
  readonly #init: ViewInit;
  readonly #host: ViewHost;
  readonly #registry: ChildRegistry;
  readonly #children = new Map<string, ChildEntry>();
  /** Containers of the first paint whose content is not there yet. */
  readonly #unpainted: ChildEntry[] = [];
  /** Number of them from which on those that are over are looked for. */
  #most = FEW;
  /** Ids that the rendering under way has used. */
  #used: Set<string> | undefined;

  /**
   * @param init of the view around them
   * @param host of the view around them
   * @param first the first of them, for the error
   * @throws Error if the page has no socket
   */
  constructor(init: ViewInit, host: ViewHost, first: ViewClass) {
    const { childRegistry } = init;
    if (!childRegistry) throw new Error(`${first.name} cannot be nested here: its page has no socket.`);
    this.#init = init;
    this.#host = host;
    this.#registry = childRegistry;
  }

  /** A rendering begins. */
  begin(): void {
    this.#used?.clear();
  }

  /**
   * The container of a nested view, with its content if no client is there; its process is started if it is not there.
   * @throws TemplateValueError for props that a nested view cannot have
   */
  render(View: ViewClass, props: Readonly<Record<string, unknown>>): Raw {
    const painting = !this.#host.connected;
    const { id, sticky, session } = props;
    if (typeof id !== "string" && typeof id !== "number") {
      throw new TemplateValueError(`A nested view needs an id: <\${${View.name}} id="…" />.`);
    }
    const key = String(id);
    const used = (this.#used ??= new Set());
    if (used.has(key)) throw new TemplateValueError(`Two nested views have the id ${JSON.stringify(key)}.`);
    used.add(key);
    let child = this.#children.get(key);
    const there = child?.place.viewProcess;
    if (!child || there?.init.View !== View || (there.ended && !there.failure)) {
      if (child) leave(child);
      child = this.#start(View, key, {
        sticky: !!sticky,
        session: (session ?? {}) as Session,
        props,
        painting,
      });
      this.#children.set(key, child);
      if (this.#children.size > this.#most) this.#prune();
    }
    return painting ? new Raw(this.#painted(child)) : child.shell;
  }

  /** Forgets children that have left, such as those in items of a stream, which are not rendered again. */
  #prune(): void {
    for (const [id, { place }] of this.#children) {
      if (place.viewProcess.ended && !place.viewProcess.failure) this.#children.delete(id);
    }
    this.#most = 2 * this.#children.size + FEW;
  }

  #start(View: ViewClass, id: string, { sticky, session, props, painting }: ChildStart): ChildEntry {
    const there = sticky ? this.#registry.sticky(id) : undefined;
    const known = there?.init.View === View && !there.ended ? there : undefined;
    const empty: ChildPosition = { viewProcess: undefined, isOver: false };
    const all = { ...this.#init.child?.session, ...session };
    const child: ChildViewInit = { id, sticky, position: empty, session: all };
    const viewProcess = known ?? this.#make(View, session, child, painting);
    const place = Object.assign(empty, { viewProcess });
    const shell = new Raw(container(id, this.#registry.token(viewProcess), sticky, props));
    if (known) return { place, sticky, shell, started: undefined };
    let started: Promise<void> | undefined;
    try {
      started = viewProcess.start() ?? undefined;
    } catch (error) {
      // In a page that lives only this part of it fails, and its client tries again.
      if (painting) throw error;
    }
    started?.catch(() => {});
    if (!viewProcess.ended) this.#registry.wait(viewProcess);
    return { place, sticky, shell, started };
  }

  #make(View: ViewClass, session: Session, child: ChildViewInit, painting: boolean): ChildView {
    const { owner, childRegistry, createFlashToken, extendSession, guards } = this.#init;
    const { url, context, params } = this.#host;
    const isOwn = Object.keys(session).length > 0;
    return this.#registry.spawn({
      View,
      url,
      params: {},
      session: { ...this.#host.session, ...session },
      owner,
      context: { ...context },
      painting,
      child,
      childRegistry,
      guards,
      around: guardsAround(this.#init, params),
      ...(createFlashToken && { createFlashToken }),
      ...(extendSession && { extendSession }),
      ...(isOwn && { extendSession: (of) => ({ ...(extendSession?.(of) ?? of), ...session }) }),
    });
  }

  #painted(child: ChildEntry): string {
    const [open, close] = [child.shell.html.slice(0, -"</div>".length), "</div>"];
    const { viewProcess } = child.place;
    if (viewProcess.completedRedirect) return child.shell.html;
    const content = child.started ? undefined : viewProcess.paint();
    if (typeof content === "string") return open + content + close;
    return `${open}<!--${unpainted}:${this.#unpainted.push(child) - 1}-->${close}`;
  }

  /** Inserts content that took time. @throws the error of a nested view while it mounts or renders */
  fill(html: string): string | Promise<string> {
    if (!this.#unpainted.length) return html;
    return Promise.all(
      this.#unpainted.map(async ({ place: { viewProcess }, started }) => {
        await started;
        return viewProcess.completedRedirect ? "" : viewProcess.paint();
      }),
    ).then((contents) => html.replace(waiting, (_, index) => contents[Number(index)] as string));
  }

  /** Redirect of the whole page by one of them. */
  get completedRedirect(): CompletedRedirect | undefined {
    for (const { place } of this.#children.values())
      if (place.viewProcess.completedRedirect) return place.viewProcess.completedRedirect;
    return undefined;
  }

  /** The view around them is over. Those that are sticky end with their connection. */
  end(): void {
    for (const child of this.#children.values()) {
      if (child.sticky) child.place.isOver = true;
      else leave(child);
    }
  }
}

/** Guards that stand before the nested views of a view. */
function guardsAround({ around, onMount, View }: ViewInit, params: Params): ViewInit["around"] {
  const own = guardsOf(onMount, View.guard)?.map((guard): GuardAround => [guard, params]);
  return own ? [...(around ?? []), ...own] : around;
}

function leave({ place }: ChildEntry): void {
  place.isOver = true;
  place.viewProcess.end("left");
}

function container(
  id: string,
  token: string,
  sticky: boolean,
  props: Readonly<Record<string, unknown>>,
): string {
  let html = `<div id="${escapeHtml(id)}" ${ATTR_TOKEN}="${token}"${sticky ? ` ${ATTR_STICKY}` : ""}`;
  for (const [name, value] of Object.entries(props)) {
    if (own.has(name) || value === undefined || value === null || value === false) continue;
    if (!/^(class|style|role|tabindex|(data|aria)-[\w-]+)$/.test(name)) {
      throw new TemplateValueError(
        `A nested view takes id, sticky, session, class, style, role, tabindex, data-* and aria-*, but was given ${name}.`,
      );
    }
    if (isReserved(name)) throw reservedName(name);
    html += attributeHtml(name, readAttribute(name, value), "none");
  }
  return `${html}></div>`;
}
