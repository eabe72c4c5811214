/** One field of a form: its value as text, as attributes of an element, and as its schema wants it. */
import { ATTR_RESET } from "@overwire/client/wire";
import { type FormContext, FormNode, type Intake, type NodePosition, sizeOf } from "./node.ts";
import type { Kind, Shape } from "./shape.ts";
import type { FieldAttributes, ToggleAttributes } from "./types.ts";

/** Most values of one field, as a form has fields. */
const MAX_ITEMS = 1000;

/** Turns a field of unknown kind into a group or a list. */
export type Become = (field: FieldNode, kind: "group" | "list") => object;

export class FieldNode extends FormNode {
  raw: unknown;
  used = false;
  readonly #become: Become;
  /** Number of times that the server has overruled the user's input. */
  #version = 0;
  #wasShown = false;
  #isToggle = false;

  constructor(form: FormContext, shape: Shape, place: NodePosition, become: Become) {
    super(form, shape, place);
    this.#become = become;
  }

  override get size(): number {
    return super.size + sizeOf(this.raw);
  }

  get isArray(): boolean {
    const { kind } = this.shape;
    return kind === "array" || (/any|unknown/.test(kind) && Array.isArray(this.raw));
  }

  /** A page that shows it does not send it where nothing is chosen. */
  get isSentOnlyIfOn(): boolean {
    return this.#isToggle || this.isArray || this.shape.kind === "boolean";
  }

  get name(): string {
    this.#wasShown = true;
    this.form.shows(this);
    return this.isArray ? `${this.fullName}[]` : this.fullName;
  }

  get value(): string | readonly string[] {
    if (!this.isArray) return textOf(this.raw);
    return Array.isArray(this.raw) ? this.raw.map(textOf) : [];
  }

  get checked(): boolean {
    this.#isToggle = true;
    return /^(true|on)$/.test(textOf(this.raw));
  }

  get attributes(): FieldAttributes {
    const { value } = this;
    const { id, name, ...more } = this.#common;
    // Its value is a checkbox's meaning, not its state.
    if (this.shape.kind === "boolean") return { id, name, value: "true", checked: this.checked, ...more };
    return typeof value === "string" ? { id, name, value, ...more } : { id, name, ...more };
  }

