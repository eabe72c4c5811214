/** Styles in which a number lacks its unit: browsers drop the declaration. */
import type { Habit } from "./mistakes.ts";

const LENGTHS =
  /^((min-|max-)?(width|height|inline-size|block-size)|(scroll-)?(margin|padding)(-.*)?|top|right|bottom|left|inset(-.*)?|font-size|(letter|word)-spacing|text-indent|border(-.*)?-(width|radius|spacing)|border-radius|outline-(width|offset)|(row-|column-|grid-)?gap|column-width|flex-basis|perspective|text-underline-offset|text-decoration-thickness)$/;
const TIMES = /^(transition|animation)-(duration|delay)$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)$/;

/** Finds a mistake in a text of declarations. */
export function habitOfStyle(text: string): Habit | undefined {
  for (const declaration of text.split(";")) {
    const [, name = "", value = ""] = /^\s*([a-z-]+)\s*:\s*(.*?)\s*$/.exec(declaration) ?? [];
    const found = value
      .split(/\s+/)
      .map((each) => wrongIn(name, each))
      .find(Boolean);
    if (found) return found;
  }
  return undefined;
}

/**
 * Finds a mistake in a number within the text of a style.
 * @param before text before it
 * @param after text that follows
 */
export function habitOfStylePart(before: string, value: number, after: string): Habit | undefined {
  const name = /(?:^|[\s;"'])([a-z-]+)\s*:\s*$/.exec(before)?.[1];
  return name && /^\s*(?:[;"']|$)/.test(after) ? wrongIn(name, String(value)) : undefined;
}

function wrongIn(name: string, value: string): Habit | undefined {
  const unit = LENGTHS.test(name) ? "px" : TIMES.test(name) ? "ms" : undefined;
  if (!unit || !NUMBER.test(value) || Number(value) === 0) return undefined;
  return {
    problem: `${name}: ${value} has no unit, so browsers drop it. Write ${name}: ${value}${unit}; in an object \`\${…}${unit}\`.`,
    certain: true,
  };
}
