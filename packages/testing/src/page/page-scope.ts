/** The part of a page that a driver, an element or a form looks at: one view, and the actions in it. */
import type { Element, Window } from "happy-dom";
import type { Load } from "../browser/browser.ts";
import type { Opener } from "../browser/open-browser.ts";
import type { UploadGate } from "./upload-gate.ts";

/** Values that go with the event of an action; a function fills in a form first, when it is the action's turn. */
export type Values = object | (() => object | undefined) | undefined;

export interface PageScope {
  /** The window of the page. */
  readonly window: Window;
  /** Begins the names of all bindings: `phx-`. */
  readonly prefix: string;
  /** Files that were chosen in the page. */
  readonly uploadGate: UploadGate;
  /** The element that contains the view, then those of it that stand elsewhere in the page. */
  roots(): readonly [container: Element, ...portals: Element[]];
  /**
   * Runs an action and waits for its effect: its answer and the patch that comes with it.
   * @param values win over all others in the events that the action pushes
   * @returns the view's HTML after it
   */
  act(what: string, action: () => void, values?: Values): Promise<string>;
  /** Waits until files and messages between the page and its views have arrived, and it shows them. @returns the view's HTML */
  rest(): Promise<string>;
  /**
   * Pushes an event from an element's view and waits for its answer.
   * @param target selector, or number of a component
   */
  push(what: string, source: Element, event: string, payload: unknown, target?: string): Promise<string>;
  /**
   * Loads another page, with the cookies of this one, which is closed.
   * @returns the driver of its live view, or a plain page
   */
  load(load: Load): Promise<unknown>;
  /** Shows an element, or the whole page, in a browser. */
  open(element: Element | undefined, opener: Opener | undefined): Promise<void>;
}
