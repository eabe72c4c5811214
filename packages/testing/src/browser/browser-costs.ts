/** Takes out work of happy-dom for each window and each node that hardly any page needs. */
import { type Node as HappyNode, PropertySymbol, type Window } from "happy-dom";

/** The prototype of an object that has a method itself. */
export function classWith(object: object, name: PropertyKey): object {
  let at = object;
  while (!Object.hasOwn(at, name)) at = Object.getPrototypeOf(at) as object;
  return at;
}

const cache = Symbol("cache");
const newCache = () => ({
  querySelector: new Map(),
  querySelectorAll: new Map(),
  matches: new Map(),
  elementsByTagName: new Map(),
  elementsByTagNameNS: new Map(),
  elementByTagName: new Map(),
  elementById: new Map(),
  computedStyle: null,
});

interface Caching {
  [cache]?: ReturnType<typeof newCache>;
  [PropertySymbol.affectsCache]: { result: unknown }[];
  [PropertySymbol.clearCache](): void;
}

/** Gives a node its seven maps of results when one is first looked into: most nodes have none, and they are half of a page. */
function mendCaches(prototype: HappyNode): void {
  const node = prototype as unknown as Caching;
  const clear = node[PropertySymbol.clearCache];
  Object.defineProperty(node, PropertySymbol.cache, {
    configurable: true,
    get(this: Caching) {
      this[cache] ??= newCache();
      return this[cache];
    },
    // The constructor sets an empty one.
    set() {},
  });
  node[PropertySymbol.clearCache] = function (this: Caching) {
    if (this[cache]) return clear.call(this);
    const affected = this[PropertySymbol.affectsCache];
    if (!affected.length) return;
    for (const item of affected) item.result = null;
    this[PropertySymbol.affectsCache] = [];
  };
}

/**
 * Has all later windows bind their methods alone, without reading the source of each to see that it is no class. What is
 * read or set finds its window without being bound.
 */
function mendBinding(window: Window): void {
  const prototype = classWith(window, PropertySymbol.bindMethods);
  const methods = [prototype, Object.getPrototypeOf(prototype) as object]
    .flatMap((each) => Object.entries(Object.getOwnPropertyDescriptors(each)))
    .filter(([name, { value }]) => name !== "constructor" && isMethod(value));
  Object.defineProperty(prototype, PropertySymbol.bindMethods, {
    configurable: true,
    writable: true,
    value(this: object) {
      for (const [name, { value, ...how }] of methods)
        Object.defineProperty(this, name, { ...how, value: (value as () => void).bind(this) });
    },
  });
}

const isMethod = (value: unknown) => typeof value === "function" && !value.toString().startsWith("class ");

/** Has the classes of nodes say their names themselves: the client asks each node that it reads for it. */
function mendNames(window: Window): void {
  const { prototype: node } = window.Node as { readonly prototype: object };
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(window))) {
    const { prototype } = (value ?? {}) as { readonly prototype?: object };
    if (!prototype || !Object.prototype.isPrototypeOf.call(node, prototype)) continue;
    for (let at = prototype; at !== node; at = Object.getPrototypeOf(at) as object)
      if (Object.hasOwn(at, "constructor"))
        Object.defineProperty(at, Symbol.toStringTag, { configurable: true, value: at.constructor.name });
  }
}

/** Mends the classes that all windows share. */
export function mendCosts(window: Window): void {
  mendCaches(window.Node.prototype);
  mendNames(window);
  mendBinding(window);
}
