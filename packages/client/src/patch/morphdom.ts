/** morphdom, made fit for many windows in one process. */
import morphdomModule from "morphdom";

// Its types describe the bundle's default export one level too deep for Node's resolution.
const morphdom = morphdomModule as unknown as typeof morphdomModule.default;

/** Morphs one element into another. morphdom asks for a global HTMLElement, which only a page's own process has. */
export const morph: typeof morphdom = (from, to, options) => {
  const scope = globalThis as { HTMLElement?: unknown };
  if (scope.HTMLElement) return morphdom(from, to, options);
  scope.HTMLElement = from.ownerDocument?.defaultView?.HTMLElement;
  try {
    return morphdom(from, to, options);
  } finally {
    delete scope.HTMLElement;
  }
};
