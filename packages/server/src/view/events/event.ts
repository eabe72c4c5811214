/** Events a browser may call: declaring them, naming them in templates, checking their payloads. */
import type { EventRefusal } from "@overwire/client/wire";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { attributeValue } from "../../template/attributes.ts";
import { chain } from "../chain.ts";
import { type JSCommands, type Pushable, pushCommand, pushes } from "../commands/js.ts";
import type { Guard } from "../guard.ts";
import type { Session } from "../session.ts";
import { textHint } from "../text-hints.ts";
import {
  type ConcurrencyHost,
  createHandlerRunner,
  type EventRun,
  type HandlerRunner,
  type Overlap,
} from "./concurrency.ts";

export { BackgroundRun } from "./concurrency.ts";

/** A payload that no schema has checked. */
export type EventPayload = { readonly [key: string]: unknown };

/** Options of a declaration. */
export interface EventOptions {
  /**
   * Handling of a call before an earlier one of the same event has ended. `queue` (the default): it waits for
   * it, and so do all other messages of the view. `latest`: it replaces the earlier one, which is stopped.
   * `parallel`: it runs beside it. A handler of the last two does not hold back the view, and its changes are
   * rendered when it has ended.
   */
  readonly overlap?: Overlap | undefined;
  /** Asked before every call, first of all: a call that it refuses runs nothing. */
  readonly guard?: Guard | undefined;
}

/** Options of an event behind a guard that lets in sessions of one type. */
export interface GuardedEventOptions<S extends Session> extends EventOptions {
  readonly guard: Guard<S>;
}

/** Second argument of the handler of an event behind a guard. */
export interface GuardedRun<S extends Session> extends EventRun {
  /** The session that the guard has let in. */
  readonly session: Readonly<S>;
}

/** Stands before an event. */
export interface Gate {
  /** @returns false if nothing is to run @throws for a refusal */
  pass(): boolean | Promise<boolean>;
  session(): Session;
}

const details = Symbol("overwire.event");

interface Details {
  name: string;
  /** Number of the live component that declares it. */
  target: number | undefined;
  readonly schema: StandardSchemaV1 | undefined;
  readonly handler: (payload: never, run: EventRun) => unknown;
  readonly runner: HandlerRunner;
  readonly gate: Gate | undefined;
}

/** An event with its payload, as a command for a binding: `phx-click=${this.add({ by: 10 })}`. Others may follow it. */
export type PushCommand = JSCommands;

/**
 * A declared event. In a template it is the value of a binding (`phx-click=${this.inc}`); called with a payload
 * it is a command that sends the payload (`phx-click=${this.add({ by: 10 }).hide("#menu")}`).
 * @typeParam Payload input of the event, before its schema
 * @typeParam Reply reply of its handler
 */
export interface EventHandle<Payload = EventPayload, Reply = unknown> extends Pushable {
  (payload: Payload): PushCommand;
  [attributeValue](): string;
  /** Only the type. */
  readonly reply?: Reply;
}

interface Handle extends EventHandle<never> {
  [details]: Details;
}

/**
 * Makes a handle; it gets its name when the view is complete, see {@link nameEvents}.
 * @param owner the runs end with it
 * @param gate asked before each run
 */
export function createEvent(
  schema: StandardSchemaV1 | undefined,
  handler: (payload: never, run: EventRun) => unknown,
  { overlap = "queue" }: EventOptions = {},
  owner?: ConcurrencyHost,
  gate?: Gate,
): EventHandle<never> {
  const handle = ((payload: unknown) => pushCommand(handle, payload)) as unknown as Handle;
  handle[details] = {
    name: "",
    target: undefined,
    schema,
    handler,
    runner: createHandlerRunner(overlap, owner),
    gate: gate && {
      ...gate,
      // The view may end while the guard is asked.
      pass: () => chain(gate.pass(), (passes) => passes && !owner?.ended),
    },
  };
  handle[pushes] = pushOf;
  handle[attributeValue] = attributeOf;
  return handle;
}

function pushOf(this: Handle): ReturnType<Pushable[typeof pushes]> {
  const { name, target } = this[details];
  if (!name)
    throw new Error(
      "An event has no name: keep what this.event(…) returns in a public field of the view itself.",
    );
  return { event: name, ...(target && { target }) };
}

function textOf(this: Handle): string {
  const { event, target } = this[pushes]();
  return target ? pushCommand(this)[attributeValue]() : event;
}

/** It has its name before it is first rendered. */
const attributeOf = Object.assign(textOf, { constant: true } as const);

/** Under this key an object in a field is told the field's name. */
export const fieldName = Symbol("overwire.name");

/** An object that is named after its field. A field that is set later gives it no name. */
export interface Named {
  [fieldName](name: string): void;
}

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && fieldName in value;

