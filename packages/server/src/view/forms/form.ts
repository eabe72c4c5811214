/** Forms: values that a page and a schema agree on step by step, with their errors. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { chain } from "../chain.ts";
import { pushes } from "../commands/js.ts";
import type { ConcurrencyHost, EventRun } from "../events/concurrency.ts";
import {
  createEvent,
  type EventHandle,
  type EventPayload,
  type Gate,
  InvalidPayloadError,
  nestedEvents,
  type PushCommand,
} from "../events/event.ts";
import type { Guard } from "../guard.ts";
import { textHint } from "../text-hints.ts";
import { FieldNode } from "./field.ts";
import { createRoot, GroupNode, ListNode, nodeOf } from "./group.ts";
import { type FormContext, type FormNode, Intake, totalOf } from "./node.ts";
import { isPlain, shapeOfSchema } from "./shape.ts";
import type { Fields, Form, FormErrors, FormOptions, FormValues, RawValues } from "./types.ts";
import { MAX_NAME, splitName, unusedOf } from "./used-input.ts";

const MAX_LENGTH = 65_536;

/** The part of a form's view or component that the form needs. */
export interface FormHost extends ConcurrencyHost {
  /** Renders after the result of an asynchronous schema. */
  post(label: string, run: () => unknown): void;
  /** Tells of a likely mistake of the author's, once, in development. */
  mistake?(problem: string): void;
}

/**
 * Makes a form. It gets its name when the view is complete, as events do.
 * @param host undefined for a view that nothing runs
 * @param gate asked before each event of the form
 */
export function createForm<
  Schema extends StandardSchemaV1,
  Reply = unknown,
  G extends Guard | undefined = undefined,
>(
  schema: Schema,
  options: FormOptions<Schema, Reply, G> = {},
  host?: FormHost,
  gate?: Gate,
): Form<StandardSchemaV1.InferInput<Schema>, StandardSchemaV1.InferOutput<Schema>, Reply> {
  return new LiveForm(schema, options as AnyOptions, host, gate) as never;
}

type AnyOptions = FormOptions<StandardSchemaV1> & {
  readonly change?: ((form: never, run: EventRun) => unknown) | undefined;
  readonly invalid?: ((form: never, run: EventRun) => unknown) | undefined;
};
type Result = StandardSchemaV1.Result<unknown>;

class LiveForm implements Form<object>, FormContext {
  readonly life = Math.random().toString(36).slice(2, 8);
  readonly prefix: readonly string[];
  readonly maxLength: number;
  readonly maxSize: number;
  readonly [nestedEvents]: { readonly [name: string]: EventHandle<never> };
  submitted = false;
  readonly #schema: StandardSchemaV1;
  readonly #options: AnyOptions;
  readonly #host: FormHost | undefined;
  readonly #root: GroupNode;
  #result: Result | undefined;
  /** Values have changed since the schema has seen them. */
  #isStale = true;
  /** Counts the calls of the schema: an answer to an earlier question is no answer any more. */
  #validations = 0;
  /** Characters of the author's values, which are not the page's. */
  #startSize = 0;
  /** Fields of the last rendering. */
  #shown = new Set<object>();
  #isRendering = false;

  constructor(
    schema: StandardSchemaV1,
    options: AnyOptions,
    host: FormHost | undefined,
    gate: Gate | undefined,
  ) {
    this.#schema = schema;
    this.#options = options;
    this.#host = host;
    this.prefix = options.name ? splitName(options.name) : [];
    this.maxLength = options.maxLength ?? MAX_LENGTH;
    this.maxSize = options.maxSize ?? 4 * this.maxLength;
    this.#root = createRoot(this, shapeOfSchema(schema), options.values);
    this.#start(options.values);
    const event = (handler: (payload: EventPayload, run: EventRun) => unknown) =>
      createEvent(undefined, handler, {}, host, gate);
    this[nestedEvents] = {
      change: event((payload, run) => this.#onChange(payload, run)),
      submit: event((payload, run) => this.#onSubmit(payload, run)),
      add: event((payload, run) => this.#onAdd(payload, run)),
      remove: event((payload, run) => this.#onRow("remove", payload, run, (list, at) => list.remove(at))),
      move: event((payload, run) =>
        this.#onRow("move", payload, run, (list, at) => {
          if (Number.isSafeInteger(payload.to)) list.move(at, payload.to as number);
        }),
      ),
    };
  }

  get id(): string {
    const { id, name } = this.#options;
    if (id !== undefined) return id;
    const { event, target } = this.#name("change");
    const own = name ? splitName(name).join("_") : event.slice(0, event.indexOf("."));
    // A component may stand in the page several times.
    return target === undefined ? own : `c${target}_${own}`;
  }

  get change(): EventHandle<EventPayload> {
    return this[nestedEvents].change as EventHandle<EventPayload>;
  }

  get submit(): EventHandle<EventPayload> {
    return this[nestedEvents].submit as EventHandle<EventPayload>;
  }

  get fields(): Fields<object> {
    return this.#root.face as Fields<object>;
  }

  get value(): RawValues<object> {
    return this.#root.plain() as RawValues<object>;
  }

  get output(): object | undefined {
    this.fresh();
    return this.#result?.issues ? undefined : (this.#result?.value as object | undefined);
  }

  get valid(): boolean {
    this.fresh();
    let isFine = this.#result !== undefined && !this.#result.issues;
    this.#root.visit(({ given }) => {
      isFine &&= given.length === 0;
    });
    return isFine;
  }

