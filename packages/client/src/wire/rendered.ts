/** A rendered page on the wire: whole values, and differences against the client's tree. */

/**
 * The unchanging strings of a template, one more than it has slots. Elements that the client can patch on their own are
 * marked: `MARK_OPEN` stands after the tag's name and `MARK_CLOSE` after the element's end, so marks nest like brackets.
 */
export type Statics = readonly string[];

/** Statics by the number under which later messages of this connection refer to them. */
export type Templates = Readonly<Record<number, Statics>>;

/** A slot's whole value: HTML ready to insert, an instance of a template, a list, a live component, or a stream. */
export type Full = string | FullInstance | FullList | FullComponent | FullStream;

/** A template's number, then the values of its slots in order. */
export type FullInstance = readonly [template: number, ...slots: Full[]];

/** A list, its items in order. */
export interface FullList {
  readonly i: readonly Full[];
}

/** A live component: the number that its events are sent to, and its tree. Its changes come by that number. */
export interface FullComponent {
  readonly c: number;
  readonly v: FullInstance;
}

/** A stream's place: `s` is the number under which the client keeps its items; with `k` it goes on with those it has. */
export interface FullStream {
  readonly s: number;
  readonly k?: 1;
  readonly m?: readonly StreamChange[];
}

/** Changes of a tree, a whole new one if its template is another one, 0 for none. */
export type TreeDiff = InstanceDiff | FullInstance | 0;

/** Changes of live components by number, 0 if one is gone. */
export type ComponentDiffs = Readonly<Record<number, TreeDiff>>;

/** A change to one value: a whole new one, or changes inside the one that is there. */
export type Diff = Full | InstanceDiff | ListDiff | StreamDiff;

export const isFullInstance = (diff: Diff | 0): diff is FullInstance => Array.isArray(diff);

/** Tells whole values from changes inside the one that is there. */
export const isFull = (diff: Diff): diff is Full =>
  typeof diff === "string" || isFullInstance(diff) || "i" in diff || "c" in diff || "s" in diff;

/** Tells changes inside a list from those inside an instance. */
export const isListDiff = (diff: InstanceDiff | ListDiff): diff is ListDiff => "o" in diff || "u" in diff;

/** Changes inside an instance, by number of slot. */
export interface InstanceDiff {
  readonly [slot: number]: Diff;
}

/**
 * Changes inside a list. `o` builds the new list from runs of the old one, `[first, count]`, and new items; without it
 * the order stays. `u` changes items, by their new position.
 */
export interface ListDiff {
  readonly o?: readonly (ListRun | FullList)[];
  readonly u?: { readonly [index: number]: Diff };
}

/** `count` items of the old list from position `first` on. */
export type ListRun = readonly [first: number, count: number];

/** Changes of a stream's items, one after the other. */
export interface StreamDiff {
  readonly m: readonly StreamChange[];
}

/**
 * `i` inserts a block of items: those whose id is there already are updated in their positions, the others go
 * to position `a` (absent: the end); with `u` there are no others. Then no more than `l` stay: the first
 * ones, of a negative number the last ones. An item with an empty id is always new. `d` takes items away, `r`
 * all of them. An item that is removed and inserted again by the changes of one message goes on being the
 * same item.
 */
export type StreamChange<Item = Full> =
  | {
      readonly i: readonly (readonly [id: string, item: Item])[];
      readonly a?: number;
      readonly l?: number;
      readonly u?: 1;
    }
  | { readonly d: readonly string[] }
  | { readonly r: 1 };
