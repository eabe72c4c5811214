/** What the client knows of an element and does not write into the page. */

interface State {
  /** Events that await their answers: classes by ref. */
  readonly loading: Map<number, string[]>;
  composing: boolean;
}

const states = new WeakMap<Element, State>();

const stateOf = (el: Element): State => {
  let state = states.get(el);
  if (!state) {
    state = { loading: new Map(), composing: false };
    states.set(el, state);
  }
  return state;
};

/** Shows that an element's event awaits its answer. */
export function addLoading(el: Element, ref: number, className: string): void {
  const { loading } = stateOf(el);
  loading.set(ref, [...(loading.get(ref) ?? []), className]);
  el.classList.add(className);
}

/** The event has its answer. A class stays as long as a newer event of the element needs it. */
export function removeLoading(el: Element, ref: number): void {
  const { loading } = stateOf(el);
  const classes = loading.get(ref) ?? [];
  loading.delete(ref);
  const needed = loadingClasses(el);
  el.classList.remove(...classes.filter((name) => !needed.includes(name)));
  if (!el.classList.length) el.removeAttribute("class");
}

/** Classes that a patch must not take away. */
export const loadingClasses = (el: Element): string[] => [...(states.get(el)?.loading.values() ?? [])].flat();

export const isComposing = (el: Element): boolean => states.get(el)?.composing ?? false;

export const setComposing = (el: Element, composing: boolean): void => {
  stateOf(el).composing = composing;
};
