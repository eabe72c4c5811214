/**
 * Recent messages of the chat. They are shared by all who have the page open, so they live beside the views. Each node keeps
 * what it hears.
 */
import { randomUUID } from "node:crypto";
import { topic } from "@overwire/server";
import { pubsub } from "../shared/pubsub.ts";

export interface Message {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly at: Date;
}

/** Published for each new message. */
export const said = topic<Message>("chat");

/** Older messages are forgotten. */
export const KEPT = 100;

let messages: readonly Message[] = [];

/** The latest messages, oldest first. */
export const recent = (): readonly Message[] => messages;

export function remember(name: string, text: string): Message {
  const message = { id: randomUUID(), name, text, at: new Date() };
  keep(message);
  return message;
}

function keep(message: Message): void {
  messages = [...messages, message].slice(-KEPT);
}

pubsub.subscribe(said, (message) => {
  if (!messages.some(({ id }) => id === message.id)) keep(message);
});
