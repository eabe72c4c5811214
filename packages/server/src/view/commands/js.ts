/** Client commands: actions of bindings in the page itself, written on the server and sent as JSON. */
import { attributeValue, reservedName } from "../../template/attributes.ts";
import { isReserved, reportUnsafe, runsScript, urlRisk } from "../../template/urls.ts";
import { nameValue } from "../../template/wrong-list.ts";

/**
 * Elements that a command is for, other than its own: a selector in the whole page, or one that looks inside
 * of that element or around it.
 */
export type JSTarget =
  | string
  | { readonly document: string }
  | { readonly inner: string }
  | { readonly closest: string };

/** Names of classes or attributes: with spaces between them, or in an array. */
export type JSNames = string | readonly string[];

/** Classes of a transition: while it runs; or while it runs, where it starts, and where it ends. */
export type JSTransition = string | readonly [running: JSNames, start: JSNames, end: JSNames];

/** Options of commands that concern elements. */
export interface JSTo {
  /** Default: the element of the binding. */
  readonly to?: JSTarget | undefined;
}

/** The value of an attribute: a text, or of a binding an event or commands. */
export type JSAttribute = string | { [attributeValue](): string };

/** Duration of a transition. */
export interface JSTime extends JSTo {
  /** In milliseconds. Default 200. */
  readonly time?: number | undefined;
  /** Holds patches of the page back until it has ended. Default true. */
  readonly blocking?: boolean | undefined;
}

/** Options of commands that may have a transition. */
export interface JSEffect extends JSTime {
  readonly transition?: JSTransition | undefined;
}

/** Options of {@link JSCommands.show}. */
export interface JSShow extends JSEffect {
  /** The CSS `display` of a shown element. Default `block`, in tables that of rows and cells. */
  readonly display?: string | undefined;
}

/** Options of {@link JSCommands.toggle}. */
export interface JSToggle extends JSTime {
  /** Transition of showing. */
  readonly in?: JSTransition | undefined;
  /** Transition of hiding. */
  readonly out?: JSTransition | undefined;
  readonly display?: string | undefined;
}

/** Options of {@link JSCommands.dispatch}. */
export interface JSDispatch extends JSTo {
  /** Becomes the event's `detail`, together with `dispatcher`, the element of the binding. */
  readonly detail?: { readonly [key: string]: unknown } | undefined;
  /** Default true. */
  readonly bubbles?: boolean | undefined;
  /** Holds patches of the page back until a listener calls `event.detail.done()`. */
  readonly blocking?: boolean | undefined;
}

/** Options of {@link JSCommands.push}. */
export interface JSPush<Value = { readonly [key: string]: unknown }> {
  /** Goes with the event, over the element's own values. */
  readonly value?: Value | undefined;
  /** Number of a live component, or selector of elements in views or components. Default: the view. */
  readonly target?: number | string | undefined;
  /** Selector of elements that show, too, that the answer is awaited. */
  readonly loading?: string | undefined;
  /** The page as a whole shows that it is loading. */
  readonly pageLoading?: boolean | undefined;
  /** Runs at once, and is taken back when the answer is there: the server's rendering is shown then. */
  readonly optimistic?: JSCommands | undefined;
}

/** Options of {@link JSCommands.navigate} and {@link JSCommands.patch}. */
export interface JSNavigate {
  /** Takes the place of the current entry of the history. */
  readonly replace?: boolean | undefined;
}

/** A method under this name says which event something pushes, and to which live component: event handles have it. */
export const pushes: unique symbol = Symbol("overwire.pushes");

/** A value that names an event. */
export interface Pushable {
  [pushes](): { readonly event: string; readonly target?: number | undefined };
}

type Args = { readonly [key: string]: unknown };
type Command = readonly [op: string, args: Args, event?: Pushable];

