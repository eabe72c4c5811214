/** Doubles: values of a contract's type whose calls a test expects, stubs and reads. */
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { memberNames, nearName } from "../errors/near-name.ts";
import { aroundTests, likelyTest, ownTest } from "../runner/current-test.ts";
import type { AnyFunction, Double, DoubleControl, ExpectOptions } from "./contract.ts";
import { DoubleError, Part, showCall, showExpected, verify } from "./part.ts";

/** Names by which runtimes and assertions ask any value for its kind: of a contract only if the double knows them. */
const PROBES =
  /^(then|toJSON|inspect|nodeType|tagName|hasAttribute|asymmetricMatch|toAsymmetricMatcher|_isMockFunction|\$\$typeof)$|^@@/;
const CONTROLS = ["expect", "stub", "fallback", "passThrough", "calls", "verify"];
const controls = new WeakMap<object, unknown>();

class Control {
  readonly name: string;
  /** The call that the running stub or expectation answers. */
  readonly #answering = new AsyncLocalStorage<{ name: PropertyKey; args: readonly unknown[] }>();

  constructor(name: string) {
    this.name = name;
  }

  #partOf(test = ownTest()): Part {
    if (!test.parts.has(this)) test.parts.set(this, new Part());
    return test.parts.get(this) as Part;
  }

  /** From the running test's outwards. */
  get #parts(): Part[] {
    return likelyTest().chain.flatMap(({ parts }) => (parts.get(this) as Part | undefined) ?? []);
  }

  get #fallback(): unknown {
    return this.#parts.find(({ fallback }) => fallback !== undefined)?.fallback;
  }

  /** Tells if a name is known to be one of the contract. */
  knows(name: PropertyKey): boolean {
    if (memberNames(this.#fallback).includes(name)) return true;
    return this.#parts.some(
      ({ stubs, expectations }) => stubs.has(name) || expectations.some((each) => each.name === name),
    );
  }

  /** The fallback's value of a name, nearly always a function. */
  fallbackOf(name: PropertyKey): unknown {
    const fallback = this.#fallback;
    if (typeof fallback === "function" && name === this.name) return fallback;
    const value = (fallback as Record<PropertyKey, unknown> | undefined)?.[name];
    return typeof value === "function" ? value.bind(fallback) : value;
  }

  /** Advice for a name that the fallback lacks. */
  #missing(name: PropertyKey): string {
    const names = memberNames(this.#fallback).map(String);
    if (names.length === 0 || name === this.name || names.includes(String(name))) return "";
    const near = nearName(String(name), names);
    return ` Its fallback has no ${String(name)}${near ? `. Did you mean ${near}?` : `, but ${names.join(", ")}.`}`;
  }

  /** @returns the name, of a double of a single function its own, and the arguments after it */
  #read(given: readonly unknown[]): [name: PropertyKey, ...rest: unknown[]] {
    const [name, ...rest] = /string|symbol/.test(typeof given[0]) ? given : [this.name, ...given];
    const missing = this.#missing(name as PropertyKey);
    if (missing) throw new TypeError(`${this.name} is refused.${missing}`);
    return [name as PropertyKey, ...rest];
  }

  readonly expect = (...given: unknown[]): this => {
    const [name, ...rest] = this.#read(given);
    const run = typeof rest[0] === "function" ? (rest.shift() as AnyFunction) : undefined;
    const { times = 1 } = (rest[0] ?? {}) as ExpectOptions;
    if (!Number.isInteger(times) || times < 0 || (times > 0 && !run))
      throw new TypeError(`${this.name}.expect takes a function, and a whole number as times.`);
    const expectation = { name, run, times, stack: "", came: 0 };
    Error.captureStackTrace(expectation, this.expect);
    this.#partOf().expectations.push(expectation);
    this.#partOf().stubs.delete(name);
    return this;
  };

  readonly stub = (...given: unknown[]): this => {
    const [name, run] = this.#read(given);
    this.#partOf().stubs.set(name, run as AnyFunction);
    return this;
  };

  readonly fallback = (implementation: unknown): this => {
    this.#partOf().fallback = implementation;
    for (const { stubs, expectations } of this.#parts)
      for (const name of [...stubs.keys(), ...expectations.map((each) => each.name)]) this.#read([name]);
    return this;
  };

  readonly passThrough = (): unknown => {
    const call = this.#answering.getStore();
    const run = call && this.fallbackOf(call.name);
    if (call && typeof run === "function") return run(...call.args);
    const reason = call ? `there is no fallback for ${String(call.name)}` : "no stub or expectation runs";
    throw new Error(`${this.name}.passThrough() cannot pass a call on: ${reason}.`);
  };

  readonly calls = (...given: unknown[]): unknown => {
    const [name] = this.#read(given);
    return this.#partOf().calls.flatMap((call) => (call.name === name ? [call.args] : []));
  };

  readonly verify = (): void => verify(ownTest(), this);

  /** @param method that was called: the stack of an error begins below it */
  call(name: PropertyKey, args: readonly unknown[], method: AnyFunction): unknown {
    const test = likelyTest();
    // A test sees the calls of its subtests. Those of all tests are not collected.
    const tests = test.chain.filter((each) => each === test || each !== aroundTests);
    for (const each of tests) this.#partOf(each).calls.push({ name, args });
    const run = this.#answer(name);
    if (run) return this.#answering.run({ name, args }, () => run(...(args as never[])));
    const all = this.#parts.flatMap(({ expectations }) => expectations);
    const same = all.filter((each) => each.name === name);
    const expected = (same[0] ? same : all).map(showExpected).join("; ") || "nothing is expected of it";
    const call = `${this.name}.${showCall(name, args)}${test.isOver ? " after its test had ended" : ""}`;
    const error = new DoubleError(`${call} came unexpectedly: ${expected}.${this.#missing(name)}`);
    Error.captureStackTrace(error, method);
    this.#partOf(test).unexpected.push(error);
    throw error;
  }

  /** The function that answers the next call of a name. */
  #answer(name: PropertyKey): AnyFunction | undefined {
    for (const { expectations, stubs } of this.#parts) {
      const own = expectations.filter((each) => each.name === name);
      const next = own.find(({ came, times }) => came < times);
      if (next) next.came++;
      const run = next ? next.run : stubs.get(name);
      if (run || own.at(-1)?.times === 0) return run;
      // Expectations replace older stubs, those of all tests included.
      if (own.length > 0) break;
    }
    return this.fallbackOf(name) as AnyFunction | undefined;
  }
}

