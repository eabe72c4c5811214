/** Addresses of the app. */

/** Tells if an address is on this origin: that of a `blob:` is too, and is no page. */
export const isOwn = ({ location }: Window, { origin, protocol }: URL): boolean =>
  origin === location.origin && protocol === location.protocol;

/** The address of a page of the app. @throws Error for any other */
export function readAddress(win: Window & typeof globalThis, href: string): URL {
  const url = new win.URL(href, win.location.href);
  if (!isOwn(win, url)) throw new Error(`Overwire: ${href} is no page of this app`);
  return url;
}
