/** A password that was set, as a sentence for the user. */
import type { PasswordSet } from "../../accounts/new-password.ts";

/** Such as `2 API tokens`. */
export const counted = (number: number, thing: string): string =>
  `${number} ${thing}${number === 1 ? "" : "s"}`;

export function passwordIsSet({ revoked, connections }: Omit<PasswordSet, "user">): string {
  const sentences = ["Your password is changed, and all other browsers are logged out."];
  if (revoked > 0)
    sentences.push(`${counted(revoked, "API token")} ${revoked === 1 ? "is" : "are"} revoked.`);
  const titles = new Set(connections.map(({ title }) => title));
  if (titles.size > 0) sentences.push(`You can still log in by ${[...titles].join(" and ")}.`);
  return sentences.join(" ");
}
