/** The contract of the store of pictures: files by name, which never change under their name. */
export interface Pictures {
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined if there is no such picture. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Does nothing if there is no such picture. */
  delete(name: string): Promise<void>;
}

/** Names are made by the store: letters, digits and dashes, and one ending. */
export const isPictureName = (name: string): boolean => /^[A-Za-z0-9_-]{1,80}\.(?:webp|jpg|png)$/.test(name);

/** Name of the small version of a picture. */
export const thumbOf = (name: string): string => name.replace(/\.\w+$/, "-thumb$&");
