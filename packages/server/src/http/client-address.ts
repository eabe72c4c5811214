/** The network address of a client, as far as it can be known. */
import type { Context } from "hono";
import type { TrustProxy } from "./proxy-headers.ts";

/** A request's bindings as its transport sets them: node's `incoming`. */
interface Transported {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } };
}

/** Finds the address from which a request came. */
export type AddressOf = (request: Request, env: unknown) => string;

/**
 * @param trust `true`: a proxy in front of the app says it in `x-forwarded-for`. The last entry is the one that it has
 *   written itself: those before it are a client's word.
 */
export function addressBy(trust?: TrustProxy): AddressOf {
  return (request, env) => {
    const forwarded = trust ? request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
    return networkOf(forwarded || (env as Transported | undefined)?.incoming?.socket?.remoteAddress || "");
  };
}

const ofRequests = new WeakMap<Request, AddressOf>();
let areRemembered = false;

/** For middleware that is made apart from an app: from now on apps leave with each request how its address is found. */
export function rememberAddresses(): void {
  areRemembered = true;
}

/** A request has come to an app. */
export function rememberAddress(request: Request, addressOf: AddressOf): void {
  if (areRemembered) ofRequests.set(request, addressOf);
}

const direct = addressBy();

/** The address of a request, as the app that it has come to believes its proxies; "" if it is not known. */
export const addressIn = ({ req, env }: Context): string => (ofRequests.get(req.raw) ?? direct)(req.raw, env);

/** One client commonly has a whole /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  // Some proxies write the port too, which is another for each connection.
  const [, four, six] = /^(?:(\d+(?:\.\d+){3})|\[(.+)\])(?::\d+)?$/.exec(address) ?? [];
  if (four) return four;
  if (six) return networkOf(six);
  const groups = groupsOf(address);
  return mappedAddress(groups) ?? groups.slice(0, 4).join(":");
}

/** The groups of an IPv6 address, of which there are eight, in their shortest form. */
function groupsOf(address: string): readonly string[] {
  const [head = "", tail] = address
    .toLowerCase()
    .replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_, ...parts) => {
      const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
      return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    })
    .split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after].map((group) =>
    group.replace(/^0+(?=.)/, ""),
  );
}

/** The IPv4 address that is written as one of IPv6, in either notation. */
function mappedAddress(groups: readonly string[]): string | undefined {
  if (groups.length !== 8 || groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return undefined;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
