/**
 * Recent messages of the chat. They are shared by all who have the page open, so they live beside the views.
 */
import { topic } from "@overwire/server";

export interface Message {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly at: Date;
}

/** Published for each new message. */
export const said = topic<Message>("chat");

/** Older messages are forgotten. */
export const KEPT = 100;

let messages: readonly Message[] = [];
let nextId = 1;

/** The latest messages, oldest first. */
export const recent = (): readonly Message[] => messages;

export function remember(name: string, text: string): Message {
  const message = { id: nextId++, name, text, at: new Date() };
  messages = [...messages, message].slice(-KEPT);
  return message;
}
