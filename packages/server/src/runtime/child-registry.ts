/** Nested views between being rendered and being joined: with their page, and with the connection that has the page. */
import type { Services } from "./services.ts";
import type { ChildRegistry, ChildView, ViewInit } from "./view-init.ts";
import { ViewProcess } from "./view-process.ts";

/** Keeps views until their clients join them. */
export interface WaitingList {
  wait(process: ViewProcess): void;
}

/** The nested views that one connection may join, and join again after a crash. */
export class ConnectionChildren {
  readonly #limit: number;
  readonly #all = new Map<string, ViewProcess>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Of several under one id the last one counts. */
  register(process: ViewProcess): void {
    this.#all.delete(process.id);
    this.#all.set(process.id, process);
    for (const [id, { ended, renewable }] of this.#all) if (ended && !renewable) this.#all.delete(id);
    if (this.#all.size <= this.#limit) return;
    for (const [id, { ended, crashed }] of this.#all) if (ended && !crashed) this.#all.delete(id);
    for (const [id] of this.#all) {
      if (this.#all.size <= this.#limit) return;
      this.#all.delete(id);
    }
  }

  forget(process: ViewProcess): void {
    if (this.#all.get(process.id) === process) this.#all.delete(process.id);
  }

  find(id: string): ViewProcess | undefined {
    const process = this.#all.get(id);
    // After a crash it may have been joined anew on another connection.
    return (process?.successor as ViewProcess | undefined) ?? process;
  }

  /** Moves the nested views of a lost connection here. */
  takeFrom(lost: ConnectionChildren): void {
    if (lost === this) return;
    const all = [...lost.#all.values()];
    lost.#all.clear();
    for (const process of all) this.register(process);
  }

  /** A sticky view that runs. */
  sticky(container: string): ViewProcess | undefined {
    for (const process of this.#all.values()) {
      if (process.sticky && !process.ended && process.container === container) return process;
    }
    return undefined;
  }

  /** Takes in a view that was made without a connection: what it has nested, and will nest, belongs here. */
  registerView(process: ViewProcess): void {
    if (process instanceof PageProcess) process.childRegistry.move(this);
    if (process.nested) this.register(process);
  }
}

/** The nursery of one page. */
export class PageChildRegistry implements ChildRegistry {
  readonly #sign: (process: string) => string;
  readonly #registry: WaitingList;
  #children: ConnectionChildren | undefined;
  /** What was made while there was no nest. */
  #early: ViewProcess[] | undefined;

  constructor(
    sign: (process: string) => string,
    registry: WaitingList,
    nest: ConnectionChildren | undefined,
  ) {
    this.#sign = sign;
    this.#registry = registry;
    this.#children = nest;
  }

  move(nest: ConnectionChildren): void {
    this.#children = nest;
    for (const process of this.#early ?? []) nest.register(process);
    this.#early = undefined;
  }

  token(process: ChildView): string {
    if (this.#children) this.#children.register(process as ViewProcess);
    else (this.#early ??= []).push(process as ViewProcess);
    return this.#sign(process.id);
  }

  wait(process: ChildView): void {
    this.#registry.wait(process as ViewProcess);
  }

  sticky(id: string): ViewProcess | undefined {
    return this.#children?.sticky(id);
  }
}

/** The process of a page's own view, which knows its nursery: a map from one to the other would cost every page more. */
export class PageProcess extends ViewProcess {
  readonly childRegistry: PageChildRegistry;

  constructor(spec: ViewInit, services: Services, nursery: PageChildRegistry) {
    super(spec, services);
    this.childRegistry = nursery;
  }
}