const time = ["to", "time", "blocking"];
const effect = [...time, "transition"];
/** Options of each command. */
const options: { readonly [op: string]: readonly string[] } = {
  push: ["value", "target", "loading", "pageLoading", "optimistic"],
  show: [...effect, "display"],
  hide: effect,
  toggle: [...time, "in", "out", "display"],
  addClass: effect,
  removeClass: effect,
  toggleClass: effect,
  transition: time,
  dispatch: ["to", "detail", "bubbles", "blocking"],
  navigate: ["replace"],
  patch: ["replace"],
  popFocus: [],
};

const isRecord = (value: unknown): value is Args =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const split = (names: JSNames): readonly string[] =>
  typeof names === "string" ? names.split(/\s+/).filter(Boolean) : names;

const phases = (transition: JSTransition) =>
  typeof transition === "string" ? [split(transition), [], []] : transition.map(split);

function readTo(op: string, to: unknown): unknown {
  if (typeof to === "string") return to;
  const [[scope, selector] = [], ...more] = isRecord(to) ? Object.entries(to) : [];
  if (typeof selector === "string" && !more.length) {
    if (scope === "document") return selector;
    if (scope === "inner" || scope === "closest") return to;
  }
  throw new Error(
    `JS.${op}: invalid scope for "to": expected a selector, or one in { document }, { inner } or { closest }, got ${JSON.stringify(to)}`,
  );
}

/** Options as they travel, without those that are not given. */
function readOptions(op: string, given: Args): Args {
  const known = options[op] ?? ["to"];
  const args: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (!known.includes(key)) {
      const expected = known.length ? `expected one of ${known.join(", ")}` : "it takes none";
      throw new Error(`JS.${op}: invalid option ${JSON.stringify(key)}: ${expected}`);
    }
    if (value === undefined) continue;
    if (key === "to") args["to"] = readTo(op, value);
    else if (/^(transition|in|out)$/.test(key)) args[key] = phases(value as JSTransition);
    else args[key] = value;
  }
  return args;
}

/** Checks the name alone. Only the client knows the element: it refuses the rest. */
const isUnsafe = (name: string, value: string): boolean => {
  const risk = urlRisk(name, "a");
  return runsScript(risk === "none" || risk === "binding" ? risk : "image", value);
};

/** Commands travel as a list: a text never runs as one. */
function encodeValue(value: JSAttribute): unknown {
  if (typeof value === "string") return value;
  const text = value[attributeValue]();
  return text.startsWith("[") ? JSON.parse(text) : text;
}

function readHref(op: string, href: string): string {
  // Browsers look past spaces and controls.
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(href.replace(/[\0-\x20]+/g, ""))?.[1];
  if (scheme && !/^https?$/i.test(scheme))
    throw new Error(`unsupported scheme ${JSON.stringify(scheme)} given to JS.${op}`);
  return href;
}

function readPush(given: JSPush<unknown>): Args {
  const { value, optimistic } = given;
  if (value !== undefined && !isRecord(value))
    throw new Error(`JS.push: "value" must be an object, got ${JSON.stringify(value)}`);
  if (optimistic !== undefined && !(optimistic instanceof JSCommands))
    throw new Error('JS.push: "optimistic" must be commands: JS.addClass("done")');
  const lasting = optimistic?.toJSON().find(([op]) => /^(push|navigate|patch)$/.test(op));
  if (lasting) throw new Error(`JS.push: ${lasting[0]} cannot be taken back, so it cannot be optimistic`);
  return readOptions("push", given as Args);
}

/**
 * A chain of commands, to be the value of a binding: `phx-click=${JS.push("open").show({ to: "#modal" })}`.
 * Every method returns a new chain. They run in order; their changes of the page outlive patches.
 */
export class JSCommands {
  readonly #commands: readonly Command[];

  /** @internal Use `JS`. */
  constructor(commands: readonly Command[] = []) {
    this.#commands = commands;
  }

  #append(command: Command): JSCommands {
    return new JSCommands([...this.#commands, command]);
  }

  #add(op: string, given: object | string = {}, more: Args = {}): JSCommands {
    const options = typeof given === "string" ? { to: given } : given;
    return this.#append([op, { ...more, ...readOptions(op, options as Args) }]);
  }

