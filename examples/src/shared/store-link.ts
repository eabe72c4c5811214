/** The address of the store, which may run beside the gallery. */

let port: number | undefined;

/** @param at port of the store, undefined if none runs */
export function storeRunsAt(at: number | undefined): void {
  port = at;
}

/** Address of the store for a user who has opened the gallery at a URL; undefined if none runs. */
export function storeFrom(gallery: URL): string | undefined {
  if (port === undefined) return undefined;
  return process.env["STORE_URL"] || `${gallery.protocol}//${gallery.hostname}:${port}/`;
}
