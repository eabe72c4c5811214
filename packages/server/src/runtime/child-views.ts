/** The nested views of one view: each a container in its HTML, and a process that waits there for its own join. */
import { randomUUID } from "node:crypto";
import { attributeHtml, readAttribute, reservedName } from "../template/attributes.ts";
import { BadValue } from "../template/errors.ts";
import { escapeHtml } from "../template/escape.ts";
import { Raw } from "../template/raw.ts";
import { isReserved } from "../template/urls.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import { ATTR_STICKY, ATTR_TOKEN } from "../wire/constants.ts";
import type { Gone, Nested, NestedPlace, Nestling, Nursery } from "./view-init.ts";

/** Makes the process of a nested view. */
export type Spawn = (View: ViewClass, session: Session, nested: Nested) => Nestling;

interface Child {
  readonly place: NestedPlace & { process: Nestling };
  readonly sticky: boolean;
  /** The container without content, the same one as long as the process is. */
  readonly shell: Raw;
  readonly started: Promise<void> | undefined;
}

const own = new Set(["id", "sticky", "session", "children"]);
/** Stands for content that is not there yet; nobody can guess it, so no text is taken for it. */
const unpainted = randomUUID();
const waiting = new RegExp(`<!--${unpainted}:(\\d+)-->`, "g");

const FEW = 16;

export class NestedViews {
  readonly #children = new Map<string, Child>();
  readonly #spawn: Spawn;
  readonly #nursery: Nursery;
  /** Containers of the first paint whose content is not there yet. */
  readonly #unpainted: Child[] = [];
  /** How many there may be before it is looked which of them are over. */
  #most = FEW;
  /** Ids that the rendering under way has used. */
  #used: Set<string> | undefined;

  constructor(spawn: Spawn, nursery: Nursery) {
    this.#spawn = spawn;
    this.#nursery = nursery;
  }

  /** A rendering begins. */
  begin(): void {
    this.#used?.clear();
  }

  /**
   * The container of a nested view; its process is started if it is not there.
   * @param painting with its content, for a first paint
   */
  place(View: ViewClass, props: Readonly<Record<string, unknown>>, painting: boolean): Raw {
    const { id, sticky, session } = props;
    if (typeof id !== "string" && typeof id !== "number") {
      throw new BadValue(`A nested view needs an id: <\${${View.name}} id="…" />.`);
    }
    const key = String(id);
    const used = (this.#used ??= new Set());
    if (used.has(key)) throw new BadValue(`Two nested views have the id ${JSON.stringify(key)}.`);
    used.add(key);
    let child = this.#children.get(key);
    const there = child?.place.process;
    if (!child || there?.View !== View || (there.ended && !there.crashed)) {
      if (child) leave(child);
      child = this.#start(View, key, !!sticky, (session ?? {}) as Session, props, painting);
      this.#children.set(key, child);
      if (this.#children.size > this.#most) this.#prune();
    }
    return painting ? new Raw(this.#painted(child)) : child.shell;
  }

  /** Forgets those that have left, as items of a stream do that nobody renders again. */
  #prune(): void {
    for (const [id, { place }] of this.#children) {
      if (place.process.ended && !place.process.crashed) this.#children.delete(id);
    }
    this.#most = 2 * this.#children.size + FEW;
  }

  #start(
    View: ViewClass,
    id: string,
    sticky: boolean,
    session: Session,
    props: Readonly<Record<string, unknown>>,
    painting: boolean,
  ): Child {
    const there = sticky ? this.#nursery.sticky(id) : undefined;
    const known = there?.View === View && !there.ended ? there : undefined;
    const empty: NestedPlace = { process: undefined, isOver: false };
    const process = known ?? this.#spawn(View, session, { id, sticky, place: empty });
    const place = Object.assign(empty, { process });
    const shell = new Raw(container(id, this.#nursery.token(process), sticky, props));
    if (known) return { place, sticky, shell, started: undefined };
    let started: Promise<void> | undefined;
    try {
      started = process.start() ?? undefined;
    } catch (error) {
      // In a page that lives only this part of it fails, and its client tries again.
      if (painting) throw error;
    }
    started?.catch(() => {});
    if (!process.ended) this.#nursery.wait(process);
    return { place, sticky, shell, started };
  }

  #painted(child: Child): string {
    const [open, close] = [child.shell.html.slice(0, -"</div>".length), "</div>"];
    const { process } = child.place;
    if (process.going) return child.shell.html;
    const content = child.started ? undefined : process.paint();
    if (typeof content === "string") return open + content + close;
    return `${open}<!--${unpainted}:${this.#unpainted.push(child) - 1}-->${close}`;
  }

  /** Puts in what took time. @throws what a nested view throws while it mounts or renders */
  fill(html: string): string | Promise<string> {
    if (!this.#unpainted.length) return html;
    return Promise.all(
      this.#unpainted.map(async ({ place: { process }, started }) => {
        await started;
        return process.going ? "" : process.paint();
      }),
    ).then((contents) => html.replace(waiting, (_, index) => contents[Number(index)] as string));
  }

  /** Where one of them sends the whole page. */
  get going(): Gone | undefined {
    for (const { place } of this.#children.values()) if (place.process.going) return place.process.going;
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

function leave({ place }: Child): void {
  place.isOver = true;
  place.process.end("left");
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
      throw new BadValue(
        `A nested view takes id, sticky, session, class, style, role, tabindex, data-* and aria-*, but was given ${name}.`,
      );
    }
    if (isReserved(name)) throw reservedName(name);
    html += attributeHtml(name, readAttribute(name, value), 0);
  }
  return `${html}></div>`;
}
