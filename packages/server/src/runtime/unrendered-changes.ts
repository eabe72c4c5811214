/** Fields that changed outside of the view's turn, so that no patch has shown them. Looked for in development only. */
import { isProduction } from "../template/mode.ts";
import { nameOf } from "../view/actor.ts";
import { isData } from "./state-values.ts";
import type { ViewRenderer } from "./view-renderer.ts";

/** Values by the fields' names; of a list its length too, as it may be changed in place. */
type Fields = ReadonlyMap<string, readonly [value: unknown, length: unknown]>;

export class UnrenderedChanges {
  readonly #view: object;
  readonly #renderer: ViewRenderer;
  /** The view and its live components, with their fields as the last message or rendering left them. */
  #known = new Map<object, Fields>();

  constructor(view: object, renderer: ViewRenderer) {
    this.#view = view;
    this.#renderer = renderer;
  }

  /** A message or a rendering is over. */
  remember(): void {
    const known = new Map<object, Fields>();
    for (const owner of this.#owners()) known.set(owner, fieldsOf(owner));
    this.#known = known;
  }

  /** Nothing runs: fields that are not as they were remembered were changed by something that nothing renders. */
  look(): void {
    if (this.#renderer.stale) return;
    for (const owner of this.#owners()) {
      const before = this.#known.get(owner);
      if (!before) continue;
      for (const name of Object.keys(owner)) {
        const value: unknown = Reflect.get(owner, name);
        const [old, oldLength] = before.get(name) ?? [];
        if (Object.is(value, old) && lengthOf(value) === oldLength) continue;
        if (!isData(value) || !isData(old)) continue;
        const problem = `${nameOf(owner)}.${name} changed after its handler had ended, so no patch showed it. Await the work, or use this.setTimeout, this.startAsync or this.send.`;
        this.#renderer.mistake({ problem, certain: false, inState: true });
      }
    }
  }

  *#owners(): Iterable<object> {
    yield this.#view;
    yield* this.#renderer.components;
  }
}

/** Undefined in production. */
export const watchFields = (view: object, renderer: ViewRenderer): UnrenderedChanges | undefined =>
  isProduction() ? undefined : new UnrenderedChanges(view, renderer);

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);

function fieldsOf(owner: object): Fields {
  const fields = new Map<string, readonly [unknown, unknown]>();
  for (const name of Object.keys(owner)) {
    const value: unknown = Reflect.get(owner, name);
    fields.set(name, [value, lengthOf(value)]);
  }
  return fields;
}
