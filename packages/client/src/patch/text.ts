/** Changing a text in place, so that a selection in the rest of it stays. */

/** Half of a character that takes two places in a string: the second half, or nothing of the kind. */
const isSecondHalf = (text: string, at: number) => /[\udc00-\udfff]/.test(text.charAt(at));

/** Gives a text node another text: writes only the part in which the two differ. */
export function setText(node: CharacterData, text: string): void {
  const old = node.data;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  if (start === old.length && start === text.length) return;
  // A range must not end in the middle of a character.
  if (start && (isSecondHalf(old, start) || isSecondHalf(text, start))) start--;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) end++;
  if (end && isSecondHalf(old, old.length - end)) end--;
  node.replaceData(start, old.length - end - start, text.slice(start, text.length - end));
}
