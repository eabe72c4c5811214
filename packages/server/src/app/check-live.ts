/** Arguments of `app.live`, checked when a route is made, not at the first request for its page. */
import { nameValue } from "../template/wrong-list.ts";
import { checkGuard } from "../view/guard.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView, type ViewClass } from "../view/live-view.ts";

/** @throws TypeError if it is no path, or no class of a view */
export function checkLive(path: unknown, View: unknown): void {
  const write = 'Write app.live("/", Counter), with class Counter extends LiveView.';
  if (typeof path !== "string")
    throw new TypeError(`The path of a live route is ${nameValue(path)}. ${write}`);
  const wrong = wrongView(View);
  if (wrong) throw new TypeError(`The view at ${path} ${wrong} ${write}`);
  const { guard, name } = View as ViewClass;
  if (guard !== undefined) checkGuard(guard, `The static field guard of ${name}`);
}

function wrongView(View: unknown): string | undefined {
  if (View instanceof LiveView)
    return `is an object of ${View.constructor.name}: each page gets its own, so give the class, without new.`;
  if (View === undefined || View === null)
    return `is ${String(View)}. Is it exported under this name? Of files that import each other one comes too late.`;
  if (typeof View !== "function") return `is ${nameValue(View)}, and not a class.`;
  if (View === LiveView) return "is LiveView itself, which renders nothing.";
  const { prototype } = View;
  if (prototype instanceof LiveComponent)
    return `is ${View.name}, a live component, which stands in what a view renders: <\${${View.name}} id="…" />.`;
  // Tells classes from functions without reading their source.
  if (Object.getOwnPropertyDescriptor(View, "prototype")?.writable !== false)
    return `is ${nameValue(View)}, and not a class. A function component stands in what a view renders.`;
  return undefined;
}
