/** Pictures in memory, for tests. */
import type { Pictures } from "./pictures.ts";

export function memoryPictures(): Pictures & { readonly names: () => string[] } {
  const kept = new Map<string, Uint8Array>();
  return {
    save: async (name, bytes) => void kept.set(name, bytes),
    read: async (name) => kept.get(name),
    delete: async (name) => void kept.delete(name),
    names: () => [...kept.keys()].sort(),
  };
}
