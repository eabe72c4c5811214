/** Joining a view: by the process that its page's request left waiting, or by the way of a request once more. */

import type { ViewProcess } from "../process/view-process.ts";
import type { EndCode, JoinRequest } from "../wire/messages.ts";
import type { LiveServices, PageToken } from "./live-route.ts";
import { BASE, JOINING, type Joining } from "./marks.ts";
import { statusOf } from "./mount-error.ts";
import type { Upgrade } from "./socket.ts";
import type { TokenFailure } from "./token.ts";
import { readVisitor } from "./visitor.ts";

/** A view that runs and can be attached, or why there is none. */
export type Joined = { readonly process: ViewProcess } | { readonly code: EndCode; readonly message: string };

/** How an app answers requests. */
export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

const failures: Readonly<Record<TokenFailure, string>> = {
  malformed: "What the page sent is no token.",
  forged:
    "The page's token was not made for this visitor, or by another server. Load the page again; if that does not help, check that the browser keeps cookies and that all servers have the same secret.",
  expired: "The page is too old to be joined. Load it again.",
};

/** Headers that speak of the handshake and not of the person. */
const ofHandshake = /^(connection|upgrade|sec-websocket-.*|content-length|transfer-encoding)$/;

/**
 * Finds or mounts the view that a client wants to join.
 * @param fetch the app, outermost first: a view that has to be mounted is mounted by a request through all middleware
 * @returns a promise only where the view has to be mounted
 */
export function join(
  { token, url: asked }: JoinRequest,
  upgrade: Upgrade,
  { pages, registry, report }: LiveServices,
  fetch: Fetch,
): Joined | Promise<Joined> {
  const refuse = (code: EndCode, message: string, view?: string): Joined => {
    report({ kind: "refused", event: "join", message, view });
    return { code, message };
  };
  const verified = pages.verify<PageToken>(token, readVisitor(upgrade.headers.get("cookie")));
  if (!verified.ok) return refuse("stale", failures[verified.error]);
  // Whatever the host: a page cannot know under which name a proxy asks for it. Only path and query count.
  const local = "http://localhost";
  if (!URL.canParse(asked, local)) return refuse("stale", "What the page sent is no URL.");
  const { pathname, search } = new URL(asked, local);
  const [id, route] = verified.data;
  const waiting = registry.adopt(id);
  if (waiting && waiting.url.pathname === pathname && waiting.url.search === search)
    return { process: waiting };
  waiting?.end("unclaimed");

  const { base = "" } = upgrade;
  if (!isBelow(base, pathname)) return refuse("stale", `The page's URL is not below ${base}.`);
  return mount();

  async function mount(): Promise<Joined> {
    const joining: Joining = { route };
    const target = new URL(upgrade.url).origin + (pathname.slice(base.length) || "/") + search;
    const request = new Request(target, { headers: headersOfPerson(upgrade.headers) });
    let status = 500;
    try {
      ({ status } = await fetch(request, {
        ...upgrade.env,
        [JOINING]: joining,
        ...(base && { [BASE]: base }),
      }));
    } catch (error) {
      joining.error ??= error;
    }
    if (joining.astray) return refuse("stale", `${pathname} is not a page of ${route}.`);
    if (joining.process && status === 204) return { process: joining.process };
    joining.process?.end("closed");
    // It was reported where it was thrown.
    if (joining.error && (statusOf(joining.error) ?? 500) >= 500)
      return { code: "crashed", message: "The view crashed." };
    return refuse("refused", `The app answered the join of ${pathname} with status ${status}.`);
  }
}

const isBelow = (base: string, pathname: string) =>
  base === "" || pathname === base || pathname.startsWith(`${base}/`);

function headersOfPerson(headers: Headers): Headers {
  const own = new Headers();
  for (const [name, value] of headers) if (!ofHandshake.test(name)) own.append(name, value);
  return own;
}
