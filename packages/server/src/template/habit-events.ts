/** Values of event bindings that are no events: mostly a handler was called instead of named. */
import type { Habit } from "./mistakes.ts";

/** A function that is called, or a field of the view: nothing that chooses between values. */
const CALLED = /^[\w$#.]+$/;
/** Comments and texts, in which brackets are none. */
const TEXTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const FIELD = /^this\.(#?[\w$]+)!?$/;

/**
 * Finds a mistake in the value of an event binding. A choice (`null`, `false`) is right, and so is
 * `undefined` unless the author's code says that it came from a call.
 * @param binding with its prefix
 * @param expression of the value's slot as it is written, if it can be read
 */
export function habitOfEvent(
  binding: string,
  value: unknown,
  expression: () => string | undefined,
): Habit | undefined {
  if (value === undefined) return habitOfNothing(binding, expression());
  const isNamed = typeof value !== "number" && typeof value !== "bigint" && value !== true;
  if (isNamed) return undefined;
  const written = expression();
  const problem = `${binding}=\${${written && written.length < 60 ? written : "…"}} is ${value}, which is no event.`;
  const condition = value === 0 ? ` For a condition write ${binding}=\${count > 0 && this.…}.` : "";
  return { problem: `${problem} ${adviceFor(binding, callIn(written))}${condition}`, certain: true };
}

function habitOfNothing(binding: string, written: string | undefined): Habit | undefined {
  const field = FIELD.exec(written ?? "")?.[1];
  if (field)
    return {
      problem: `${binding}=\${${written}} is undefined, so there is no event. Declare it: ${field} = this.event(() => …).`,
      certain: false,
    };
  const call = callIn(written);
  if (!call) return undefined;
  const problem = `${binding}=\${${shorten(call)}} calls ${call.called} while the page is rendered, and gives no event: nothing happens in the page.`;
  return { problem: `${problem} ${adviceFor(binding, call)} Give null if none is meant.`, certain: false };
}

interface Call {
  readonly called: string;
  readonly hasArguments: boolean;
}

/** The call that an expression is as a whole. */
function callIn(expression = ""): Call | undefined {
  const code = expression.replace(TEXTS, (text) => (text.startsWith("/") ? "" : "_"));
  const bare = code.replace(/\s+/g, "").replace(/!$/, "");
  if (!bare.endsWith(")")) return undefined;
  let open = bare.length - 1;
  for (let depth = 1; depth > 0 && open > 0; ) {
    open--;
    if (bare[open] === ")") depth++;
    else if (bare[open] === "(") depth--;
  }
  const called = bare.slice(0, open);
  return CALLED.test(called) ? { called, hasArguments: !bare.endsWith("()") } : undefined;
}

const shorten = ({ called, hasArguments }: Call) => `${called}(${hasArguments ? "…" : ""})`;

function adviceFor(binding: string, call: Call | undefined): string {
  const name = /^this\.([\w$]+)$/.exec(call?.called ?? "")?.[1];
  if (!call || !name)
    return `Declare an event, name = this.event(() => …), and write ${binding}=\${this.name}.`;
  return call.hasArguments
    ? `Declare it, ${name} = this.event(({ … }) => …), and write ${binding}=\${this.${name}({ … })}.`
    : `Declare it, ${name} = this.event(() => …), and write ${binding}=\${this.${name}} without the parentheses.`;
}
