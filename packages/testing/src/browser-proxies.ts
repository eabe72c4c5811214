/** happy-dom's forms and selects are proxies, and those of their methods that have private parts only know what is behind. */
import type { Window } from "happy-dom";

/** The method that says what is behind a proxy: happy-dom binds methods to that when they are read by their name. */
const behind = Symbol("behind");

type Method = (this: object, ...args: never[]) => unknown;

function mend(prototype: object, name: string): void {
  const method = Reflect.get(prototype, name) as Method;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (this: { [behind]?(): object }, ...args: never[]) {
      return method.apply(this[behind]?.() ?? this, args);
    },
  });
}

/** Has the methods run when they are called through the prototype too, as the client does since fields may have their names. */
export function mendProxies({ Node, HTMLFormElement }: Window): void {
  const target = Object.getPrototypeOf(Node.prototype) as object;
  Object.defineProperty(target, behind, {
    value(this: object) {
      return this;
    },
  });
  mend(target, "dispatchEvent");
  for (const name of ["submit", "requestSubmit", "reset"]) mend(HTMLFormElement.prototype, name);
}
