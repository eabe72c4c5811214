/** Objects of a form: groups of fields, and lists of groups, whose rows can be added, taken away and moved. */
import { attributeValue } from "../../template/attributes.ts";
import { type Child, Each } from "../../template/nodes.ts";
import { FieldNode } from "./field.ts";
import { type FormContext, FormNode, type Intake, type NodePosition } from "./node.ts";
import { isKey, isPlain, type Shape, shapeOfValue, unknownShape } from "./shape.ts";
import { joinName } from "./used-input.ts";

/** Most rows of a list, and most keys of a group whose keys are the page's. */
const MAX_ROWS = 1000;

/** Under this name a page says which rows it has, and in which order. */
const ROWS = "_rows";

/** Only the author's template tells its fields. */
const openGroup: Shape = { kind: "group", others: () => unknownShape };

export class GroupNode extends FormNode {
  readonly face: object;
  readonly #children = new Map<string, FormNode>();

  constructor(form: FormContext, shape: Shape, place?: NodePosition) {
    super(form, shape, place);
    this.face = fieldsOf(this);
  }

  /** When all of it is: an error of two fields is shown when both were filled in. */
  get used(): boolean {
    const children = [...this.#children.values()];
    return this.form.submitted || (children.length > 0 && children.every(({ used }) => used));
  }

  get isBlank(): boolean {
    return [...this.#children.values()].every(({ isBlank }) => isBlank);
  }

  get keys(): string[] {
    return [...new Set([...(this.shape.keys?.().keys() ?? []), ...this.#children.keys()])];
  }

  /** The node under a key, if it was made. */
  known(key: string): FormNode | undefined {
    return this.#children.get(key);
  }

  has(key: string): boolean {
    return this.#children.has(key) || !!this.shape.keys?.().has(key);
  }

  /**
   * The node under a key, made when it is first asked for.
   * @param page set if a page asks: it gets no names that only a template uses, nor more nodes than there is room for
   */
  child(key: string, page?: Intake): FormNode | undefined {
    const known = this.#children.get(key);
    if (known || !isKey(key)) return known;
    const shape = this.shape.keys?.().get(key);
    const others = shape ? undefined : this.shape.others?.();
    const kind = shape ?? others;
    if (!kind) return undefined;
    if (page) {
      if (others && (others === unknownShape || this.#children.size >= MAX_ROWS)) return undefined;
      if (!page.admits(this, key)) return undefined;
      page.made(() => this.#children.delete(key));
    }
    return this.#make(key, kind, others && others !== unknownShape ? escapeKey(key) : undefined);
  }

  /** @param segment the key in ids, if it is the page's: no other key's id can be the same */
  #make(key: string, shape: Shape, segment = this.#segment(key, shape)): FormNode {
    const place = { parent: this, key, tail: `${this.tail}_${segment}` };
    const node =
      shape.kind === "group"
        ? new GroupNode(this.form, shape, place)
        : shape.kind === "list"
          ? new ListNode(this.form, shape, place)
          : new FieldNode(this.form, shape, place, (field, kind) => {
              const made = this.#make(key, kind === "group" ? openGroup : { kind, item: () => openGroup });
              made.set(field.raw);
              return made.face as object;
            });
    this.#children.set(key, node);
    return node;
  }

  /** An author's key in ids. `user.name` and `user_name` must not have one id. */
  #segment(key: string, { kind }: Shape): string {
    let segment = key.replace(/\s/g, "_");
    if (!/group|list|unknown/.test(kind)) return segment;
    const { keys } = this;
    while (keys.some((other) => other.startsWith(`${segment}_`))) segment += "_";
    return segment;
  }

  plain(): unknown {
    return this.#entries((child) => child.plain());
  }

  input(): unknown {
    return this.spare && this.isBlank ? this.spare.value : this.#entries((child) => child.input());
  }

  #entries(read: (child: FormNode) => unknown): object {
    const { keys } = this;
    const entries = keys.flatMap((key) => {
      const shape = this.shape.keys?.().get(key);
      // A schema may hold itself: groups are made on demand, or if they are required.
      if (shape?.kind === "group" && shape.optional && !this.#children.has(key)) return [];
      const value = read(this.child(key) as FormNode);
      return value === undefined ? [] : [[key, value] as const];
    });
    const object = Object.fromEntries(entries);
    // A missing field must not become a property that every object has.
    return keys.some((key) => key in Object.prototype) ? Object.setPrototypeOf(object, null) : object;
  }

  set(values: unknown): void {
    if (!isPlain(values)) return;
    for (const [key, value] of Object.entries(values)) this.child(key)?.set(value);
  }

  restart(): void {
    this.given = [];
    for (const child of this.#children.values()) child.restart();
  }

  read(raw: unknown, intake: Intake): void {
    // Keys that are numbers have come as an array.
    if (typeof raw !== "object" || raw === null || (Array.isArray(raw) && !this.shape.others)) {
      intake.refuse(this, "expected an object");
      return;
    }
    for (const [key, value] of Object.entries(raw)) this.child(key, intake)?.read(value, intake);
  }

  at([key, ...rest]: readonly PropertyKey[]): FormNode {
    return (key === undefined ? undefined : this.child(String(key)))?.at(rest) ?? this;
  }

  visit(see: (node: FormNode) => void): void {
    see(this);
    for (const child of this.#children.values()) child.visit(see);
  }
}

interface RowNode {
  readonly key: string;
  readonly group: GroupNode;
}

/** An author's view of a row; the form gives it its types. */
interface RowFace {
  readonly key: string;
  readonly fields: object;
}

export class ListNode extends FormNode {
  readonly face = this;
  #rows: RowNode[] = [];
  #next = 0;
  #isTouched = false;

  get used(): boolean {
    return this.#isTouched || this.form.submitted;
  }

  get isBlank(): boolean {
    return this.#rows.length === 0;
  }

  get name(): string {
    return this.fullName;
  }

  get length(): number {
    return this.#rows.length;
  }

  get attributes(): object {
    const keys = this.#rows.map(({ key }) => key);
    return { type: "hidden", name: `${this.fullName}[${ROWS}]`, value: `${this.form.life}:${keys}` };
  }

  *[Symbol.iterator](): Iterator<RowFace> {
    const { form } = this;
    const list = joinName(this.path);
    for (const [index, { key, group }] of this.#rows.entries()) {
      const row = {
        key,
        index,
        fields: group.face,
        get removeEvent() {
          return form.command("remove", { list, key });
        },
        moveEvent: (to: number) => form.command("move", { list, key, to }),
      };
      yield row;
    }
  }

  map(render: (fields: object, row: RowFace) => Child): Each {
    return new Each(
      [...this],
      (row) => (row as RowFace).key,
      (row) => render((row as RowFace).fields, row as RowFace),
    );
  }

  get addEvent(): object {
    const command = (initial?: unknown) => this.form.command("add", { list: joinName(this.path), initial });
    return Object.assign(command, { [attributeValue]: () => command()[attributeValue]() });
  }

  add(initial: unknown = {}, at = this.length): void {
    const row = this.#row();
    row.group.set(initial);
    this.#rearrange(() => this.#rows.splice(at, 0, row));
  }

  remove(index: number): void {
    this.#rearrange(() => this.#rows.splice(index, 1));
  }

  move(from: number, to: number): void {
    this.#rearrange(() => this.#rows.splice(Math.max(0, to), 0, ...this.#rows.splice(from, 1)));
  }

  /** Index of the row of a key, -1 if there is none. */
  indexOf(key: unknown): number {
    return this.#rows.findIndex((row) => row.key === key);
  }

  #rearrange(change: () => void): void {
    change();
    this.#isTouched = true;
    this.edited();
    this.form.changed();
  }

  /** A row that is not in the list yet. */
  #row(key = String(this.#next)): RowNode {
    this.#next = Math.max(this.#next, Number(key) + 1);
    const shape = { ...(this.shape.item?.() ?? openGroup), optional: false, nullable: false };
    return {
      key,
      group: new GroupNode(this.form, shape, { parent: this, key, tail: `${this.tail}_${key}` }),
    };
  }

  /** Adds a row that a page sent. @throws nothing; its problems are told to `intake` */
  readRow(raw: unknown, intake: Intake): void {
    if (!intake.admits(this, "")) return;
    const row = this.#row();
    if (this.length >= MAX_ROWS) intake.refuse(this, `more than ${MAX_ROWS} rows`);
    if (raw !== undefined) row.group.read(raw, intake);
    intake.update(() => this.#rearrange(() => this.#rows.push(row)));
  }

  plain(): unknown {
    return this.#rows.map(({ group }) => group.plain());
  }

  input(): unknown {
    return this.spare && this.isBlank ? this.spare.value : this.#rows.map(({ group }) => group.input());
  }

  set(values: unknown): void {
    const before = this.#rows;
    this.#rows = (Array.isArray(values) ? values : []).map((value, at) => {
      const row = before[at] ?? this.#row();
      row.group.set(value);
      return row;
    });
    this.edited();
  }

  restart(): void {
    this.given = [];
    this.#rows = [];
    this.#isTouched = false;
  }

  read(raw: unknown, intake: Intake): void {
    if (typeof raw !== "object" || raw === null) {
      intake.refuse(this, "expected rows");
      return;
    }
    const sent = new Map(Object.entries(raw).filter(([key]) => isRowKey(key)));
    const own: unknown = Object.hasOwn(raw, ROWS) ? raw[ROWS as keyof object] : undefined;
    const marker = typeof own === "string" ? own : undefined;
    const [life, keys = ""] = marker?.split(":") ?? [];
    // A row that this form does not have any more was taken away after the page sent it. But a page from
    // before the view was mounted anew is the only record of the user's input.
    const isEarlier = marker !== undefined && life !== this.form.life;
    const wanted = isEarlier
      ? new Set(keys.split(",").filter(isRowKey))
      : new Set([
          ...this.#rows.map(({ key }) => key),
          ...[...sent.keys()].filter((key) => marker === undefined && Number(key) >= this.#next),
        ]);
    if (wanted.size > MAX_ROWS) {
      intake.refuse(this, `more than ${MAX_ROWS} rows`);
      return;
    }
    const known = new Map(isEarlier ? [] : this.#rows.map((row) => [row.key, row]));
    const rows: RowNode[] = [];
    for (const key of wanted) {
      const row = known.get(key) ?? (intake.admits(this, key) ? this.#row(key) : undefined);
      if (!row) return;
      rows.push(row);
    }
    for (const { key, group } of rows) if (sent.has(key)) group.read(sent.get(key), intake);
    intake.update(() => {
      this.#rows = rows;
    });
  }

  at([index, ...rest]: readonly PropertyKey[]): FormNode {
    return this.#rows[Number(index)]?.group.at(rest) ?? this;
  }

  visit(see: (node: FormNode) => void): void {
    see(this);
    for (const { group } of this.#rows) group.visit(see);
  }

  /** The row with a key, as a node. */
  group(key: string): GroupNode | undefined {
    return this.#rows[this.indexOf(key)]?.group;
  }
}

/** Escapes a page's key for ids: no two keys become one, and none looks like a key below another. */
const escapeKey = (key: string) =>
  key.replace(/[-_\s]/g, (found) => (/\s/.test(found) ? `-${found.charCodeAt(0)}.` : `-${found}`));

const isRowKey = (key: string) => /^\d{1,9}$/.test(key);

const groups = new WeakMap<object, GroupNode>();

/** The node behind an author's object. */
export const nodeOf = (face: object): FormNode | undefined =>
  face instanceof FormNode ? face : groups.get(face);

/** A group as an author sees it: an object of fields, made as they are asked for. */
function fieldsOf(group: GroupNode): object {
  const read = (key: PropertyKey) => (typeof key === "string" ? group.child(key)?.face : undefined);
  const has = (key: PropertyKey) => typeof key === "string" && group.has(key);
  const face: object = new Proxy(Object.create(null) as object, {
    get: (_, key) => read(key),
    has: (_, key) => has(key),
    ownKeys: () => group.keys,
    getOwnPropertyDescriptor: (_, key) =>
      has(key) ? { value: read(key), enumerable: true, configurable: true } : undefined,
    set: () => false,
  });
  groups.set(face, group);
  return face;
}

/** All of a form. Its values and its template complete its schema. */
export const createRoot = (form: FormContext, shape: Shape | undefined, values: unknown): GroupNode =>
  new GroupNode(form, shape ?? { ...shapeOfValue(isPlain(values) ? values : {}), others: openGroup.others });