  /**
   * Pushes an event to the server.
   * @param event a handle, a handle called with its payload, or a name
   * @example JS.push(this.remove({ id }), { optimistic: JS.hide({ to: "#row" }) })
   */
  push<Payload>(
    event: ((payload: Payload) => JSCommands) & Pushable,
    options?: JSPush<Payload extends readonly unknown[] ? never : Partial<Payload>>,
  ): JSCommands;
  push(event: string | JSCommands, options?: JSPush): JSCommands;
  push(event: string | Pushable | JSCommands, options: JSPush<unknown> = {}): JSCommands {
    const args = readPush(options);
    if (typeof event === "string") return this.#append(["push", { event, ...args }]);
    if (!(event instanceof JSCommands)) return this.#append(["push", args, checkPushable(event)]);
    const [command, ...more] = event.#commands;
    if (command?.[0] !== "push" || more.length)
      throw new Error("JS.push takes one event; put chains together with concat");
    const [op, own, handle] = command;
    const value =
      args["value"] && isRecord(own["value"]) ? { ...own["value"], ...(args["value"] as Args) } : undefined;
    const all = { ...own, ...args, ...(value && { value }) };
    return this.#append(handle ? [op, all, handle] : [op, all]);
  }

  /** Shows hidden elements. A string says for which elements. */
  show(options?: JSShow | string): JSCommands {
    return this.#add("show", options);
  }

  /** Hides shown elements. */
  hide(options?: JSEffect | string): JSCommands {
    return this.#add("hide", options);
  }

  /** Shows hidden elements and hides shown ones. */
  toggle(options?: JSToggle | string): JSCommands {
    return this.#add("toggle", options);
  }

  /**
   * Opens a `<dialog>` modally: over the page, which can be used again when it is closed. Patches leave it open.
   * @example html`<button phx-click=${JS.showModal("#edit")}>Edit</button>
   *   <dialog id="edit" phx-click-away=${JS.close()}>…</dialog>`
   */
  showModal(options?: JSTo | string): JSCommands {
    return this.#add("showModal", options);
  }

  /** Closes a `<dialog>`. The focus goes back to where it was before. */
  close(options?: JSTo | string): JSCommands {
    return this.#add("close", options);
  }

  addClass(names: JSNames, options?: JSEffect): JSCommands {
    return this.#add("addClass", options, { names: split(names) });
  }

  removeClass(names: JSNames, options?: JSEffect): JSCommands {
    return this.#add("removeClass", options, { names: split(names) });
  }

  toggleClass(names: JSNames, options?: JSEffect): JSCommands {
    return this.#add("toggleClass", options, { names: split(names) });
  }

  /** Runs a transition; the classes of its end stay. */
  transition(transition: JSTransition, options?: JSTime): JSCommands {
    return this.#add("transition", options, { transition: phases(transition) });
  }

  /**
   * Sets an attribute. As in a template, a URL that would run a script, or a text that would run as commands, is left out.
   * @param value of a binding, such as `phx-click`, an event or commands too
   * @throws TemplateValueError for `on*`, `srcdoc` and `data-ow-*`
   */
  setAttribute(name: string, value: JSAttribute, options?: JSTo): JSCommands {
    return this.#set("setAttribute", name, [value], options);
  }

