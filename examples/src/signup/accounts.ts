/** Who has an account. Others sign up too, so it lives beside the views. No password is kept: nobody can enter here. */

/** Who signed up first is forgotten first. */
const MOST = 1000;

const addresses = new Set(["ada@example.com"]);

export const isTaken = (email: string): boolean => addresses.has(email.toLowerCase());

/** @returns false where somebody else was faster */
export function register(email: string): boolean {
  if (isTaken(email)) return false;
  const [first] = addresses;
  if (first && addresses.size >= MOST) addresses.delete(first);
  addresses.add(email.toLowerCase());
  return true;
}