/** Under this key an object in a field declares events of its own: those of a form in `signup` are `signup.change`, …. */
export const nestedEvents = Symbol("overwire.events");

const withSession = (run: EventRun, gate: Gate): EventRun => Object.assign(run, { session: gate.session() });

const eventsIn = (value: unknown): { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && nestedEvents in value ? Object(value[nestedEvents]) : {};

const isHandle = (value: unknown): value is Handle => typeof value === "function" && details in value;

/**
 * Gives each event of a view, or of a live component, and all that is {@link Named}, the name of the field that holds it.
 * @param target the component's number
 */
export function nameEvents(view: object, target?: number): void {
  const name = (value: unknown, name: string) => {
    if (!isHandle(value)) return;
    value[details].name ||= name;
    value[details].target = target;
  };
  for (const [field, value] of Object.entries(view)) {
    name(value, field);
    if (isNamed(value)) value[fieldName](field);
    for (const [event, each] of Object.entries(eventsIn(value))) name(each, `${field}.${event}`);
  }
}

/** The event that a view declares under a name. Only own fields count, so no inherited method can be called from outside. */
export function findEvent(view: object, name: string): EventHandle<never> | undefined {
  const own = (object: object, key: string): unknown =>
    Object.hasOwn(object, key) ? object[key as keyof object] : undefined;
  const value = own(view, name);
  if (isHandle(value)) return value;
  const dot = name.indexOf(".");
  const nested = dot > 0 && own(eventsIn(own(view, name.slice(0, dot))), name.slice(dot + 1));
  return isHandle(nested) ? nested : undefined;
}

/** A payload that failed its event's schema. */
export class InvalidPayloadError extends Error {
  get code(): "invalid_payload" {
    return "invalid_payload";
  }

  readonly refusal: EventRefusal;
  /**
   * @param message default: says that the schema is not met, and the issues
   * @param advice follows the default message
   */
  constructor(event: string, issues: readonly StandardSchemaV1.Issue[], message?: string, advice = "") {
    const list = issues.map(({ message, path }) => ({
      message,
      ...(path?.length && {
        path: path.map((part) =>
          typeof part === "object" ? String(part.key) : typeof part === "number" ? part : String(part),
        ),
      }),
    }));
    const told = list
      .map(({ message, path }) => (path ? `${path.join(".")}: ${message}` : message))
      .join("; ");
    super(message ?? `The payload of event "${event}" does not fit its schema: ${told}${advice}`);
    this.name = "InvalidPayload";
    this.refusal = { code: this.code, message: this.message, issues: list };
  }
}

/** A click's own payload is mostly not the one that its author meant. */
function adviceFor(name: string, payload: unknown): string {
  if (typeof payload !== "object" || payload === null) return "";
  if (Object.keys(payload).some((key) => key !== "value")) return "";
  return `. Its element sends nothing along: write phx-click=\${this.${name}({ … })}, or phx-value-… beside it`;
}

/**
 * A payload that no schema checks is an object at least.
 * @throws InvalidPayloadError if it is not
 */
export function readPayload(event: string, payload: unknown): EventPayload {
  if (typeof payload === "object" && payload !== null && !Array.isArray(payload))
    return payload as EventPayload;
  throw new InvalidPayloadError(event, [{ message: "expected an object; anything else needs a schema" }]);
}

/** The guard of an event. */
export const gateOf = (event: EventHandle<never> | undefined): Gate | undefined =>
  (event as Handle | undefined)?.[details].gate;

/**
 * Asks the guard, checks the payload and runs the handler.
 * @param isFromElement the payload is one that an element of a page gives, about which there is advice
 * @param isPassed its guard has let it through
 * @returns the result of the handler, or a `BackgroundRun` if the mailbox is not to wait for it; a promise of
 *   that if schema or handler are asynchronous, or an earlier run is to be stopped first.
 * @throws InvalidPayloadError if the schema does not accept the payload; the handler has not run then.
 */
export function callEvent(
  event: EventHandle<never>,
  payload: unknown,
  isFromElement = true,
  isPassed = false,
): unknown {
  const { schema, handler, runner, name, gate } = (event as Handle)[details];
  if (gate && !isPassed)
    return chain(gate.pass(), (passes) =>
      passes ? callEvent(event, payload, isFromElement, true) : undefined,
    );
  const run = (value: unknown) =>
    runner((run) => handler(value as never, gate ? withSession(run, gate) : run), name);
  if (!schema) return run(readPayload(name, payload));
  return chain(schema["~standard"].validate(payload), (result) => {
    if (result.issues) {
      if (!isFromElement) throw new InvalidPayloadError(name, result.issues);
      const hint = textHint(schema, result.issues, payload);
      const advice = hint ? `. ${hint}` : adviceFor(name, payload);
      throw new InvalidPayloadError(name, result.issues, undefined, advice);
    }
    return run(result.value);
  });
}
