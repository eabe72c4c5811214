/** Ways of sending mail: by SMTP, into a folder, and onto the console. */
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { Mail, Mailer } from "./mailer.ts";

/** @param url `smtp://user:password@host:587`, or `smtps://…` */
export function smtpMailer(url: string, from: string): Mailer {
  // A server that does not answer ends the attempt long before another node makes one: see the outbox.
  const timeouts = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000 };
  const transport = createTransport({ url, ...timeouts }, { from });
  return {
    async send(mail) {
      await transport.sendMail(mail);
    },
  };
}

const written = ({ to, subject, text }: Mail, from: string) =>
  `From: ${from}\nTo: ${to}\nSubject: ${subject}\n\n${text}\n`;

/** Each mail is a file, the newest last by name. */
export function folderMailer(folder: string, from: string): Mailer {
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true });
      const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.eml`;
      await writeFile(join(folder, name), written(mail, from));
    },
  };
}

/** For development: links can be clicked in a terminal. */
export function consoleMailer(from: string, log: (text: string) => void = console.log): Mailer {
  return {
    async send(mail) {
      log(`\n── mail ──\n${written(mail, from)}──────────`);
    },
  };
}
