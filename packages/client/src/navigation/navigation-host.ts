/** The client and its views, as navigation sees them. */

export interface NavigationHost {
  readonly win: Window & typeof globalThis;
  /** Live navigation is possible: the page's view is joined. */
  readonly ready: boolean;
  /** It was, and is again when the connection is back. */
  readonly lost: boolean;
  /** It was, and ended though the connection is there. */
  readonly crashed: boolean;
  /** Rejects if the URL is not the view's. @returns the server's redirect instead, which has been followed */
  patch(url: string, flash: string | undefined): Promise<unknown>;
  /** Rejects if the page has to be loaded. @param flash a token */
  navigate(url: string, flash: string | undefined): Promise<unknown>;
  /** Another view is on its way, and not there yet. */
  readonly arriving: boolean;
  /** A navigation that is under way is not wanted any more. */
  cancel(): void;
  pageLoading(start: boolean, detail: object): void;
  /** Another view is to come: the old one may show that. */
  removing(): void;
  /** The page is about to be loaded in full: nothing is to look like trouble. */
  leave(): void;
}
