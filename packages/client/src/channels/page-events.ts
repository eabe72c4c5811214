/** Events of the page that a connection follows. Servers have none. */

/** @returns a function that ends it */
export function watchPage(listeners: { readonly [type: string]: () => void }): () => void {
  const each = (verb: "addEventListener" | "removeEventListener") => {
    for (const type in listeners)
      (globalThis as Partial<typeof globalThis>)[verb]?.(type, listeners[type] as () => void);
  };
  each("addEventListener");
  return () => each("removeEventListener");
}
