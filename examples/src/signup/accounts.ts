/** Accounts. Others sign up too, so they live beside the views. No password is kept: there is no log-in. */

/** The oldest account is forgotten first. */
const MOST = 1000;

const addresses = new Set(["ada@example.com"]);

export const isTaken = (email: string): boolean => addresses.has(email.toLowerCase());

/** @returns false if another user was faster */
export function register(email: string): boolean {
  if (isTaken(email)) return false;
  const [first] = addresses;
  if (first && addresses.size >= MOST) addresses.delete(first);
  addresses.add(email.toLowerCase());
  return true;
}
