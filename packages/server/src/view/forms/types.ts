/** A form as its author sees it: fields, values and errors, typed by the schema. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { attributeValue } from "../../template/attributes.ts";
import type { Child, Each } from "../../template/nodes.ts";
import type { EventRun } from "../events/concurrency.ts";
import type { EventHandle, EventPayload, GuardedRun, PushCommand } from "../events/event.ts";
import type { Guard } from "../guard.ts";

/** Objects that are values of a field, not groups of fields. */
type Opaque =
  | Date
  | RegExp
  | ReadonlyMap<never, unknown>
  | ReadonlySet<unknown>
  | readonly unknown[]
  | ((...args: never) => unknown)
  | { arrayBuffer(): Promise<ArrayBuffer> };

type IsGroup<T> = [T] extends [object] ? ([T] extends [Opaque] ? false : true) : false;
type KeyOf<T> = T extends unknown ? keyof T & string : never;
type At<T, Key extends string> = T extends { readonly [K in Key]?: infer Value } ? Value : never;

/** The fields of an object, by its keys: nested objects are nested, arrays of objects are lists. */
export type Fields<T> = { readonly [Key in KeyOf<T>]: FieldOf<At<T, Key>> };

type FieldOf<T> = unknown extends T ? Field : KnownField<NonNullable<T>>;

type KnownField<T> = [T] extends [readonly (infer Item)[]]
  ? IsGroup<NonNullable<Item>> extends true
    ? FieldList<NonNullable<Item>>
    : ArrayField<Item>
  : IsGroup<T> extends true
    ? Fields<T>
    : Field<T>;

/** Initial values of a form: any part of the schema's input. */
export type FormValues<T> = unknown extends T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly FormValues<Item>[]
    : IsGroup<T> extends true
      ? { readonly [Key in keyof T]?: FormValues<T[Key]> | undefined }
      : T;

/** Values of a form before its schema: text as it was typed, or values as they were given. */
export type RawValues<T> = unknown extends T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly RawValues<Item>[]
    : IsGroup<T> extends true
      ? { readonly [Key in keyof T]?: RawValues<T[Key]> }
      : T | string | undefined;

/** Messages by field. Those of a list are by row; a text instead is for the list or the group as a whole. */
export type FormErrors<T> = unknown extends T
  ? Messages
  : T extends readonly (infer Item)[]
    ? Messages | (IsGroup<Item> extends true ? readonly (FormErrors<Item> | undefined)[] : never)
    : IsGroup<T> extends true
      ? Messages | { readonly [Key in keyof T]?: FormErrors<NonNullable<T[Key]>> | undefined }
      : Messages;

type Messages = string | readonly string[];

/** A value as a choice in the page. */
type Choice<T> = unknown extends T
  ? string | number | boolean
  : Extract<T, string | number | boolean | bigint>;

/** Attributes that every field has, ready to be spread: `<input ...${field.attributes}>`. */
export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly value?: string | undefined;
  /** Present if the schema takes a boolean: then it is for a checkbox. */
  readonly checked?: boolean | undefined;
  readonly "aria-invalid": "true" | undefined;
  readonly "aria-describedby": string | undefined;
}

export interface ToggleAttributes extends FieldAttributes {
  readonly type: "checkbox" | "radio";
  readonly value: string;
  readonly checked: boolean;
}

interface AnyField<T> {
  /** Unique in the page, if the form's `id` is. */
  readonly id: string;
  /** Messages for the fields that the user has used; all of them once the form was submitted. */
  readonly errors: readonly string[];
  /** Id for the element of the messages: `<span id=${field.errorId}>`. {@link FieldErrors} does it. */
  readonly errorId: string;
  /** Set once the user has changed it, or submitted the form. */
  readonly used: boolean;
  /** The name in the page: `user[address][city]`. */
  readonly name: string;
  /** For `<input>`. For `<select>` and `<textarea>` too, which have their values in their content. */
  readonly attributes: FieldAttributes;
  /** For `<input>`, without the value: a secret of the user is not sent back to the page. */
  readonly password: FieldAttributes & { readonly type: "password" };
  /** For `<option>`. */
  option(value: Choice<T>): { readonly value: string; readonly selected: boolean };
  /** For a checkbox; the value identifies it among several of the name. */
  checkbox(value?: Choice<T>): ToggleAttributes;
}

/** A field. */
export interface Field<T = unknown> extends AnyField<T> {
  /** The value to show. */
  readonly value: string;
  /** State of the checkbox. */
  readonly checked: boolean;
  /** For one of several radio buttons. */
  radio(value: Choice<T>): ToggleAttributes;
}

/** A field of several values, `tags[]`: checkboxes of one name, or a select with `multiple`. */
export interface ArrayField<T = unknown> extends AnyField<T> {
  readonly value: readonly string[];
}

/** A row of a list. */
export interface Row<T> {
  /** Identifies it among the others, also when it moves. */
  readonly key: string;
  readonly index: number;
  readonly fields: Fields<T>;
  /** Removes the row: `<button type="button" phx-click=${row.removeEvent}>`. */
  readonly removeEvent: PushCommand;
  /** Moves the row. */
  moveEvent(to: number): PushCommand;
}

