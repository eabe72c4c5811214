/** What a rendered page looks like on the wire: whole values, and differences against what the client has. */

/**
 * The unchanging strings of a template, one more than it has slots. Elements that the client can patch on their own are
 * marked: `MARK_OPEN` stands after the tag's name and `MARK_CLOSE` after the element's end, so marks nest like brackets.
 */
export type Statics = readonly string[];

/** Statics by the number under which later messages of this connection refer to them. */
export type Templates = Readonly<Record<number, Statics>>;

/** A slot's whole value: HTML ready to insert, an instance of a template, a list, or a live component. */
export type Full = string | FullInstance | FullList | FullComponent;

/** A template's number, then the values of its slots in order. */
export type FullInstance = readonly [template: number, ...slots: Full[]];

/** A list, its items in order. */
export interface FullList {
  readonly i: readonly Full[];
}

/** A live component: the number that its events are sent to, and what it renders. Its changes come by that number. */
export interface FullComponent {
  readonly c: number;
  readonly v: FullInstance;
}

/** Changes of live components by number, a whole new tree where the template is another one; 0 where one is gone. */
export type ComponentDiffs = Readonly<Record<number, InstanceDiff | FullInstance | 0>>;

/** A change to one value: a whole new one, or changes inside the one that is there. */
export type Diff = Full | InstanceDiff | ListDiff;

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
