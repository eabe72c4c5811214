/** Nested views between being rendered and being joined: with their page, and with the connection that has the page. */
import type { Services } from "./services.ts";
import type { ChildRegistry, ChildView, ViewInit } from "./view-init.ts";
import type { ViewOwner } from "./view-owner.ts";
import { ViewProcess } from "./view-process.ts";

/** Keeps views until their clients join them. */
export interface WaitingList {
  wait(viewProcess: ViewProcess): void;
}

/** The nested views that one connection may join, and join again after a crash. */
export class ConnectionChildren {
  readonly #limit: number;
  readonly #all = new Map<string, ViewProcess>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Of several under one id the last one counts. */
  register(viewProcess: ViewProcess): void {
    this.#all.delete(viewProcess.id);
    this.#all.set(viewProcess.id, viewProcess);
    for (const [id, known] of this.#all) if (known.ended && !isRenewable(known)) this.#all.delete(id);
    if (this.#all.size <= this.#limit) return;
    for (const [id, { ended, failure }] of this.#all) if (ended && !failure) this.#all.delete(id);
    for (const [id] of this.#all) {
      if (this.#all.size <= this.#limit) return;
      this.#all.delete(id);
    }
  }

  forget(viewProcess: ViewProcess): void {
    if (this.#all.get(viewProcess.id) === viewProcess) this.#all.delete(viewProcess.id);
  }

  find(id: string): ViewProcess | undefined {
    const viewProcess = this.#all.get(id);
    // After a crash it may have been joined anew on another connection.
    const successor = viewProcess?.init.child?.position.viewProcess as ViewProcess | undefined;
    return successor ?? viewProcess;
  }

  /** Moves the nested views of a lost connection here. */
  takeFrom(lost: ConnectionChildren): void {
    if (lost === this) return;
    const all = [...lost.#all.values()];
    lost.#all.clear();
    for (const viewProcess of all) this.register(viewProcess);
  }

  /** A sticky view that runs. */
  sticky(container: string): ViewProcess | undefined {
    for (const viewProcess of this.#all.values()) {
      const { ended, init } = viewProcess;
      if (init.child?.sticky && !ended && init.child.id === container) return viewProcess;
    }
    return undefined;
  }

  /** Takes in a view that was made without a connection: its nested views, present and future, belong here. */
  registerView(viewProcess: ViewProcess): void {
    const { childRegistry, child } = viewProcess.init;
    if (child) this.register(viewProcess);
    else if (childRegistry instanceof PageChildRegistry) childRegistry.move(this);
  }
}

/** Tells if a nested view may be joined anew when it has ended: it crashed, or its container may come back to the page. */
export const isRenewable = ({ failure, init: { child } }: ViewProcess): boolean =>
  child !== undefined && (failure !== undefined || !child.position.isOver);

/** Another process for a nested view that is renewable, under the same id. */
export function renew({ init, services, id }: ViewProcess): ViewProcess {
  const renewed = new ViewProcess(init, services, id);
  if (init.child) init.child.position.viewProcess = renewed;
  return renewed;
}

/** The child views of one page. */
export class PageChildRegistry implements ChildRegistry {
  readonly #sign: (id: string, owner: ViewOwner) => string;
  readonly #registry: WaitingList;
  readonly #services: Services;
  #children: ConnectionChildren | undefined;
  /** Children made while there was no connection. */
  #early: ViewProcess[] | undefined;

  constructor(
    sign: (id: string, owner: ViewOwner) => string,
    registry: WaitingList,
    services: Services,
    children: ConnectionChildren | undefined,
  ) {
    this.#sign = sign;
    this.#registry = registry;
    this.#services = services;
    this.#children = children;
  }

  spawn(init: ViewInit): ViewProcess {
    return new ViewProcess(init, this.#services);
  }

  move(children: ConnectionChildren): void {
    this.#children = children;
    for (const viewProcess of this.#early ?? []) children.register(viewProcess);
    this.#early = undefined;
  }

  token(viewProcess: ChildView): string {
    if (this.#children) this.#children.register(viewProcess as ViewProcess);
    else (this.#early ??= []).push(viewProcess as ViewProcess);
    // A page's views have an owner.
    return this.#sign(viewProcess.id, viewProcess.init.owner as ViewOwner);
  }

  wait(viewProcess: ChildView): void {
    this.#registry.wait(viewProcess as ViewProcess);
  }

  sticky(id: string): ViewProcess | undefined {
    return this.#children?.sticky(id);
  }
}
