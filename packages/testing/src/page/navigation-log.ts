/** Redirects of a page: by its views, by links, by its history. Answers a test's questions about them. */
import type { Navigation } from "@overwire/server/wire";
import type { Load } from "../browser/browser.ts";

/** Messages that go along, by kind. */
export type Flash = { readonly [kind: string]: string };

/** A redirect of a page, away from its view. */
export interface Redirect {
  /** Path and query within the app, a whole URL beyond it. */
  readonly to: string;
  /** `navigate`: to another view over the same socket. `redirect`: a page is loaded. */
  readonly kind: "navigate" | "redirect";
  /** Takes the place of the current entry of the history. */
  readonly replace: boolean;
  readonly flash: Flash;
}

/** One step of a page. */
export interface Step {
  kind: Navigation[0];
  readonly to: string;
  /** Undefined until it is known. */
  replace: boolean | undefined;
  flash: Flash;
  /** By a view, which has ended with it. */
  readonly sent: boolean;
  /** The client has joined the view that it leads to. */
  joined: boolean;
  /** The request that it takes. */
  load: Load | undefined;
  /** The live patch that the client asks for. */
  readonly asks: string | undefined;
  asserted: boolean;
  followed: boolean;
}

const nouns = { patch: "a patch", navigate: "a navigation", redirect: "a redirect" } as const;

/** Content of a flash's token, its signature aside: the app that made it is the one that reads it. */
export function readFlash(token: string | undefined): Flash {
  const [body = ""] = (token ?? "").split(".");
  try {
    const [, flash] = JSON.parse(Buffer.from(body, "base64url").toString()) as [number, Flash];
    return flash;
  } catch {
    return {};
  }
}

export class NavigationLog {
  readonly #origin: string;
  readonly #steps: Step[] = [];
  #noted: { readonly to: string; readonly replace: boolean } | undefined;

  /** @param origin of the page */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** A URL as a test names it: a path if it is one of the page's origin. */
  pathOf(url: URL | string): string {
    const { origin, pathname, search, hash, href } = new URL(url, this.#origin);
    return origin === this.#origin ? pathname + search + hash : href;
  }

  /** A view sends its page elsewhere. */
  sent([kind, to, replace, flash]: Navigation): void {
    this.#add({ kind, to: this.pathOf(to), replace: replace === 1, flash: readFlash(flash), sent: true });
  }

  /** The client asks for a live patch. @param asks tells it from others */
  asking(url: string, asks: string): void {
    this.#add({ kind: "patch", to: this.pathOf(url), asks });
  }

  /** The live patch that was asked for is none of its view: the client navigates there. */
  elsewhere(asks: string): void {
    const step = this.#steps.find((step) => step.asks === asks);
    if (step) step.kind = "navigate";
  }

  /** The client joins the view of another page. */
  joining(url: string, flash: string | undefined): void {
    const to = this.pathOf(url);
    const last = this.#steps.at(-1);
    if (last?.kind !== "navigate" || last.to !== to || last.joined || last.load)
      this.#add({ kind: "navigate", to, flash: readFlash(flash) });
    (this.#steps.at(-1) as Step).joined = true;
  }

  /** The browser loads a page. */
  loading(load: Load): void {
    const to = this.pathOf(load.url);
    const last = this.#steps.at(-1);
    // A navigation that the server does not take ends as a load.
    if (last && last.kind !== "patch" && last.to === to && !last.load && !last.followed) last.load = load;
    else this.#add({ kind: "redirect", to, replace: false, load });
  }

  /** The history has changed: tells if a step replaces an entry. */
  history(url: URL, replace: boolean): void {
    const to = this.pathOf(url);
    const step = this.#steps.findLast((step) => step.to === to && step.replace === undefined);
    if (step) step.replace = replace;
    else this.#noted = { to, replace };
  }

  #add(step: Partial<Step> & Pick<Step, "kind" | "to">): void {
    const noted = this.#noted?.to === step.to ? this.#noted.replace : undefined;
    this.#noted = undefined;
    this.#steps.push({
      replace: noted,
      flash: {},
      sent: false,
      joined: false,
      load: undefined,
      asks: undefined,
      asserted: false,
      followed: false,
      ...step,
    });
  }

  /** The page is to be loaded, and has not been yet. */
  get leaving(): Step | undefined {
    const last = this.#steps.at(-1);
    return last && !last.followed && (last.load || last.kind === "redirect") ? last : undefined;
  }

  /** The last step away from a view that has not been followed. */
  get unfollowed(): Step | undefined {
    return this.#steps.findLast(({ kind, followed }) => kind !== "patch" && !followed);
  }

  /** All is followed up to here. */
  follow(): void {
    for (const step of this.#steps) step.followed = true;
  }

  /** A step that no assertion has named, of these kinds, to this place or anywhere. */
  find(kinds: readonly Navigation[0][], to?: string): Step | undefined {
    return this.#steps.find(
      (step) => !step.asserted && kinds.includes(step.kind) && (to === undefined || step.to === to),
    );
  }

  /** List of the other steps, for a message. */
  describe(): string {
    const last = this.#steps.findLast(({ asserted }) => !asserted);
    return last ? `${nouns[last.kind]} to ${JSON.stringify(last.to)}` : "none";
  }
}

export const redirectOf = ({ to, kind, replace = false, flash }: Step): Redirect => ({
  to,
  kind: kind as Redirect["kind"],
  replace,
  flash,
});
