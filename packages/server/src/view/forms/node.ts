/** Common base of a form's fields, groups and lists, and the way of a page's input into them. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { PushCommand } from "../events/event.ts";
import type { Shape } from "./shape.ts";
import { joinName, MAX_NAME } from "./used-input.ts";

/** The form, as its nodes see it. */
export interface FormContext {
  readonly id: string;
  /** Beginning of the names. */
  readonly prefix: readonly string[];
  readonly maxLength: number;
  /** Most characters that a page can make the form hold. */
  readonly maxSize: number;
  readonly submitted: boolean;
  /** Tells this form from the one that the page knew before it was mounted anew. */
  readonly life: string;
  /** Errors are needed: they are to be those of the values as they are. */
  fresh(): void;
  /** Values were changed by the server. */
  changed(): void;
  /** A field is being rendered. */
  shows(field: object): void;
  command(event: "add" | "remove" | "move", payload: object): PushCommand;
}

interface Parent {
  readonly path: readonly string[];
  edited(): void;
}

/** Position of a node. */
export interface NodePosition {
  readonly parent: Parent;
  readonly key: string;
  /** End of its id: unique in the form. */
  readonly tail: string;
}

export abstract class FormNode {
  readonly form: FormContext;
  readonly shape: Shape;
  readonly path: readonly string[];
  readonly tail: string;
  /** Messages of the schema. */
  issues: string[] = [];
  /** Messages of the server beside those. */
  given: string[] = [];
  readonly #parent: Parent | undefined;

  constructor(form: FormContext, shape: Shape, place?: NodePosition) {
    this.form = form;
    this.shape = shape;
    this.#parent = place?.parent;
    this.path = place ? [...place.parent.path, place.key] : [];
    this.tail = place?.tail ?? "";
  }

  /** Characters that it holds, without those of the nodes in it. */
  get size(): number {
    return this.path.at(-1)?.length ?? 0;
  }

  /** The user has used it, so its errors are shown. */
  abstract readonly used: boolean;
  /** As if nothing had been filled in. */
  abstract readonly isBlank: boolean;
  /** The author's view of it. */
  abstract readonly face: unknown;
  /** Its value, as it is. */
  abstract plain(): unknown;
  /** Input of the schema. */
  abstract input(): unknown;
  /** Takes values of the author's. */
  abstract set(value: unknown): void;
  /** Empty and unused. */
  abstract restart(): void;
  /** Reads a page's input, for `intake` to keep. */
  abstract read(raw: unknown, intake: Intake): void;
  /** The node that an issue is about, or the nearest that there is. */
  abstract at(path: readonly PropertyKey[]): FormNode;
  abstract visit(see: (node: FormNode) => void): void;

  /** The name in the page, without the brackets of several values. */
  get fullName(): string {
    return joinName([...this.form.prefix, ...this.path]);
  }

  get id(): string {
    return this.form.id + this.tail;
  }

  get errorId(): string {
    return `${this.id}-errors`;
  }

  get errors(): readonly string[] {
    this.form.fresh();
    return this.used ? [...this.issues, ...this.given] : this.given;
  }

  /** It, or a part of it, has changed. */
  edited(): void {
    this.given = [];
    this.#parent?.edited();
  }

  /** The value for an absent input, if the schema allows absence. */
  protected get spare(): { readonly value: null | undefined } | undefined {
    const { optional, nullable } = this.shape;
    return optional || nullable ? { value: optional ? undefined : null } : undefined;
  }
}

/** A field, as far as taking it in goes. */
interface Receiver extends FormNode {
  raw: unknown;
  take(raw: unknown, isUsed: boolean): void;
}

/** Most fields, groups and rows of a form of which a page makes new ones. */
const MAX_NODES = 5000;
/** Most issues in a refusal: a message may have a thousand fields. */
const MAX_ISSUES = 20;

/** Characters of a field's value. */
export const sizeOf = (raw: unknown): number =>
  typeof raw === "string"
    ? raw.length
    : Array.isArray(raw)
      ? raw.reduce<number>((size, item) => size + 1 + sizeOf(item), 0)
      : 0;

/** Characters that all of a form holds. */
export function totalOf(root: FormNode): number {
  let total = 0;
  root.visit(({ size }) => {
    total += size;
  });
  return total;
}

/** Takes a page's input: first all of it is read, then all of it is kept, or nothing. */
export class Intake {
  readonly issues: StandardSchemaV1.Issue[] = [];
  /** Fields that were sent. */
  readonly fields = new Set<object>();
  readonly #updates: (() => void)[] = [];
  readonly #made: (() => void)[] = [];
  readonly #isUsed: (name: string) => boolean;
  /** Number of nodes that may still be made. */
  #room = MAX_NODES;
  /** Characters that the form holds, and those that come to them. */
  #size = 0;
  #growth = 0;

  constructor(root: FormNode, isUsed: (name: string) => boolean) {
    this.#isUsed = isUsed;
    root.visit(({ size }) => {
      this.#room--;
      this.#size += size;
    });
  }

  /** Tells if the form would grow beyond its limit of characters. */
  exceeds(most: number): boolean {
    return this.#growth > 0 && this.#size + this.#growth > most;
  }

  refuse(node: FormNode, message: string): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push({ message, path: [...node.path] });
  }

  /** Asks for room for a node below another. Without room all of it is refused. */
  admits(parent: FormNode, key: string): boolean {
    this.#growth += key.length;
    if (this.#room-- <= 0) this.refuse(parent, `more than ${MAX_NODES} fields and rows`);
    else if (key.length <= MAX_NAME) return true;
    else this.refuse(parent, `a key of more than ${MAX_NAME} characters`);
    return false;
  }

  field(field: Receiver, raw: unknown): void {
    this.fields.add(field);
    this.#growth += sizeOf(raw) - sizeOf(field.raw);
    this.update(() => field.take(raw, this.#isUsed(field.fullName)));
  }

  update(update: () => void): void {
    this.#updates.push(update);
  }

  /** Remembers how to forget a node that was made to check a page's values. */
  made(forget: () => void): void {
    this.#made.push(forget);
  }

  keep(): void {
    for (const update of this.#updates) update();
  }

  /** Forgets the nodes that it has made: a refused message leaves nothing. */
  drop(): void {
    for (const forget of this.#made) forget();
  }
}