  get password(): FieldAttributes & { readonly type: "password" } {
    return { type: "password", ...this.#common };
  }

  get #common() {
    const isInvalid = this.errors.length > 0;
    return {
      id: this.id,
      name: this.name,
      "aria-invalid": isInvalid ? "true" : undefined,
      "aria-describedby": isInvalid ? this.errorId : undefined,
      ...(this.#version > 0 && { [ATTR_RESET]: this.#version }),
    } as const;
  }

  option(value: unknown): { readonly value: string; readonly selected: boolean } {
    const text = textOf(value);
    return { value: text, selected: this.isArray ? this.value.includes(text) : this.value === text };
  }

  checkbox(value?: unknown): ToggleAttributes {
    if (this.isArray) return this.#choice("checkbox", value);
    const { checked } = this;
    const text = textOf(value ?? true);
    return { ...this.#common, type: "checkbox", value: text, checked: checked || this.value === text };
  }

  radio(value: unknown): ToggleAttributes {
    return this.#choice("radio", value);
  }

  #choice(type: "checkbox" | "radio", of: unknown): ToggleAttributes {
    const { value, selected } = this.option(of);
    return { ...this.#common, id: `${this.id}_${value.replace(/\s/g, "_")}`, type, value, checked: selected };
  }

  get isBlank(): boolean {
    return this.raw === false || isEmpty(this.raw);
  }

  get face(): object {
    return this.shape.kind === "unknown" ? this.#undetermined() : this;
  }

  plain(): unknown {
    return this.raw;
  }

  set(value: unknown): void {
    const isOther = comparable(this.raw) !== comparable(value);
    this.raw = value;
    if (!isOther) return;
    this.#overrule();
    this.edited();
  }

  restart(): void {
    this.raw = undefined;
    this.used = false;
    this.given = [];
    this.#overrule();
  }

  /** A field that was never rendered cannot hold user input. */
  #overrule(): void {
    if (this.#wasShown) this.#version++;
  }

  /** It was not sent, so nothing of it is chosen. */
  clear(): void {
    if (!this.isBlank) this.edited();
    this.raw = this.isArray ? [] : this.shape.kind === "boolean" ? false : undefined;
  }

  read(raw: unknown, intake: Intake): void {
    const { kind } = this.shape;
    const items = Array.isArray(raw) ? raw : [raw];
    const takesMany = kind === "any" || this.isArray;
    const takesOne = kind !== "array" || raw === null;
    if (!items.every(isScalar) || !(Array.isArray(raw) ? takesMany : takesOne)) {
      intake.refuse(
        this,
        takesOne ? "expected one value" : `expected several values, named ${this.fullName}[]`,
      );
    } else if (items.length > MAX_ITEMS) intake.refuse(this, `more than ${MAX_ITEMS} values`);
    else if (items.some((item) => typeof item === "string" && item.length > this.form.maxLength)) {
      intake.refuse(this, `longer than ${this.form.maxLength} characters`);
    } else intake.field(this, raw ?? undefined);
  }

  take(raw: unknown, isUsed: boolean): void {
    if (comparable(this.raw) !== comparable(raw)) this.edited();
    this.raw = raw;
    this.used = isUsed;
  }

  input(): unknown {
    const { raw, shape } = this;
    if (isEmpty(raw) && this.spare) return this.spare.value;
    if (!this.isArray)
      return raw === undefined && shape.kind === "boolean" ? false : converted(raw, shape.kind);
    const kind = shape.item?.().kind;
    return Array.isArray(raw) ? raw.map((item) => converted(item, kind)) : [];
  }

  at(): FormNode {
    return this;
  }

  visit(see: (node: FormNode) => void): void {
    see(this);
  }

  /**
   * The template's use of it tells its kind: a property that no field has is a field of a group, or a list's.
   */
  #undetermined(): object {
    return new Proxy(this, {
      get: (_, key) => {
        const isOwn = typeof key === "symbol" || key in this;
        const face: object = isOwn ? this : this.#become(this, isListMember(key) ? "list" : "group");
        const value: unknown = face[key as keyof object];
        return typeof value === "function" ? value.bind(face) : value;
      },
    });
  }
}

const isListMember = (key: string) => /^(map|add|addEvent|remove|move|length)$/.test(key);
const isScalar = (value: unknown) =>
  value === null || /^(string|number|boolean|undefined)$/.test(typeof value);
const isEmpty = (raw: unknown) =>
  raw === undefined || raw === null || raw === "" || (Array.isArray(raw) && raw.length === 0);
const comparable = (raw: unknown) => JSON.stringify(Array.isArray(raw) ? raw.map(textOf) : textOf(raw));

/** Input of a schema for numbers or booleans, made from a text that says one. */
function converted(raw: unknown, kind: Kind | undefined): unknown {
  if (typeof raw !== "string") return raw;
  if (kind === "number") {
    if (raw.trim() === "") return undefined;
    const number = Number(raw);
    return Number.isNaN(number) ? raw : number;
  }
  if (kind === "boolean") {
    if (/^(true|on|yes|1)$/.test(raw)) return true;
    if (/^(false|off|no|0|)$/.test(raw)) return false;
  }
  return raw;
}

/** A value as the page shows it; a date as fields for dates, or for dates with times, want it. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (!(value instanceof Date)) return String(value);
  if (Number.isNaN(value.getTime())) return "";
  const [date = "", time = ""] = value.toISOString().split("T");
  return time.startsWith("00:00:00.000") ? date : `${date}T${time.slice(0, 5)}`;
}
