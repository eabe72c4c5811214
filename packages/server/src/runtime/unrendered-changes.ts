/** Fields that changed outside of the view's turn, so that no patch has shown them. Looked for in development only. */
import { isProduction } from "../template/mode.ts";
import { nameOf } from "../view/actor.ts";
import { isData } from "./state-values.ts";
import type { ViewRenderer } from "./view-renderer.ts";

/** Fields of a view or a live component as they were last: filled in anew each time, since this runs twice for each message. */
class KnownFields {
  #names: readonly string[] = [];
  readonly #values: unknown[] = [];
  /** Lengths of lists, which may be changed in place. */
  readonly #lengths: number[] = [];

  remember(owner: object): void {
    const names = Object.keys(owner);
    this.#names = names;
    for (let index = 0; index < names.length; index++) {
      const value: unknown = owner[names[index] as keyof object];
      this.#values[index] = value;
      this.#lengths[index] = lengthOf(value);
    }
  }

  /** Names of data fields that are not as they were. */
  changed(owner: object): readonly string[] {
    let changed = none;
    const names = Object.keys(owner);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value: unknown = owner[name as keyof object];
      const at = this.#names[index] === name ? index : this.#names.indexOf(name);
      const old = this.#values[at];
      if (Object.is(value, old) && lengthOf(value) === (this.#lengths[at] ?? 0)) continue;
      if (isData(value) && isData(old)) changed = [...changed, name];
    }
    return changed;
  }
}

const none: readonly string[] = [];

export class UnrenderedChanges {
  readonly #view: object;
  readonly #renderer: ViewRenderer;
  readonly #known = new WeakMap<object, KnownFields>();

  constructor(view: object, renderer: ViewRenderer) {
    this.#view = view;
    this.#renderer = renderer;
  }

  /** A message or a rendering is over. */
  remember(): void {
    this.#remember(this.#view);
    for (const each of this.#renderer.components) this.#remember(each);
  }

  /** Nothing runs: fields that are not as they were remembered were changed by something that nothing renders. */
  look(): void {
    if (this.#renderer.stale) return;
    this.#look(this.#view);
    for (const each of this.#renderer.components) this.#look(each);
  }

  #remember(owner: object): void {
    let known = this.#known.get(owner);
    if (!known) {
      known = new KnownFields();
      this.#known.set(owner, known);
    }
    known.remember(owner);
  }

  #look(owner: object): void {
    for (const name of this.#known.get(owner)?.changed(owner) ?? none) {
      const problem = `${nameOf(owner)}.${name} changed after its handler had ended, so no patch showed it. Await the work, or use this.setTimeout, this.startAsync or this.send.`;
      this.#renderer.mistake({ problem, certain: false, inState: true });
    }
  }
}

/** Undefined in production. */
export const watchFields = (view: object, renderer: ViewRenderer): UnrenderedChanges | undefined =>
  isProduction() ? undefined : new UnrenderedChanges(view, renderer);

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);
