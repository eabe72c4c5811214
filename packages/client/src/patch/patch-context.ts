/**
 * Interfaces of the patcher: the rules that it is given, and its services for code that shows a change
 * itself.
 */
import type { Change, Instance } from "../wire/client-tree.ts";
import type { Marking } from "../wire/stringify.ts";
import type { Portals } from "./portals.ts";

export type UpdateNotices = Pick<typeof import("./update-notices.ts"), "isSame" | "tellAround">;

/** Rules of patches. */
export interface Policy {
  /**
   * Decides about an element before it is morphed: leave it alone, for now if `undefined`, go on, or go on
   * and call back after it.
   * @param isSame tells if it would stay as it is, with all of its content
   */
  before(
    from: Element,
    to: Element,
    isSame: (from: Node, to: Node) => boolean,
  ): boolean | undefined | (() => void);
  /** Tells if the content of an element around a change may be patched: undefined if all may. */
  lets?: ((element: Element) => boolean) | undefined;
  /** Tells if the user is editing an element, so that its new content is shown later. */
  holds(element: Element): boolean;
  /** Tells if an element is another one, though it comes in the same place. */
  isOther(from: Element, to: Element): boolean;
  /** Tells if the content of an element is not to be touched. */
  ignores(element: Element): boolean;
  /** Function to call before something in an element changes, with the element's new state. */
  beforeUpdate(element: Element): ((to: Element) => void) | undefined;
  /** Reports changes, once it is loaded. */
  telling?(): UpdateNotices | undefined;
  /** Gets new content before it comes into the page, and a list to which it may add what is to run when that is there. */
  coming(to: Element, after: (() => void)[]): void;
  /** Tells if an element that is removed, and not only something around it, goes by a transition. */
  leaves(element: Element): boolean;
  /** Starts it. @returns a promise of its end, before which the element stays */
  removing(element: Element): Promise<unknown> | undefined;
}

/** The part of a patcher that shows changes of a stream without showing its holder again. */
export interface PatchContext {
  readonly policy: Policy;
  readonly portals: Portals;
  /** The page's element for a mark of an instance, if it has one. */
  elementOf(instance: Instance, mark: number): Element | undefined;
  /**
   * Parses the HTML of `write`, outside of the page.
   * @param whole nothing is taken to be shown already
   * @param inner it is the content of the element
   * @returns it, and those of its elements that have places in the tree
   */
  draw(
    element: Element,
    write: (marking: Marking) => string,
    whole: boolean,
    inner: boolean,
  ): [to: Element, placed: Element[]];
  /** Takes note of elements that have places and are in the page now. */
  enter(placed: readonly Element[]): void;
  /** Elements to be taken away when all is done, if nothing that comes is one of them. */
  readonly losing: Set<Node>;
  /** Callbacks for the end. */
  readonly after: (() => void)[];
  /** Takes an element away, at once or by its transition. */
  discard(node: ChildNode): void;
  tellAround(node: Node, isChanged: () => boolean): void;
  /**
   * Shows an element of an instance again when all of this is done, if nothing guards it.
   * @param otherwise may show the change in another way. @returns true if it did
   */
  aim(element: Element, instance: Instance, mark: number, otherwise?: () => boolean): void;
}

/**
 * Shows a change of a stream in the element that holds it. @returns false if it could not: the element is
 * shown again
 */
export type ShowStream = (change: Change, element: Element, patching: PatchContext) => boolean;
