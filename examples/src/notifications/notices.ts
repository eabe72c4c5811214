/** Notifications of each user, and a presence that tells who is online. Every node keeps what it hears. */
import { randomUUID } from "node:crypto";
import { presence, topic } from "@overwire/server";
import { catchUp } from "../shared/late-node.ts";
import { pubsub } from "../shared/pubsub.ts";

/** The demo's users. In an app they are those who can sign in. */
export const users = ["Ann", "Bob", "Cleo", "Dee"] as const;
export type User = (typeof users)[number];
export type Receiver = User | "everyone";

export interface Notice {
  readonly id: string;
  readonly to: Receiver;
  readonly text: string;
  readonly at: Date;
  readonly read: boolean;
}

export type InboxChange =
  | { readonly kind: "sent"; readonly notice: Notice }
  | { readonly kind: "read"; readonly ids: readonly string[] };

/** A topic for each user, and one for all of them. */
export const inbox = (receiver: Receiver) => topic<InboxChange>(`notifications:${receiver}`);

/** Users with an open page; a meta for each tab. */
export const online = presence("notifications:online");

/** Older notifications are forgotten. */
export const KEPT = 30;

const inboxes = new Map<User, readonly Notice[]>();

/** The newest first. */
export const inboxOf = (user: User): readonly Notice[] => inboxes.get(user) ?? [];

export function sendNotice(to: Receiver, text: string): void {
  const notice = { id: randomUUID(), to, text, at: new Date(), read: false };
  change(to, { kind: "sent", notice });
}

/** Marks those of the ids that the user has. */
export function markRead(user: User, ids: readonly string[]): void {
  change(user, { kind: "read", ids });
}

function change(receiver: Receiver, change: InboxChange): void {
  keep(receiver, change);
  pubsub.publish(inbox(receiver), change);
}

/** A change that comes twice, from here and by its topic, is kept once. */
function keep(receiver: Receiver, change: InboxChange): void {
  for (const user of receiver === "everyone" ? users : [receiver])
    inboxes.set(user, changed(inboxOf(user), change));
}

function changed(notices: readonly Notice[], change: InboxChange): readonly Notice[] {
  if (change.kind === "read")
    return notices.map((notice) => (change.ids.includes(notice.id) ? { ...notice, read: true } : notice));
  const { notice } = change;
  return notices.some(({ id }) => id === notice.id) ? notices : [notice, ...notices].slice(0, KEPT);
}

// Subscribed before any view, so that a view that hears of a change finds it here.
for (const receiver of [...users, "everyone"] as const)
  pubsub.subscribe(inbox(receiver), (change) => keep(receiver, change));

/** Published when this node has learned of the notifications that others had before. */
export const noticesLearned = catchUp(
  "notifications",
  () => inboxes,
  (known) => {
    for (const [user, notices] of known) {
      const isNew = ({ id }: Notice) => !notices.some((notice) => notice.id === id);
      inboxes.set(user, [...inboxOf(user).filter(isNew), ...notices].slice(0, KEPT));
    }
  },
);