  get errors(): readonly string[] {
    return this.#root.errors;
  }

  used(name: string): boolean {
    const path = this.#pathOf(splitName(name));
    const node = path && this.#find(path);
    let used = false;
    node?.visit((each) => {
      used ||= each instanceof FieldNode && each.used;
    });
    return used;
  }

  errorsOf(field: object): readonly string[] {
    return nodeOf(field)?.errors ?? [];
  }

  setErrors(errors: FormErrors<object> | readonly StandardSchemaV1.Issue[]): void {
    this.#root.visit((node) => {
      node.given = [];
    });
    if (Array.isArray(errors) && errors.some((error) => typeof error === "object"))
      for (const { message, path } of errors as StandardSchemaV1.Issue[])
        this.#nodeAt(path).given.push(message);
    else this.#give(this.#root, errors);
  }

  #give(node: FormNode, errors: unknown): void {
    if (typeof errors === "string") node.given.push(errors);
    else if (Array.isArray(errors)) {
      for (const [at, each] of errors.entries())
        this.#give(typeof each === "string" ? node : node.at([at]), each);
    } else if (isPlain(errors)) {
      for (const [key, each] of Object.entries(errors)) this.#give(node.at([key]), each);
    }
  }

  reset(values: FormValues<object> | undefined = this.#options.values as FormValues<object>): void {
    this.#root.restart();
    this.#start(values);
    this.submitted = false;
    this.changed();
  }

  #start(values: unknown): void {
    this.#root.set(values);
    this.#startSize = totalOf(this.#root);
  }

  assign(values: FormValues<object>): void {
    const before = totalOf(this.#root);
    this.#root.set(values);
    this.#startSize = Math.max(0, this.#startSize + totalOf(this.#root) - before);
    this.changed();
  }

  changed(): void {
    this.#isStale = true;
  }

  shows(field: object): void {
    // A view renders in one go, so fields that are read in one go are those that the page shows.
    if (!this.#isRendering) {
      this.#isRendering = true;
      this.#shown = new Set();
      queueMicrotask(() => {
        this.#isRendering = false;
      });
    }
    this.#shown.add(field);
  }

  fresh(): void {
    if (!this.#isStale) return;
    const result = this.#check();
    if (!(result instanceof Promise)) return;
    result.then(
      () => this.#host?.post("form", () => {}),
      (error) =>
        this.#host?.post("form", () => {
          throw error;
        }),
    );
  }

  #check(): Result | Promise<Result> {
    this.#isStale = false;
    const validation = ++this.#validations;
    const input = this.#root.input();
    return chain(this.#schema["~standard"].validate(input), (result) => {
      if (validation === this.#validations) this.#show(result);
      const hint = result.issues && textHint(this.#schema, result.issues, input);
      if (hint) this.#host?.mistake?.(`In the form ${this.id}: ${hint}.`);
      return result;
    });
  }

  #show(result: Result): void {
    this.#result = result;
    this.#root.visit((node) => {
      node.issues = [];
    });
    for (const { message, path } of result.issues ?? []) this.#nodeAt(path).issues.push(message);
  }

  #nodeAt(path: StandardSchemaV1.Issue["path"]): FormNode {
    return this.#root.at(path?.map((part) => (typeof part === "object" ? part.key : part)) ?? []);
  }

  command(event: string, payload: object): PushCommand {
    return (this[nestedEvents][event] as EventHandle<object>)(payload);
  }

  #name(event: string) {
    return (this[nestedEvents][event] as EventHandle<never>)[pushes]();
  }

  /** A path in the page as one in the form, undefined for that of a field of something else. */
  #pathOf(path: readonly unknown[]): string[] | undefined {
    const isOurs = this.prefix.every((key, at) => path[at] === key);
    return isOurs && path.length <= MAX_NAME && path.every((key) => typeof key === "string")
      ? path.slice(this.prefix.length)
      : undefined;
  }

  /** The node at a path of names, in which rows have their keys. @param page makes fields that were not asked for yet */
  #find(path: readonly string[], page?: Intake): FormNode | undefined {
    return path.reduce<FormNode | undefined>(
      (node, key) =>
        node instanceof ListNode
          ? node.group(key)
          : node instanceof GroupNode
            ? page
              ? node.child(key, page)
              : node.known(key)
            : undefined,
      this.#root,
    );
  }

  /**
   * Applies the input of a page. @throws InvalidPayloadError if it cannot be right; nothing has changed then
   */
  #take(event: "change" | "submit", payload: EventPayload): void {
    const unused = unusedOf(payload);
    const intake = new Intake(this.#root, (name) => !unused?.has(name));
    let sent: unknown = payload;
    for (const key of this.prefix) sent = isPlain(sent) && Object.hasOwn(sent, key) ? sent[key] : {};
    this.#root.read(sent, intake);
    this.#keep(event, intake);
    this.changed();
    // Only a page knows of fields that it did not send.
    if (!unused) return;
    const path =
      event === "change" && Array.isArray(payload._target) ? this.#pathOf(payload._target) : undefined;
    const target = path?.length ? this.#find(path, intake) : undefined;
    if (target instanceof FieldNode) {
      // A form that comes back after a lost connection may name a field as changed that the user has not
      // used.
      target.used ||= !unused.has(target.fullName);
      if (!intake.fields.has(target) && target.isSentOnlyIfOn) target.clear();
      // A field with a change event of its own is sent alone.
      if ([...intake.fields].every((field) => field === target)) return;
    }
    for (const field of this.#shown as Set<FieldNode>)
      if (!intake.fields.has(field) && field.isSentOnlyIfOn) field.clear();
  }

  /** Keeps a page's values. @throws InvalidPayloadError if something is wrong with them; nothing has changed then */
  #keep(event: string, intake: Intake): void {
    const { issues } = intake;
    if (issues.length === 0 && intake.exceeds(this.maxSize + this.#startSize)) {
      const message = `The form has more than ${this.maxSize} characters.`;
      issues.push({ message });
      this.#root.given = [message];
      // The refusal is no reason to render, but the user is to read it.
      this.#host?.post("form", () => {});
    }
    if (issues.length > 0) {
      intake.drop();
      throw new InvalidPayloadError(this.#name(event).event, issues);
    }
    intake.keep();
  }

  #onChange(payload: EventPayload, run: EventRun): unknown {
    this.#take("change", payload);
    return this.#tellChange(run);
  }

  #tellChange(run: EventRun): unknown {
    return chain(this.#check(), () => this.#options.change?.(this as never, run));
  }

  #onSubmit(payload: EventPayload, run: EventRun): unknown {
    this.#take("submit", payload);
    this.submitted = true;
    const checked = this.#check();
    this.#root.visit((node) => {
      node.given = [];
      if (node instanceof FieldNode) node.used = true;
    });
    return chain(checked, (result) =>
      result.issues ? this.#options.invalid?.(this as never, run) : this.#options.submit?.(result.value, run),
    );
  }

  #listOf(event: "add" | "remove" | "move", payload: EventPayload): ListNode {
    const { list } = payload;
    const page = new Intake(this.#root, () => false);
    const node =
      typeof list === "string" && list.length <= MAX_NAME ? this.#find(splitName(list), page) : undefined;
    if (node instanceof ListNode) return node;
    throw new InvalidPayloadError(this.#name(event).event, [
      { message: "expected a list of the form", path: ["list"] },
    ]);
  }

  #onAdd(payload: EventPayload, run: EventRun): unknown {
    const intake = new Intake(this.#root, () => false);
    this.#listOf("add", payload).readRow(payload.initial, intake);
    this.#keep("add", intake);
    return this.#tellChange(run);
  }

  #onRow(
    event: "remove" | "move",
    payload: EventPayload,
    run: EventRun,
    change: (list: ListNode, at: number) => void,
  ): unknown {
    const list = this.#listOf(event, payload);
    const at = list.indexOf(payload.key);
    // Two clicks take it away once.
    if (at < 0) return;
    change(list, at);
    return this.#tellChange(run);
  }
}