/**
 * Makes a double of a contract: an interface of functions, a class, or a single function. All tests may share it: each sees
 * its own expectations, stubs and calls, and what was set outside of tests. Its name is for errors.
 * @example
 * const gateway = double<PaymentGateway>("PaymentGateway");
 * gateway.expect("charge", async (order) => ({ id: `ch_${order.id}` }));
 */
export function double<C extends object>(name: string): Double<C> {
  const control = new Control(name);
  const shown = `double ${name}`;
  const own = { name: shown, toString: () => shown, [inspect.custom]: () => `[${shown}]` };
  const target = Object.defineProperties(() => {}, Object.getOwnPropertyDescriptors(own));
  const methods = new Map<PropertyKey, AnyFunction>();
  const methodOf = (key: PropertyKey) => {
    const method = methods.get(key) ?? ((...args: unknown[]): unknown => control.call(key, args, method));
    methods.set(key, method);
    return method;
  };
  const handler: ProxyHandler<() => void> = {
    get(_, key) {
      const isKnown = control.knows(key);
      if (!isKnown && CONTROLS.includes(String(key))) return Reflect.get(control, key);
      if (!isKnown && (typeof key === "symbol" || key in target || PROBES.test(key)))
        return Reflect.get(target, key);
      const value = control.fallbackOf(key);
      return value === undefined || typeof value === "function" ? methodOf(key) : value;
    },
    has: (_, key) => control.knows(key) || key in target,
    apply: (_target, _this, args) => control.call(name, args, handler.apply as AnyFunction),
    defineProperty(_, key) {
      throw new TypeError(`${shown} is not written to: stub ${String(key)}.`);
    },
  };
  const proxy = new Proxy(target, handler);
  controls.set(proxy, control);
  // Of the contract nothing is left at run time: the proxy has a function of any name.
  return proxy as unknown as Double<C>;
}

/** The controls of a double: also those that names of its contract hide. */
export function control<C>(of: C): DoubleControl<C> {
  const found = controls.get(Object(of));
  if (!found) throw new TypeError("control() takes a double.");
  return found as DoubleControl<C>;
}
