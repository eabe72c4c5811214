/** Texts of the mails about accounts. */
import type { Mail } from "../mail/mailer.ts";

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

export const passwordLetter = (name: string, url: string): Letter =>
  letter(
    "Your password was changed",
    greeting(name),
    "the password of your account was changed, and all other browsers were logged out.",
    `If this was not you, choose another one at once: ${url}/reset`,
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
