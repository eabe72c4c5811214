/** Types that a channel's class carries, from the server that declares them to the client that imports the class as a type. */

declare const event: unique symbol;
declare const messages: unique symbol;

/** Any payload that is an object: no schema has checked it. */
type AnyPayload = { readonly [key: string]: unknown };

/**
 * An event that clients may push, as a type: its payload before the schema, and its reply.
 * @typeParam Payload argument of the client's `push`
 * @typeParam Reply what the client's `push` resolves with
 */
export interface ChannelEvent<Payload = AnyPayload, Reply = unknown> {
  /** Only the type. */
  readonly [event]: { readonly payload: Payload; readonly reply: Reply };
}

/** Something that says which messages it sends, by their names. */
export interface CarriesMessages<Messages> {
  /** Only the type. */
  readonly [messages]?: Messages;
}

/** Events that clients may push to a channel: `{ say: { payload: { body: string }; reply: void } }`. */
export type EventsOf<C> = {
  readonly [Name in keyof C & string as C[Name] extends ChannelEvent<unknown> ? Name : never]: EventOf<
    C[Name]
  >;
};

type EventOf<Handle> = Handle extends { readonly [event]: infer Event } ? Event : never;

/** Messages that a channel sends to its clients. */
export type MessagesOf<C> = C extends CarriesMessages<infer Messages> ? NonNullable<Messages> : never;

/** Reply to a client's join of a channel. */
export type JoinReplyOf<C> = C extends { join(...payload: never): infer Reply } ? Awaited<Reply> : never;

/** Payload of a client's join of a channel: before its `joinSchema`, if it has one. */
export type JoinPayloadOf<C> = C extends {
  readonly joinSchema: {
    readonly "~standard": { readonly types?: { readonly input: infer Input } | undefined };
  };
}
  ? Input
  : C extends { join(...payload: infer Payload): unknown }
    ? Payload extends readonly []
      ? AnyPayload | undefined
      : Payload extends readonly [(infer First)?, ...unknown[]]
        ? First
        : never
    : never;