  #set(op: string, name: string, values: readonly JSAttribute[], options?: JSTo): JSCommands {
    if (isReserved(name)) throw reservedName(name);
    const unsafe = values.find((value) => typeof value === "string" && isUnsafe(name, value));
    if (unsafe === undefined) return this.#add(op, options, { attr: [name, ...values] });
    reportUnsafe(name, String(unsafe));
    return this;
  }

  removeAttribute(name: string, options?: JSTo): JSCommands {
    return this.#add("removeAttribute", options, { attr: name });
  }

  /** Sets an attribute or takes it away; with a second value, changes from one to the other. */
  toggleAttribute(name: string, value: string, options?: JSTo): JSCommands;
  toggleAttribute(name: string, value: string, other: string, options?: JSTo): JSCommands;
  toggleAttribute(name: string, value: string, other?: string | JSTo, options?: JSTo): JSCommands {
    return typeof other === "string"
      ? this.#set("toggleAttribute", name, [value, other], options)
      : this.#set("toggleAttribute", name, [value], other ?? options);
  }

  /** Leaves attributes to the page: patches keep their values. `*` matches any text. */
  ignoreAttributes(names: JSNames, options?: JSTo): JSCommands {
    return this.#add("ignoreAttributes", options, { names: split(names) });
  }

  /** Dispatches a DOM event; `click` is a real click, without a detail. */
  dispatch(event: string, options: JSDispatch = {}): JSCommands {
    const { detail, bubbles, blocking } = options;
    if (event === "click" && detail) throw new Error("JS.dispatch: a click cannot have a detail");
    if (bubbles !== undefined && typeof bubbles !== "boolean")
      throw new Error(`JS.dispatch: "bubbles" must be a boolean, got ${JSON.stringify(bubbles)}`);
    if (blocking && event === "click") throw new Error("JS.dispatch: a click cannot be blocking");
    if (blocking && detail && "done" in detail)
      throw new Error('JS.dispatch: "done" in the detail is what a blocking event is ended by');
    return this.#add("dispatch", options, { event });
  }

  /** Runs the commands in an attribute of an element. */
  exec(attribute: string, options?: JSTo): JSCommands {
    return this.#add("exec", options, { attr: attribute });
  }

  focus(options?: JSTo | string): JSCommands {
    return this.#add("focus", options);
  }

  /** Gives the focus to the first element inside that takes it, preferably one to work with. */
  focusFirst(options?: JSTo | string): JSCommands {
    return this.#add("focusFirst", options);
  }

  /** Remembers an element, to be focused by {@link popFocus}. */
  pushFocus(options?: JSTo | string): JSCommands {
    return this.#add("pushFocus", options);
  }

  /** Gives the focus to the element that was remembered last. */
  popFocus(): JSCommands {
    return this.#add("popFocus");
  }

  /** Goes to another view of the app. */
  navigate(href: string, options?: JSNavigate): JSCommands {
    return this.#add("navigate", options, { href: readHref("navigate", href) });
  }

  /** Goes to another URL of the same view. */
  patch(href: string, options?: JSNavigate): JSCommands {
    return this.#add("patch", options, { href: readHref("patch", href) });
  }

  /** This chain, and others after it. */
  concat(...chains: readonly JSCommands[]): JSCommands {
    return new JSCommands([this, ...chains].flatMap((chain) => chain.#commands));
  }

  /** The commands as they travel, for the payload of a `pushEvent`. */
  toJSON(): readonly (readonly [op: string, args: Args])[] {
    return this.#commands.map(([op, args, event]) => {
      const { optimistic } = args as JSPush;
      const { attr } = args;
      const encoded = {
        ...event?.[pushes](),
        ...args,
        ...(optimistic && { optimistic: optimistic.toJSON() }),
        ...(Array.isArray(attr) && { attr: attr.map(encodeValue) }),
      };
      return [op, encoded];
    });
  }

  [attributeValue](): string {
    return JSON.stringify(this);
  }
}

/** @throws TypeError if it is no event, such as the result of a method that was called */
function checkPushable(event: Pushable): Pushable {
  if (typeof event === "function" && pushes in event) return event;
  throw new TypeError(
    `JS.push expects an event of the view, but it is ${nameValue(event)}. Declare it, save = this.event(() => { … }), and write JS.push(this.save).`,
  );
}

/** The command of an event handle that is called with a payload: any JSON, whose shape its schema decides. */
export const pushCommand = (event: Pushable, value?: unknown): JSCommands =>
  new JSCommands([["push", value === undefined ? {} : { value }, event]]);

/** Client commands: `JS.show({ to: "#menu" }).focusFirst("#menu")`. An empty chain, to begin with. */
export const JS: JSCommands = new JSCommands();
