/** Flows that a browser has begun: each in a signed cookie of its own, which ends with the answer to it. */
import { type Secret, signToken, verifyToken } from "@overwire/server";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { FlowMemory } from "../../providers/provider.ts";
import type { Purpose } from "./tokens.ts";

export interface Flow {
  /** Answers of another provider are refused. */
  readonly provider: string;
  readonly memory: FlowMemory;
  /** Of a user who is logged in; without it the flow is a log-in itself. */
  readonly asked?: { readonly purpose: Purpose; readonly loginId: string } | undefined;
}

/** Seconds: for a user who looks for a password. */
const MAX_AGE = 10 * 60;
/** Of one browser, such as in several tabs. Cookies have little room. */
const MOST_FLOWS = 4;
const NAME = "store_flow_";
const HOST = "__Host-";
const PURPOSE = "flow of an identity provider";

/** Reads and writes the flows of a store. */
export class Flows {
  readonly #secret: Secret;
  readonly #isSecure: boolean;

  /** @param url the store's address: over https no other host, not even a sibling domain, can set the cookies */
  constructor(secret: Secret, url: string) {
    this.#secret = secret;
    this.#isSecure = url.startsWith("https:");
  }

  /** Keeps a flow in the browser, in place of the oldest one if there are too many. */
  keep(c: Context, flow: Flow): void {
    const names = Object.keys(getCookie(c)).filter((name) => name.startsWith(this.#name("")));
    // Browsers send the oldest cookie first.
    for (const name of names.slice(0, Math.max(0, names.length - MOST_FLOWS + 1))) this.#end(c, name);
    setCookie(c, this.#name(flow.memory.state), signToken(this.#secret, PURPOSE, flow, MAX_AGE), {
      ...this.#options,
      maxAge: MAX_AGE,
      httpOnly: true,
      sameSite: "Lax",
    });
  }

  /** The flow of an answer, once; undefined if this browser has not begun it, or not within its time. */
  take(c: Context, state: string | undefined): Flow | undefined {
    if (state === undefined) return undefined;
    const name = this.#name(state);
    const token = getCookie(c)[name];
    if (token === undefined) return undefined;
    this.#end(c, name);
    const verified = verifyToken<Flow>(this.#secret, PURPOSE, token);
    return verified.ok && verified.data.memory.state === state ? verified.data : undefined;
  }

  get #options() {
    return { path: "/", secure: this.#isSecure };
  }

  #name(state: string): string {
    return `${this.#isSecure ? HOST : ""}${NAME}${state.slice(0, 12)}`;
  }

  #end(c: Context, name: string): void {
    deleteCookie(c, name, this.#options);
  }
}
