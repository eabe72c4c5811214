/** The page that a guard refused and to which the user returns after logging in: a signed path in a cookie of its own. */
import type { Context } from "hono";
import { checkPath, ownPath } from "../view/navigation/navigation.ts";
import { besideSession, readCookie, writeCookie } from "./cookies.ts";
import { returnToIn } from "./flash-cookie.ts";
import type { Secret } from "./secret.ts";
import type { Sessions } from "./session.ts";
import { Signer } from "./token.ts";

/** Seconds: for a log-in, a registration, a mail that has to be read. */
const MAX_AGE = 30 * 60;
/** Characters; longer ones leave no room for other cookies. */
const LONGEST = 2000;

export class ReturnTo {
  readonly #signer: Signer;
  readonly #sessions: Sessions;
  /** Name of the cookie; over https it has a prefix. */
  readonly #name: string;
  readonly #taken = new WeakSet<Context>();

  constructor(secret: Secret, sessions: Sessions) {
    this.#signer = new Signer(secret, "return-to");
    this.#sessions = sessions;
    this.#name = besideSession(sessions.cookie, "return_to");
  }

  /** A token of a page; undefined if it is not one that can be returned to. */
  seal(path: string, visitor: string): string | undefined {
    const own = localPath(path);
    return own === undefined ? undefined : this.#signer.sign(own, MAX_AGE, visitor);
  }

  /** Has the answer to a refused request carry its page. */
  keep(c: Context, path: string, visitor = this.#sessions.ensureVisitor(c)): void {
    const token = this.seal(path, visitor);
    if (token !== undefined) c.header("set-cookie", this.#cookie(c, token, MAX_AGE), { append: true });
  }

  /** The page to return to, of the visitor with which a request came: a log-in has renewed it since. */
  find(c: Context): string | undefined {
    const cookies = c.req.header("cookie");
    if (!cookies?.includes(this.#name) && returnToIn(cookies).length === 0) return undefined;
    const secure = this.#sessions.isSecure(c.req.raw);
    const visitor = this.#sessions.visitors.read(cookies, secure);
    if (visitor === undefined || this.#taken.has(c)) return undefined;
    const tokens = [...returnToIn(cookies), readCookie(cookies, this.#name, secure) ?? ""];
    for (const token of tokens) {
      const verified = this.#signer.verify<string>(token, visitor);
      if (verified.ok) return localPath(verified.data);
    }
    return undefined;
  }

  /** As {@link find}, once. */
  take(c: Context): string | undefined {
    const path = this.find(c);
    if (path === undefined) return undefined;
    this.#taken.add(c);
    c.header("set-cookie", this.#cookie(c, "", 0), { append: true });
    return path;
  }

  /**
   * The page to return to, for a page that is painted at a URL.
   * @returns with it the cookie that keeps it, if it came along with a flash, or that ends it, if this is that page
   */
  arriving(c: Context, { pathname, search }: URL): { path: string; cookie: string | undefined } | undefined {
    const path = this.find(c);
    if (path === undefined) return undefined;
    if (path === pathname + search) return { path, cookie: this.#cookie(c, "", 0) };
    const [token] = returnToIn(c.req.header("cookie"));
    return { path, cookie: token === undefined ? undefined : this.#cookie(c, token, MAX_AGE) };
  }

  #cookie(c: Context, value: string, maxAge: number): string {
    return writeCookie(this.#name, value, { secure: this.#sessions.isSecure(c.req.raw), maxAge });
  }
}

/** The path and query of this app; undefined for what leads elsewhere, or is too long. */
function localPath(path: string): string | undefined {
  const own = path.length > LONGEST ? undefined : ownPath(path);
  if (!own || own.pathname + own.search !== path) return undefined;
  try {
    return checkPath(path, "returnTo");
  } catch {
    return undefined;
  }
}
