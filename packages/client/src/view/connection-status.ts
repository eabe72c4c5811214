/** Signs of a view's connection: classes and an attribute on its container, after a while if something is wrong. */
import { invoke, read } from "../dom/native.ts";
import {
  ATTR_STATE,
  CLASS_CLIENT_ERROR,
  CLASS_CONNECTED,
  CLASS_ERROR,
  CLASS_LOADING,
  CLASS_SERVER_ERROR,
} from "../wire/constants.ts";

export interface StatusContext {
  readonly win: Window & typeof globalThis;
  /** Time for which a lost connection does not show, in milliseconds. */
  readonly grace: number;
  /** The page is being left: nothing shows as trouble. */
  isLeaving(): boolean;
}

export interface ConnectionStatus {
  /** The first join is under way. */
  load(): void;
  /** Something is wrong, which shows if it stays so. @param kind the class of the latest reason */
  worry(kind: string): void;
  calm(): void;
  /** The view has ended. */
  end(): void;
}

/** @param announce is called when trouble shows, and when the view is joined */
export function createStatus(
  el: Element,
  context: StatusContext,
  announce: (connected: boolean) => void,
): ConnectionStatus {
  const { win, grace } = context;
  let reason = "";
  let timer: number | undefined;
  let shown = false;

  const classes = (...names: string[]) => {
    read(el, "classList").remove(
      CLASS_LOADING,
      CLASS_CONNECTED,
      CLASS_ERROR,
      CLASS_CLIENT_ERROR,
      CLASS_SERVER_ERROR,
    );
    read(el, "classList").add(...names);
  };
  const error = () => classes(CLASS_LOADING, CLASS_ERROR, reason);
  const show = () => {
    timer = undefined;
    if (context.isLeaving()) return;
    shown = true;
    error();
    invoke(el, "setAttribute", ATTR_STATE, "reconnecting");
    announce(false);
  };
  const end = (...names: string[]) => {
    win.clearTimeout(timer);
    timer = undefined;
    shown = false;
    classes(...names);
    invoke(el, "removeAttribute", ATTR_STATE);
  };

  return {
    load() {
      if (!shown) classes(CLASS_LOADING);
    },
    worry(kind) {
      reason = kind;
      if (shown) error();
      else if (!grace) show();
      else timer ??= win.setTimeout(show, grace);
    },
    calm() {
      end(CLASS_CONNECTED);
      announce(true);
    },
    end,
  };
}
