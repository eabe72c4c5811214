/** Texts of the mails about accounts. */
import type { ApiToken } from "../database/schema.ts";
import type { Mail } from "../mail/mailer.ts";
import { dateTime } from "../shared/dates.ts";

/** A mail without its address. */
export type Letter = Omit<Mail, "to">;

const letter = (subject: string, ...paragraphs: readonly string[]): Letter => ({
  subject,
  text: [...paragraphs, "Overwire Store"].join("\n\n"),
});
const greeting = (name?: string) => (name === undefined ? "Hello," : `Hello ${name},`);

/** Without a name, which a stranger may have chosen who registers with the address of another. */
export const confirmLetter = (url: string): Letter =>
  letter(
    "Confirm your address",
    greeting(),
    "welcome to the Overwire Store. Open this link within a day to confirm your address:",
    url,
    "If you have not registered, do nothing: nothing will happen.",
  );

export const takenLetter = (name: string, url: string): Letter =>
  letter(
    "You have an account already",
    greeting(name),
    "somebody has tried to register with your address, perhaps you. You have an account already: log in at",
    `${url}/login`,
    "If you have forgotten the password, choose another one:",
    `${url}/reset`,
  );

export const magicLetter = (name: string | undefined, url: string): Letter =>
  letter(
    "Your link to log in",
    greeting(name),
    "open this link within 15 minutes to log in. It works once.",
    url,
    "If you have not asked for it, do nothing, and give it to nobody.",
  );

export const resetLetter = (name: string | undefined, url: string): Letter =>
  letter(
    "Choose another password",
    greeting(name),
    "open this link within 15 minutes to choose another password. It works once.",
    url,
    "If you have not asked for it, do nothing: your password stays as it is.",
  );

/** News of a password that was set: what ended with it, and what did not. */
export interface PasswordNews {
  readonly revoked: readonly Pick<ApiToken, "name">[];
  readonly kept: readonly Pick<ApiToken, "name">[];
  readonly connections: readonly { readonly title: string; readonly createdAt: Date }[];
}

export const passwordLetter = (
  name: string,
  url: string,
  { revoked, kept, connections }: PasswordNews,
): Letter =>
  letter(
    "Your password was changed",
    greeting(name),
    "the password of your account was changed, and all other browsers were logged out.",
    ...list("These API tokens were revoked:", revoked.map(named)),
    ...list(
      "These API tokens still count. Revoke those that you do not know:",
      kept.map(named),
      `${url}/account/tokens`,
    ),
    ...list(
      "These accounts still log you in. Disconnect those that are not yours:",
      connections.map(({ title, createdAt }) => `${title}, connected on ${dateTime(createdAt)}`),
      `${url}/account/connections`,
    ),
    `If this was not you, choose another one at once: ${url}/reset`,
  );

const named = ({ name }: Pick<ApiToken, "name">) => name;

/** Paragraphs with a list; none without items. */
const list = (lead: string, items: readonly string[], ...end: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [lead, items.map((item) => `- ${item}`).join("\n"), ...end];

export const tokenLetter = (name: string, url: string, token: string): Letter =>
  letter(
    "A new API token of your account",
    greeting(name),
    `the API token “${token}” was created for your account. A program that has it may do what you may do.`,
    `If this was not you, choose another password at once, which revokes all API tokens: ${url}/reset`,
    `Your API tokens: ${url}/account/tokens`,
  );

export const connectedLetter = (name: string, url: string, provider: string): Letter =>
  letter(
    `You can log in by ${provider} now`,
    greeting(name),
    `an account at ${provider} was connected to yours. Its user can log in to the store as you from now on.`,
    `If this was not you, disconnect it at once: ${url}/account/connections`,
    `Then choose another password: ${url}/reset`,
  );

export const disconnectedLetter = (name: string, url: string, provider: string): Letter =>
  letter(
    `${provider} was disconnected`,
    greeting(name),
    `the account at ${provider} was disconnected from yours, and does not log you in any more.`,
    `If this was not you, choose another password at once: ${url}/reset`,
  );

/** Without a name, as {@link confirmLetter}. */
export const newEmailLetter = (url: string): Letter =>
  letter(
    "Confirm your new address",
    greeting(),
    "open this link within an hour to make this the address of your account:",
    url,
    "If you have not asked for it, do nothing.",
  );

export const emailTakenLetter = (name: string): Letter =>
  letter(
    "Your address is in use",
    greeting(name),
    "somebody has tried to give another account your address, perhaps you. It belongs to this account already, and nothing was changed.",
  );

export const emailChangedLetter = (name: string, email: string): Letter =>
  letter(
    "The address of your account was changed",
    greeting(name),
    `mails to your account go to ${email} from now on.`,
    "If this was not you, answer this mail at once.",
  );

/** To the new address, which has asked for it and proved to be read. */
export const emailIsNewLetter = (name: string, url: string): Letter =>
  letter(
    "This is the address of your account now",
    greeting(name),
    "mails to your account come here from now on, and you log in with this address.",
    `Your account: ${url}/account`,
  );
