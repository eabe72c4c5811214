/** Changing a text in place, so that a selection in the rest of it stays. */
import { isSelected } from "../dom/focus.ts";

/** Tells if the second half of a character that takes two places in a string stands there. */
const isSecondHalf = (text: string, at: number) => (text.codePointAt(at - 1) as number) > 0xffff;

/** Gives a text node another text: replaces only the part in which the two differ. */
export function replacePart(node: CharacterData, text: string): void {
  const old = node.data;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  // A range must not end in the middle of a character.
  if (isSecondHalf(old, start) || isSecondHalf(text, start)) start--;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) end++;
  if (isSecondHalf(old, old.length - end)) end--;
  node.replaceData(start, old.length - end - start, text.slice(start, text.length - end));
}

/** Gives a text node another text, so that a selection which begins or ends in it stays. */
export function setText(node: CharacterData, text: string): void {
  if (node.data === text) return;
  // To replace a part of a text takes a browser four times as long.
  if (isSelected(node)) replacePart(node, text);
  else node.data = text;
}
