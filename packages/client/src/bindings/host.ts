/** Services of the client and its views for bindings, and of bindings for each other. The client puts them together. */
import type { FormMeta, Json } from "../wire/frames.ts";
import type { RateLimit } from "./rate-limit.ts";

export type EventType =
  | "click"
  | "change"
  | "submit"
  | "keydown"
  | "keyup"
  | "focus"
  | "blur"
  | "cancel"
  | "close"
  | "hook"
  | "viewport";

/** An event to be sent. */
export type Push = {
  readonly type: EventType;
  readonly event: string;
  /** Shows that it awaits its answer, and is locked until then: patches of older answers leave it alone. */
  readonly source: Element;
  /** Number of the live component that it is for; the view itself without it. */
  readonly component?: number | undefined;
  /** Elements that show it too. */
  readonly loading?: readonly Element[] | undefined;
  /** Elements that are locked instead of those that show it. */
  readonly locks?: readonly Element[] | undefined;
  /** Called when a good answer has been shown. */
  readonly done?: (() => void) | undefined;
  /** The page as a whole shows that it is loading. */
  readonly pageLoading?: boolean | undefined;
  /** Takes back a change in advance: called right before the server's answer is shown, or when there is none. */
  readonly undo?: (() => void) | undefined;
} & ({ readonly payload: Json } | { readonly form: string; readonly meta: FormMeta });

/** A view as bindings see it. */
export interface BoundView {
  /** The element that contains it. Live navigation puts another in its place. */
  readonly el: Element;
  /**
   * Sends an event.
   * @returns the handler's reply; rejects with an Error if the event is refused, the connection is lost or
   *   the view ends
   */
  push(push: Push): Promise<unknown>;
  /** Number of the live component that an element is in, undefined if it is the view's own. */
  componentOf(el: Element): number | undefined;
}

/** Origin of commands. */
export interface CommandContext {
  /** The element that they are about. */
  readonly source: Element;
  readonly type: EventType;
  /** The user's event, if there was one. */
  readonly event?: Event | undefined;
  /** Payload of the events that they push, unless the command says otherwise. */
  readonly payload?: { readonly [key: string]: Json } | undefined;
  /** Makes the push of a form: its fields and metadata. */
  readonly form?: { readonly fields: string; readonly meta: FormMeta } | undefined;
}

/** Runs commands: those of the server's `JS`, as JSON, or an event's name, which is a push of it. */
export interface Commands {
  run(binding: string | readonly unknown[], context: CommandContext): void;
}

/** Values that go with events of a type, beside those of the page. */
export type Metadata = {
  readonly [Type in EventType]?: (
    event: Type extends keyof HTMLElementEventMap ? HTMLElementEventMap[Type] : Event,
    el: Element,
  ) => { readonly [key: string]: Json };
};

/**
 * Tells of a form's change or its submit.
 * @param bound has the binding: the form, or the field that changes
 * @param target name of the field that changed
 */
export type RunForm = (
  type: "change" | "submit",
  bound: Element,
  source: Element,
  event: Event,
  submitter: Element | null | undefined,
  target?: string,
) => void;

/** Options of going to a page. */
export interface NavigateOptions {
  /** Takes the place of the current entry of the history. */
  readonly replace?: boolean | undefined;
  /** Shows that the page is on its way, by a class named after the type: the element that a command stands on, or a link. */
  readonly source?: Element | undefined;
  readonly type?: EventType | undefined;
}

/** Ways of the user's actions to their views. */
export interface UserActions {
  readonly rateLimit: RateLimit;
  readonly runForm: RunForm;
  /** Follows a live link, if a click was on one. */
  link(event: MouseEvent): void;
  /**
   * Finds the elements that a click is away from, while they are as the user saw them.
   * @returns a function that runs their commands, after the click's own
   */
  away(event: MouseEvent): () => void;
}

/** The client as bindings see it. */
export interface Host {
  readonly win: Window & typeof globalThis;
  readonly prefix: string;
  /** Actions of the features, or early ones until these are loaded. */
  readonly actions: UserActions;
  /** Nothing is held back or dropped, for tests. */
  readonly immediate: boolean;
  readonly metadata: Metadata;
  readonly views: Iterable<BoundView>;
  readonly commands: Commands;
  /** Set while the page is patched: the focus moves without the user. */
  readonly patching: boolean;
  /** Values that win over all others. */
  extraValues(): object | undefined;
  /** Hears of a command that is for no element of the page, in tests. */
  readonly foundNothing?: ((command: string, to: unknown, source: Element) => void) | undefined;
  /** The innermost view that an element is in, also through a portal. */
  viewOf(el: Element): BoundView | undefined;
  /** Goes to another page of the app. @throws Error for a URL of another origin */
  navigate(kind: "navigate" | "patch", href: string, options?: NavigateOptions): void;
  /** Holds patches of the page back until this is done: a transition. */
  hold(until: Promise<unknown>): void;
}
