/** Nested views between being rendered and being joined: with their page, and with the connection that has the page. */
import type { Services } from "./services.ts";
import type { Nestling, Nursery, ViewSpec } from "./view-init.ts";
import { ViewProcess } from "./view-process.ts";

/** Keeps views until their clients join them. */
export interface WaitingList {
  wait(process: ViewProcess): void;
}

/** The nested views that one connection may join, and join again after a crash. */
export class Nest {
  readonly #limit: number;
  readonly #all = new Map<string, ViewProcess>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Of several under one id the last one counts. */
  expect(process: ViewProcess): void {
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
  takeOver(lost: Nest): void {
    if (lost === this) return;
    const all = [...lost.#all.values()];
    lost.#all.clear();
    for (const process of all) this.expect(process);
  }

  /** A sticky view that runs. */
  sticky(container: string): ViewProcess | undefined {
    for (const process of this.#all.values()) {
      if (process.sticky && !process.ended && process.container === container) return process;
    }
    return undefined;
  }

  /** Takes in a view that was made without a connection: what it has nested, and will nest, belongs here. */
  shelter(process: ViewProcess): void {
    if (process instanceof PageProcess) process.nursery.move(this);
    if (process.nested) this.expect(process);
  }
}

/** The nursery of one page. */
export class PageNursery implements Nursery {
  readonly #sign: (process: string) => string;
  readonly #registry: WaitingList;
  #nest: Nest | undefined;
  /** What was made while there was no nest. */
  #early: ViewProcess[] | undefined;

  constructor(sign: (process: string) => string, registry: WaitingList, nest: Nest | undefined) {
    this.#sign = sign;
    this.#registry = registry;
    this.#nest = nest;
  }

  move(nest: Nest): void {
    this.#nest = nest;
    for (const process of this.#early ?? []) nest.expect(process);
    this.#early = undefined;
  }

  token(process: Nestling): string {
    if (this.#nest) this.#nest.expect(process as ViewProcess);
    else (this.#early ??= []).push(process as ViewProcess);
    return this.#sign(process.id);
  }

  wait(process: Nestling): void {
    this.#registry.wait(process as ViewProcess);
  }

  sticky(id: string): ViewProcess | undefined {
    return this.#nest?.sticky(id);
  }
}

/** The process of a page's own view, which knows its nursery: a map from one to the other would cost every page more. */
export class PageProcess extends ViewProcess {
  readonly nursery: PageNursery;

  constructor(spec: ViewSpec, services: Services, nursery: PageNursery) {
    super(spec, services);
    this.nursery = nursery;
  }
}
