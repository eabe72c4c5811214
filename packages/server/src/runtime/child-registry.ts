/** Nested views between being rendered and being joined: with their page, and with the connection that has the page. */
import type { Services } from "./services.ts";
import type { ChildRegistry, ChildView, ViewInit } from "./view-init.ts";
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
    for (const [id, { ended, renewable }] of this.#all) if (ended && !renewable) this.#all.delete(id);
    if (this.#all.size <= this.#limit) return;
    for (const [id, { ended, crashed }] of this.#all) if (ended && !crashed) this.#all.delete(id);
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
    return (viewProcess?.successor as ViewProcess | undefined) ?? viewProcess;
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
      if (viewProcess.sticky && !viewProcess.ended && viewProcess.container === container) return viewProcess;
    }
    return undefined;
  }

  /** Takes in a view that was made without a connection: its nested views, present and future, belong here. */
  registerView(viewProcess: ViewProcess): void {
    if (viewProcess instanceof PageProcess) viewProcess.childRegistry.move(this);
    if (viewProcess.nested) this.register(viewProcess);
  }
}

/** The child views of one page. */
export class PageChildRegistry implements ChildRegistry {
  readonly #sign: (viewProcess: string) => string;
  readonly #registry: WaitingList;
  #children: ConnectionChildren | undefined;
  /** Children made while there was no connection. */
  #early: ViewProcess[] | undefined;

  constructor(
    sign: (viewProcess: string) => string,
    registry: WaitingList,
    children: ConnectionChildren | undefined,
  ) {
    this.#sign = sign;
    this.#registry = registry;
    this.#children = children;
  }

  move(children: ConnectionChildren): void {
    this.#children = children;
    for (const viewProcess of this.#early ?? []) children.register(viewProcess);
    this.#early = undefined;
  }

  token(viewProcess: ChildView): string {
    if (this.#children) this.#children.register(viewProcess as ViewProcess);
    else (this.#early ??= []).push(viewProcess as ViewProcess);
    return this.#sign(viewProcess.id);
  }

  wait(viewProcess: ChildView): void {
    this.#registry.wait(viewProcess as ViewProcess);
  }

  sticky(id: string): ViewProcess | undefined {
    return this.#children?.sticky(id);
  }
}

/** The process of a page's own view, which knows its registry: a map from one to the other would cost every page more. */
export class PageProcess extends ViewProcess {
  readonly childRegistry: PageChildRegistry;

  constructor(init: ViewInit, services: Services, childRegistry: PageChildRegistry) {
    super(init, services);
    this.childRegistry = childRegistry;
  }
}
