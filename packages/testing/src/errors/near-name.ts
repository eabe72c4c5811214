/** Names of an object's members, and advice for those that are misspelt. */
import { editDistance } from "@overwire/server/wire";

/** Names of an object's members, its class's included. */
export function memberNames(object: unknown): PropertyKey[] {
  if (typeof object !== "object" || object === null || object === Object.prototype) return [];
  const own = Reflect.ownKeys(object).filter((name) => name !== "constructor");
  return [...own, ...memberNames(Object.getPrototypeOf(object))];
}

/** The name that is probably meant, if one is near enough. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  const distance = (each: string) => editDistance(name, each);
  return names
    .filter((each) => distance(each) <= 1 + each.length / 3)
    .sort((a, b) => distance(a) - distance(b))[0];
}
