/** What fields, groups and lists of a form have in common, and how what a page sends gets into them. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { PushCommand } from "./event.ts";
import type { Shape } from "./form-shape.ts";
import { joinName } from "./used-input.ts";

/** The form, as its nodes see it. */
export interface FormContext {
  readonly id: string;
  /** What names start with. */
  readonly prefix: readonly string[];
  readonly maxLength: number;
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

/** Where a node stands. */
export interface Place {
  readonly parent: Parent;
  readonly key: string;
  /** What its id ends in: no other field of the form has it. */
  readonly tail: string;
}

export abstract class FormNode {
  readonly form: FormContext;
  readonly shape: Shape;
  readonly path: readonly string[];
  readonly tail: string;
  /** What the schema says. */
  issues: string[] = [];
  /** What the server says beside it. */
  given: string[] = [];
  readonly #parent: Parent | undefined;

  constructor(form: FormContext, shape: Shape, place?: Place) {
    this.form = form;
    this.shape = shape;
    this.#parent = place?.parent;
    this.path = place ? [...place.parent.path, place.key] : [];
    this.tail = place?.tail ?? "";
  }

  /** A person has used it, so what is wrong with it is shown. */
  abstract readonly used: boolean;
  /** As if nothing had been filled in. */
  abstract readonly isBlank: boolean;
  /** What the author sees of it. */
  abstract readonly face: unknown;
  /** What it holds, as it is. */
  abstract plain(): unknown;
  /** What the schema is given. */
  abstract input(): unknown;
  /** Takes values of the author's. */
  abstract set(value: unknown): void;
  /** Empty, and as if nobody had been there. */
  abstract restart(): void;
  /** Looks at what a page sent, for `intake` to keep. */
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

  /** It, or something in it, is not what it was. */
  edited(): void {
    this.given = [];
    this.#parent?.edited();
  }

  /** What stands for it where the schema can do without it, if it can. */
  protected get spare(): { readonly value: null | undefined } | undefined {
    const { optional, nullable } = this.shape;
    return optional || nullable ? { value: optional ? undefined : null } : undefined;
  }
}

/** A field, as far as taking it in goes. */
interface Receiver extends FormNode {
  take(raw: unknown, isUsed: boolean): void;
}

/** Takes in what a page sent: first all of it is looked at, then all of it is kept, or nothing. */
export class Intake {
  readonly issues: StandardSchemaV1.Issue[] = [];
  /** Fields that were sent. */
  readonly fields = new Set<object>();
  readonly #updates: (() => void)[] = [];
  readonly #isUsed: (name: string) => boolean;

  constructor(isUsed: (name: string) => boolean) {
    this.#isUsed = isUsed;
  }

  refuse(node: FormNode, message: string): void {
    this.issues.push({ message, path: [...node.path] });
  }

  field(field: Receiver, raw: unknown): void {
    this.fields.add(field);
    this.update(() => field.take(raw, this.#isUsed(field.fullName)));
  }

  update(update: () => void): void {
    this.#updates.push(update);
  }

  keep(): void {
    for (const update of this.#updates) update();
  }
}
