/** Dispatches events as happy-dom does, without the work that it repeats for each node on the way of each event. */
import { type Event, EventTarget, PropertySymbol, type Window } from "happy-dom";
import { listenersOf } from "./browser-nodes.ts";

type Listener = ((event: Event) => unknown) & { handleEvent?(event: Event): unknown };
type Phases<Kept> = Record<"capturing" | "bubbling", Map<string, Kept[]>>;

/** A target as happy-dom keeps it. */
interface Target {
  dispatchEvent(event: Event): boolean;
  removeEventListener(type: string, listener: Listener): void;
  readonly [PropertySymbol.window]?: Window;
  readonly [PropertySymbol.proxy]?: Target;
  readonly [PropertySymbol.propertyEventListeners]?: ReadonlyMap<string, Listener>;
}

const CAPTURING = 1;
const AT_TARGET = 2;
const BUBBLING = 3;

const isStopped = (event: Event) =>
  event[PropertySymbol.propagationStopped] || event[PropertySymbol.immediatePropagationStopped];

/** Leads an event down to its target and up again. */
function travel(target: Target, event: Event): void {
  const path = event.composedPath() as unknown as Target[];
  const tell = (at: Target, phase: number) => {
    event[PropertySymbol.eventPhase] = phase;
    event[PropertySymbol.currentTarget] = at as unknown as EventTarget;
    // Elements that do something of their own do it in theirs.
    at.dispatchEvent(event);
  };
  for (let at = path.length - 1; at >= 0 && !isStopped(event); at--) tell(path[at] as Target, CAPTURING);
  if (!isStopped(event)) tell(target[PropertySymbol.proxy] ?? target, AT_TARGET);
  if (event[PropertySymbol.bubbles])
    for (let at = 1; at < path.length && !isStopped(event); at++) tell(path[at] as Target, BUBBLING);
  event[PropertySymbol.eventPhase] = 0;
  event[PropertySymbol.currentTarget] = null;
}

/** Set if errors of listeners become events of their window. */
function catches(window: Window): boolean {
  if (window.closed) return false;
  const { happyDOM } = (window.happyDOM ? window : window.top) as unknown as Window;
  const { disableErrorCapturing, errorCapture } = happyDOM?.settings ?? {};
  return !disableErrorCapturing && errorCapture === "tryAndCatch";
}

/** Calls a listener of a target. */
function call(target: Target, event: Event, run: () => unknown): void {
  const window = target[PropertySymbol.window];
  // The event of an error would have no end.
  const isSafe = window && ((target as unknown) !== window || event.type !== "error") && catches(window);
  if (!isSafe) return void run();
  const failed = (error: Error) => window[PropertySymbol.dispatchError](error);
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    failed(error as Error);
  }
  if (result instanceof Promise) result.catch(failed);
}

/** Tells the listeners of one target of an event. */
function tell(target: Target, event: Event): void {
  const { type } = event;
  const isCapturing = event[PropertySymbol.eventPhase] === CAPTURING;
  const phase = isCapturing ? "capturing" : "bubbling";
  const listeners = listenersOf<Phases<Listener>>(target, "listeners")?.[phase].get(type);
  if (listeners?.length) {
    type Options = AddEventListenerOptions | undefined;
    const options = listenersOf<Phases<Options>>(target, "listenerOptions")?.[phase].get(type)?.slice();
    // Listeners may take themselves out.
    for (const [at, listener] of listeners.slice().entries()) {
      const { passive, once } = options?.[at] ?? {};
      if (passive) event[PropertySymbol.isInPassiveEventListener] = true;
      call(target, event, () =>
        listener.handleEvent ? listener.handleEvent(event) : listener.call(target, event),
      );
      event[PropertySymbol.isInPassiveEventListener] = false;
      if (once) target.removeEventListener(type, listener);
      if (event[PropertySymbol.immediatePropagationStopped]) return;
    }
  }
  if (isCapturing) return;
  const name = `on${type.toLowerCase()}`;
  const handlers = target[PropertySymbol.propertyEventListeners];
  if (!handlers && !(Object.hasOwn(target, name) && target.constructor.name !== "EventTarget")) return;
  const handler = handlers?.get(name) ?? (target as unknown as Record<string, Listener | undefined>)[name];
  if (typeof handler === "function") call(target, event, () => handler(event));
}

/** Mends the class that all windows share: its own way of dispatching knows no nodes without maps of listeners. */
export function mendDispatch({ Event: HappyEvent }: Window): void {
  const target = EventTarget.prototype as unknown as Target;
  target.dispatchEvent = function (this: Target, event: Event): boolean {
    if (!(event instanceof HappyEvent)) {
      const { TypeError: Wrong } = this[PropertySymbol.window] ?? globalThis;
      throw new Wrong(
        "Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.",
      );
    }
    const isNew = !event[PropertySymbol.dispatching];
    // A load does not go on from the document to the window.
    if (isNew && (event[PropertySymbol.type] !== "load" || !event[PropertySymbol.target])) {
      event[PropertySymbol.dispatching] = true;
      event[PropertySymbol.target] = (this[PropertySymbol.proxy] ?? this) as unknown as EventTarget;
      travel(this, event);
      event[PropertySymbol.dispatching] = false;
    } else tell(this, event);
    return !(event[PropertySymbol.cancelable] && event[PropertySymbol.defaultPrevented]);
  };
}
