/** The state of a view's patches, which the parts of the patcher share, and the rules that it is given. */
import type { Change, Tree } from "../wire/client-tree.ts";
import type { ElementIndex, Place } from "./element-index.ts";
import type { KeepChoice, KeepRadios } from "./fields.ts";

/** Notices to hooks of changes in their elements. */
export interface UpdateNotices {
  /** Tells if an element would stay as it is, with all of its content. */
  isSame(from: Node, to: Node, places: WeakMap<Node, Place>): boolean;
  /** Notifies the elements around a node that something in it is about to change. */
  notifyAncestors(context: PatchContext, node: Node, isChanged: () => boolean): void;
}

/** An element of the page, and its new state. */
export type Pair = readonly [from: Element, to: Element];

/** Callbacks of a patch that changes the page. */
export interface PatchCallbacks {
  /**
   * Is shown each element before it is patched and those around it, from the outside in, with its new state,
   * and may change that; `false` leaves the element alone. Elements around a patch come without their
   * content.
   */
  onBeforeElUpdated?(from: Element, to: Element): unknown;
  /** Function to call before something in an element changes, with the element's new state. */
  beforeUpdate?(el: Element): ((to: Element) => void) | undefined;
  /** Reports changes, once it is loaded. */
  telling?(): UpdateNotices | undefined;
  /** Starts the transition of an element that goes. @returns a promise of its end, before which the element stays */
  removing?(el: Element): Promise<unknown> | undefined;
  /** Keeps the choice in selects, once it is loaded. */
  keepChoice?(): KeepChoice | undefined;
  /** Keeps the choice in groups of radio buttons, once it is loaded. */
  keepRadios?(): KeepRadios | undefined;
  /** Another nested view is to be joined in this container. */
  renewed?(container: Element): void;
}

/** Rules of patches, and the callbacks of the page that they were made with. */
export interface Policy extends PatchCallbacks {
  /**
   * Decides about an element before it is morphed: leave it alone, for now if `undefined`, go on, or go on
   * and call back after it.
   */
  before(from: Element, to: Element, places: WeakMap<Node, Place>): boolean | undefined | (() => void);
  /** Tells if the content of an element around a change may be patched: undefined if all may. */
  allows?: ((element: Element) => boolean) | undefined;
  /** Tells if the user is editing an element, so that its new content is shown later. */
  isEdited(element: Element): boolean;
  /** Tells if an element is another one, though it comes in the same place. */
  isOther(from: Element, to: Element): boolean;
  /** Tells if the content of an element is not to be touched. */
  ignores(element: Element): boolean;
  /** Gets new content before it comes into the page, and a list to which it may add what is to run when that is there. */
  coming(to: Element, after: (() => void)[]): void;
  /** Tells if an element that is removed, and not only something around it, goes by a transition. */
  leaves(element: Element): boolean;
}

export interface PatchContext extends ElementIndex {
  readonly policy: Policy;
  readonly tree: Tree;
  /** Elements whose changes wait, with true if their content is identified by places in the tree. */
  readonly deferred: Map<Element, boolean>;
  /** Elements to be patched when all changes of a merge are known. */
  readonly toPatch: Set<Element>;
  /** Elements with places that are parsed, and may be in the page soon. */
  readonly parsed: Element[];
  /** Nodes that have lost their places: they are taken away at the end, if nothing that comes goes on as one of them. */
  readonly displaced: Set<Node>;
  /** Shows changes of streams, once it is loaded. */
  readonly showStream: (() => ShowStream | undefined) | undefined;
  /** Callbacks for the end of a patch. */
  readonly after: (() => void)[];
  /** Elements that go by a transition which has not begun. */
  readonly leaving: Element[];
}

/**
 * Shows a change of a stream in the element that holds it. @returns false if it could not: the element is
 * shown again
 */
export type ShowStream = (change: Change, element: Element, context: PatchContext) => boolean;
