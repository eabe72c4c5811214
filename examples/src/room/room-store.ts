/**
 * The room: its messages, the marks of who has read up to which of them, and the presence of who is here. Views and channels
 * share it, and neither knows of the other. Each node keeps what it hears.
 */
import { randomUUID } from "node:crypto";
import { presence, topic } from "@overwire/server";
import { pubsub } from "../shared/pubsub.ts";

/** The user of a session. */
export interface Visitor {
  readonly id: string;
  readonly name: string;
}

declare module "@overwire/server" {
  interface Session {
    visitor?: Visitor;
  }
}

export interface Message {
  readonly id: string;
  readonly from: Visitor;
  readonly text: string;
  readonly at: Date;
}

export interface Mark {
  readonly reader: Visitor;
  /** Id of the latest message that the reader has seen. */
  readonly upTo: string;
}

/** Facts about one tab or terminal of a user. */
export interface Meta {
  readonly name: string;
  readonly device: "tab" | "terminal";
  readonly away?: boolean;
  readonly typing?: boolean;
}

export const said = topic<Message>("room:lobby/said");
export const read = topic<Mark>("room:lobby/read");
/** Everyone in the room, by the id of the user: a user with two tabs is one entry with two metas. */
export const lobby = presence<Meta>("room:lobby");

export const LONGEST_NAME = 30;
export const LONGEST_TEXT = 500;
/** Older messages are forgotten. */
export const KEPT = 100;

let messages: readonly Message[] = [];
/** By the id of the reader. */
const marks = new Map<string, Mark>();

/** The latest messages, oldest first. */
export const recentMessages = (): readonly Message[] => messages;

/** The users who have read up to this message, and no further. */
export const readersOf = ({ id }: Message): Visitor[] =>
  [...marks.values()].filter(({ upTo }) => upTo === id).map(({ reader }) => reader);

export function say(from: Visitor, text: string): void {
  const message = { id: randomUUID(), from: { id: from.id, name: from.name }, text, at: new Date() };
  keepMessage(message);
  pubsub.publish(said, message);
}

export function markRead({ id, name }: Visitor, upTo: string): void {
  const mark = { reader: { id, name }, upTo };
  if (keepMark(mark)) pubsub.publish(read, mark);
}

const indexOf = (id: string | undefined): number => messages.findIndex((message) => message.id === id);

function keepMessage(message: Message): void {
  if (indexOf(message.id) >= 0) return;
  messages = [...messages, message].slice(-KEPT);
  for (const { reader, upTo } of marks.values()) if (indexOf(upTo) < 0) marks.delete(reader.id);
}

/** @returns true if the reader has come further */
function keepMark(mark: Mark): boolean {
  if (indexOf(mark.upTo) <= indexOf(marks.get(mark.reader.id)?.upTo)) return false;
  marks.set(mark.reader.id, mark);
  return true;
}

// What other nodes say.
pubsub.subscribe(said, keepMessage);
pubsub.subscribe(read, (mark) => void keepMark(mark));
