/** A visitor's way over a provider: from the button, to the provider's page, and back. */
import type { request } from "@overwire/testing";
import { chooseAt } from "./choose-at.ts";

type Visitor = ReturnType<typeof request>;

/** Goes to the provider. @returns the address with its answer, for {@link answer} */
export async function choose(
  visitor: Visitor,
  begin: string,
  account: string | undefined,
  cookies?: Map<string, string>,
): Promise<URL> {
  const begun = await visitor.get(begin);
  return chooseAt(begun.assertRedirect().to, account, cookies);
}

/** Comes back to the store with an answer. */
export const answer = (visitor: Visitor, { pathname, search }: URL) => visitor.get(`${pathname}${search}`);

/** The whole way. */
export const logInBy = async (visitor: Visitor, provider: string, account: string | undefined) =>
  answer(visitor, await choose(visitor, `/auth/${provider}`, account));
