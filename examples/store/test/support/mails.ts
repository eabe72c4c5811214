/** Mails as their readers see them. */
import type { Mail } from "../../src/mail/mailer.ts";

/** Path of the link in the latest mail. */
export function linkOf(mails: readonly Mail[]): string {
  const mail = mails.at(-1);
  const link = mail?.text.match(/https?:\S+/)?.[0];
  if (!link) throw new Error(`There is no link in ${mail ? `"${mail.subject}"` : "no mail"}.`);
  return new URL(link).pathname;
}

export const subjectsTo = (mails: readonly Mail[], to: string): readonly string[] =>
  mails.filter((mail) => mail.to === to).map(({ subject }) => subject);
