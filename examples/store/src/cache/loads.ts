/** Loads that run on this node: those who ask for the same key meanwhile wait for the same load. */
import { deserialize, serialize } from "node:v8";

/** A value as it is kept, so that each reader gets a copy. Unlike JSON it has dates, maps, sets and undefined. */
export const pack = (value: unknown): Buffer => serialize(value);
/** @throws Error if another version of Node has packed it in a way that this one does not know, or it is damaged */
export const unpack = <T>(packed: Uint8Array): T => deserialize(packed) as T;

/** Tells if {@link unpack} can read it. */
export function isReadable(packed: Uint8Array): boolean {
  try {
    unpack(packed);
    return true;
  } catch {
    return false;
  }
}

export class Loads {
  readonly #running = new Map<string, Promise<Buffer>>();

  /** @param load is called if none runs for the key, with a question: is its result still wanted? */
  share(key: string, load: (isWanted: () => boolean) => Promise<Buffer>): Promise<Buffer> {
    const running = this.#running.get(key);
    if (running) return running;
    const isWanted = () => this.#running.get(key) === own;
    const own: Promise<Buffer> = load(isWanted).finally(() => {
      if (isWanted()) this.#running.delete(key);
    });
    this.#running.set(key, own);
    return own;
  }

  /** Those who ask from now on start another load. */
  forget(key: string): void {
    this.#running.delete(key);
  }
}
