/** Members, each with a password of which only a hash is kept. In memory, and fixed: this is a gallery. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const hash = promisify<string, Buffer, number, Buffer>(scrypt);
const LENGTH = 32;

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

interface Account {
  readonly member: Member;
  readonly salt: Buffer;
  readonly hashed: Promise<Buffer>;
}

function account(member: Member, password: string): Account {
  const salt = randomBytes(16);
  return { member, salt, hashed: hash(password, salt, LENGTH) };
}

/** Shown at the form, so that everyone can try it. */
export const demo = { email: "ada@example.com", password: "difference engine" };

const accounts = [account({ id: "ada", name: "Ada Lovelace", email: demo.email }, demo.password)];
/** Compared with if there is no such account: an address that is not there takes as long as a wrong password. */
const nobody = account({ id: "", name: "", email: "" }, randomBytes(16).toString("hex"));

/** @returns undefined for a wrong password and for an unknown address alike */
export async function verify(email: string, password: string): Promise<Member | undefined> {
  const found = accounts.find(({ member }) => member.email === email.trim().toLowerCase()) ?? nobody;
  const isRight = timingSafeEqual(await hash(password, found.salt, LENGTH), await found.hashed);
  return isRight && found !== nobody ? found.member : undefined;
}

export const memberOf = (id: string | undefined): Member | undefined =>
  accounts.find(({ member }) => member.id === id)?.member;