/** Adds a row when it happens; called with values, a row that begins with them. */
export interface AddEvent<T> {
  (initial: FormValues<T>): PushCommand;
  [attributeValue](): string;
}

/** Rows of fields. */
export interface FieldList<T> extends Iterable<Row<T>> {
  readonly name: string;
  readonly length: number;
  /** Messages for the list as a whole, not for its rows. */
  readonly errors: readonly string[];
  readonly errorId: string;
  /**
   * For one hidden input in the form, `<input ...${fields.rows.attributes}>`: it restores added and removed
   * rows when the view is mounted anew and gets the form from the page.
   */
  readonly attributes: { readonly type: "hidden"; readonly name: string; readonly value: string };
  /** A keyed list for the template: rows keep their elements wherever they move. */
  map(render: (fields: Fields<T>, row: Row<T>) => Child): Each;
  /** `<button type="button" phx-click=${fields.rows.addEvent}>` */
  readonly addEvent: AddEvent<T>;
  /** Adds a row, at the end or at a position. */
  add(initial?: FormValues<T>, at?: number): void;
  remove(index: number): void;
  move(from: number, to: number): void;
}

/** @typeParam G the guard: handlers behind one are told the session that it has let in */
export interface FormOptions<
  Schema extends StandardSchemaV1,
  Reply = unknown,
  G extends Guard | undefined = undefined,
> {
  /** Names of the fields start with it: `user[name]`. Without it they are the schema's keys. */
  readonly name?: string | undefined;
  /** Beginning of the fields' ids. By default `name`, or the name of the field that holds the form. */
  readonly id?: string | undefined;
  /** Initial values, to which it is reset. */
  readonly values?: FormValues<StandardSchemaV1.InferInput<Schema>> | undefined;
  /** Most characters of a value; more are refused. Default 65,536. */
  readonly maxLength?: number | undefined;
  /**
   * Most characters that the user's values, and the keys that come with them, may have in all; more are refused, and
   * `form.errors` says so. Default four times `maxLength`.
   */
  readonly maxSize?: number | undefined;
  /** Asked before each event of the form, changes too: one that it refuses changes no value and runs nothing. */
  readonly guard?: G | undefined;
  /** Runs after each change was taken in and checked. */
  readonly change?: ((form: FormOf<Schema>, run: RunBehind<G>) => void) | undefined;
  /**
   * Gets the output of the schema, only if it accepts the values. Its result is the reply: a handler that
   * returns something of its own form needs its return type written, `(value): void =>
   * this.signup.setErrors(…)`.
   */
  readonly submit?: ((value: StandardSchemaV1.InferOutput<Schema>, run: RunBehind<G>) => Reply) | undefined;
  /** Runs instead of `submit` if the schema does not accept the values: to lead the user to the mistake. */
  readonly invalid?: ((form: FormOf<Schema>, run: RunBehind<G>) => void) | undefined;
}

/** Second argument of a form's handlers. */
type RunBehind<G> = G extends Guard<infer S> ? GuardedRun<S> : EventRun;

type FormOf<Schema extends StandardSchemaV1> = Form<
  StandardSchemaV1.InferInput<Schema>,
  StandardSchemaV1.InferOutput<Schema>
>;

/** A form of a view, made by `this.form(schema, options)`. */
export interface Form<Input, Output = Input, Reply = unknown> {
  /** Beginning of the fields' ids; id of the `<form>` itself. */
  readonly id: string;
  readonly fields: Fields<Input>;
  /** Current values, before the schema. */
  readonly value: RawValues<Input>;
  /** Result of the schema, undefined if it does not accept the values. */
  readonly output: Output | undefined;
  /** Set if the schema accepts the values, and `setErrors` has added nothing. */
  readonly valid: boolean;
  /** Messages that belong to no field. */
  readonly errors: readonly string[];
  /** Set once the user has tried to submit it, since the last reset. */
  readonly submitted: boolean;
  /** `<form phx-change=${form.change}>` */
  readonly change: EventHandle<EventPayload>;
  /** `<form phx-submit=${form.submit}>` */
  readonly submit: EventHandle<EventPayload, Reply>;
  /** Tells if the user has used a field, by its name in the page, or one of the fields below it. */
  used(name: string): boolean;
  /** Messages of a field, a list, or a group of fields itself. */
  errorsOf(field: object): readonly string[];
  /**
   * Shows errors that only the server knows, until the field changes or the form is submitted again.
   * @param errors by field; as issues of a schema; or a text for the form as a whole
   */
  setErrors(errors: FormErrors<Input> | readonly StandardSchemaV1.Issue[]): void;
  /** Begins anew, with other values if given. They replace the user's input in all fields, also in the one with the focus. */
  reset(values?: FormValues<Input>): void;
  /** Sets values. A changed value replaces the user's input. */
  assign(values: FormValues<Input>): void;
}
