/** Texts of a template that look like a value's place in another framework. */
import type { Habit } from "./mistakes.ts";

/** A text's mistake, with its place in the text. */
export interface TextHabit extends Habit {
  readonly index: number;
}

const shown = "is shown as it is.";
const patterns: readonly (readonly [pattern: RegExp, problem: string, certain: boolean])[] = [
  [/<%/, `<% %> ${shown} Write \${…}.`, true],
  [/<\.[a-z]/, `HEEx's tag for a component ${shown} Write <\${Component} … />.`, true],
  [/<>/, `<> ${shown} A template may hold several elements: take <> and </> out.`, true],
  [/\{\{/, `{{ }} ${shown} Write \${…}.`, false],
  [/\{%/, `{% %} ${shown} Write \${shown && html\`…\`}, or \${each(…)}.`, false],
  [/\{\s*this\b/, `Braces are text in HTML: is a $ missing? Write \${this.…}.`, true],
  [/\{\s*\/\*/, `{/* */} ${shown} Write <!-- -->, or a comment in TypeScript.`, true],
  [
    /\{[#:/]\s*(if|each|else|await|then|catch|key|snippet)\b/,
    `Svelte's blocks are text here. Write \${shown && html\`…\`}, or \${each(…)}.`,
    true,
  ],
  [/\{\s*@[a-z_]/i, `{@…} ${shown} Write \${…}.`, true],
  [
    /\{\s*!?[a-z_$][\w$]*\s*(\}|[.[(]|\?|&&|\|\||===?|[<>+*/-] )/i,
    "Braces are text in HTML: is a $ missing? Write ${…}.",
    false,
  ],
  [/\{\s*(["'`])[^"'`]*\1\s*\}/, "Braces are text in HTML. Write the text itself.", false],
  [
    /(^|\s)@(if|else|elseif|for|foreach|switch|unless|defer)\b\s*[({]/,
    `@… ${shown} Write \${shown && html\`…\`}, or \${each(…)}.`,
    false,
  ],
];

/** Finds a mistake in a text that is written out. */
export function habitOfText(text: string): TextHabit | undefined {
  if (!/[{<@]/.test(text)) return undefined;
  for (const [pattern, problem, certain] of patterns) {
    const found = pattern.exec(text);
    if (found) return { problem, certain, index: found.index + (/^\s/.test(found[0]) ? 1 : 0) };
  }
  return undefined;
}

/** A whole value in braces: one expression, so neither JSON nor an object's literal. */
const expression = /^\{\s*@?!?[a-z_$][\w$]*([^:{}]*|[^:{}]*\{[^{}]*\}[^:{}]*)\}$/i;
const bracesIn = (name: string, value: string): Habit => {
  const inner = value.slice(1, -1).trim();
  const write = /^[\w$.]{1,40}$/.test(inner) ? inner : "…";
  return {
    problem: `Braces are text in HTML: is a $ missing? Write ${name}=\${${write}}.`,
    certain: true,
  };
};

/**
 * Finds a mistake in an attribute's value that is written out, slots in it being NUL.
 * @param quoted it stands in quotes, as JSON may
 */
export function habitOfWritten(name: string, value: string, quoted: boolean): Habit | undefined {
  const trimmed = value.trim();
  if (/^\{\0\}$/.test(trimmed))
    return { problem: `The braces are part of the value. Write ${name}=\${…}.`, certain: !quoted };
  if (!quoted && /^\{(?!\}|["'\w$]+:)/.test(value)) return bracesIn(name, value);
  if (expression.test(trimmed)) return bracesIn(name, trimmed);
  if (/^\{\{.*\}\}$/s.test(trimmed))
    return { problem: `{{ }} is text in HTML. Write ${name}=\${…}.`, certain: false };
  if (/<%/.test(trimmed)) return { problem: `<% %> is text in HTML. Write ${name}=\${…}.`, certain: true };
  return undefined;
}

const shownHtml = /^\s*<([a-z][a-z\d-]*)[\s>][\s\S]*<\/\1\s*>\s*$/i;

/** Finds a mistake in a text that a slot shows. @param verbatim HTML may be shown there as it is written */
export function habitOfShown(text: string, verbatim: boolean): Habit | undefined {
  if (text.includes("[object Object]"))
    return {
      problem:
        "An object became text before it came here. Write what of it is to be seen; for a list of templates each(…), or the array without join.",
      certain: true,
    };
  if (verbatim || text[0] !== "<" || !shownHtml.test(text) || /^<script/i.test(text)) return undefined;
  return {
    problem:
      "This text is HTML, and is shown as text. Write html before the backtick that makes it, or raw(…) for HTML that you trust.",
    certain: false,
  };
}
