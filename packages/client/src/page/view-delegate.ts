/** Services of the client for its views: completing their patches, and going on after they end. */
import type { Host } from "../bindings/host.ts";
import { isTriggered } from "../bindings/phx-value.ts";
import { findAll, invoke } from "../dom/native.ts";
import { setTitle } from "../dom/title.ts";
import type { PageObserver } from "../hooks/page-observer.ts";
import { reload } from "../net/reload.ts";
import type { Policy } from "../patch/patch-context.ts";
import { createPolicy } from "../patch/policy.ts";
import type { View, ViewDelegate } from "../view/view.ts";
import { ATTR_STICKY } from "../wire/constants.ts";
import type { Navigation, SessionOffer } from "../wire/frames.ts";
import type { PageParts } from "./page-parts.ts";

/** The rules of patches: those of the features as soon as these are there. */
const createPagePolicy = ({ prefix, options, views, loader }: PageParts): Policy =>
  createPolicy(prefix, {
    ...options.dom,
    beforeUpdate: (el) => loader.started?.hookManager.beforeUpdate(el),
    removing: (el) => loader.started?.removing(el),
    telling: () => loader.started?.telling,
    keepChoice: () => loader.started?.keepChoice,
    keepRadios: () => loader.started?.keepRadios,
    renewed(container) {
      const view = views.viewAt(container);
      // Another page's token for a view that has moved there, or waits to be joined again.
      if (view && (view.joined || view.waits) && invoke(container, "hasAttribute", ATTR_STICKY)) return;
      // The views in it are mounted anew with it.
      const joinedAt = views.viewAround(container)?.joined ? 0 : 1;
      views.dropView(container);
      views.openView(container, joinedAt);
    },
  });

/** Submits a form as a browser does it. */
function submit(form: HTMLFormElement, { lifecycle, socket, loader }: PageParts): void {
  lifecycle.leave();
  socket.disconnect();
  loader.started?.applySubmitter(form);
  invoke(form, "submit");
}

/** Runs the commands that elements of a view have for a state of its connection. */
function runBound({ win, viewOf, commands }: Host, name: string, view: View): void {
  for (const source of findAll(win.document, `[${name}]`))
    if (viewOf(source) === view)
      commands.run(invoke(source, "getAttribute", name) as string, { source, type: "hook" });
}

export function createViewDelegate(page: PageParts, host: Host, observer: PageObserver): ViewDelegate {
  const { win, prefix, options, lifecycle, loader, views, socket, traffic, changes } = page;
  const { params = {}, reconnectingAfter = options.immediate ? 0 : 2000 } = options;
  let attempts = 0;

  /** The navigation that waits for its view. */
  const arriving = (view: View) => {
    const current = loader.started?.arrivals.current;
    return current?.view === view ? current : undefined;
  };

  /** Redirect of a view, or its session; a nested one's live patch is about the view of the page. */
  const go = (view: View, to: Navigation | SessionOffer) =>
    loader.whenLoaded(({ navigating }) => navigating.follow(to, view !== views.main));

  return {
    ...lifecycle,
    win,
    prefix,
    grace: reconnectingAfter,
    templates: page.templates,
    policy: createPagePolicy(page),
    showStream: loader.showStream,
    get started() {
      return loader.started;
    },
    attempt: () => ++attempts,
    url: () => loader.started?.navigating.shown ?? (win.location.href.split("#")[0] as string),
    params: () => (typeof params === "function" ? params() : params),
    send: (frame) => traffic.send(frame, socket.send),
    get connected() {
      return socket.connected;
    },
    patching: changes.run,
    refresh() {
      for (const view of views.byNumber.values()) view.refresh();
    },
    shown(view, { t: title, e: events, n, q }, joined) {
      const arrived = joined && arriving(view);
      if (arrived) arrived.settle();
      observer.settle();
      const { uploads } = loader.started ?? {};
      if (joined) uploads?.joined(view, !!q);
      uploads?.settle();
      if (title !== undefined || arrived) setTitle(win.document, title);
      lifecycle.dispatch(events);
      if (n) go(view, n);
      const { triggered } = observer;
      if (triggered && isTriggered(triggered, prefix)) submit(triggered, page);
      observer.triggered = undefined;
    },
    announce(view, connected) {
      runBound(host, prefix + (connected ? "connected" : "disconnected"), view);
      if (!connected) return;
      if (view === views.main) {
        lifecycle.ready();
        loader.started?.navigating.resume();
      }
      for (const nested of views.byNumber.values())
        if (nested.waits && views.viewAround(nested.el) === view) nested.join();
    },
    ended(view, code, to, hopeless) {
      const arrival = arriving(view);
      if (arrival) {
        arrival.settle(new Error(code));
        if (to) loader.whenLoaded(({ navigating }) => navigating.follow(to));
      } else if (to) go(view, to);
      else if (code !== "stale" && code !== "refused" && (!hopeless || view === views.main)) return false;
      else if (view !== views.main) views.dropView(view.el);
      else {
        lifecycle.leave();
        reload(win);
      }
      return true;
    },
    refused: (...args) => loader.rare(({ tellRefused }) => tellRefused(win, ...args)),
  };
}
