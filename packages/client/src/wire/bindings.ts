/** Names of all bindings, which the client reads and templates are checked against. */

const names = `click click-away change submit focus blur keydown keyup window-focus window-blur window-keydown window-keyup key
mounted remove connected disconnected viewport-top viewport-bottom viewport-overrun-target update hook target debounce throttle
disable-with trigger-action auto-recover no-unused-field patch-focused drop-target track-static ignore-missing-id while-composing cancel
close`;

/** Without the prefix. Beside them there are those that begin with {@link VALUE}. */
export const BINDINGS: ReadonlySet<string> = new Set(names.split(/\s/));

/** Begins the names of values that go with an event. */
export const VALUE = "value-";

/** Bindings of other frameworks, and of older LiveViews, with their names here. */
const advices: Readonly<Record<string, string>> = {
  "feedback-for": "A form's field says by itself if its errors are to be shown: field.errors.",
  "feedback-group": "A form's field says by itself if its errors are to be shown: field.errors.",
  "capture-click": "Write phx-click-away, or phx-click.",
  "page-loading": "Write phx-click=${JS.push(event, { pageLoading: true })}.",
  "no-format": "Nothing formats templates by it. Take it out.",
  "no-usage-tracking": "Write phx-no-unused-field.",
  value: "A value has a name: phx-value-id=${id}.",
  input: "Write phx-change, which tells of each input.",
  dblclick: "Write a hook (phx-hook) that listens to it and pushes an event.",
};

/** Events without a binding: a hook listens to them. */
const hookOnly = new Set(
  "mouseenter mouseleave mouseover mousedown mouseup scroll hover doubleclick".split(" "),
);

/**
 * Finds a mistake in a name that begins as a binding does.
 * @param name without the prefix
 * @returns undefined for a binding that there is
 */
export function unknownBinding(name: string, prefix = "phx-"): string | undefined {
  if (BINDINGS.has(name) || (name.startsWith(VALUE) && name.length > VALUE.length)) return undefined;
  const own = (text: string) => text.replaceAll("phx-", prefix);
  const problem = `There is no binding ${prefix}${name}.`;
  const advice = advices[name] ?? (hookOnly.has(name) ? advices.dblclick : undefined);
  if (advice) return `${problem} ${own(advice)}`;
  const near = nearest(name);
  if (near) return `${problem} Did you mean ${prefix}${near}?`;
  return `${problem} An attribute of your own begins with data-.`;
}

/** Checks the value of a binding that is written out. @returns the problem, if there is one */
export function wrongBindingValue(name: string, value: string, prefix = "phx-"): string | undefined {
  const written = `${prefix}${name}=${JSON.stringify(value)}`;
  if (name === "debounce" && !/^(\d*|blur)$/.test(value))
    return `${written} is no time. Write milliseconds, or "blur".`;
  if (name === "throttle" && !/^\d*$/.test(value)) return `${written} is no time. Write milliseconds.`;
  if (name === "update" && !/^(stream|ignore|replace)$/.test(value)) {
    const advice = /^(append|prepend)$/.test(value)
      ? `Write this.stream() and ${prefix}update="stream".`
      : 'It takes "stream" or "ignore".';
    return `${written} has no meaning. ${advice}`;
  }
  return undefined;
}

function nearest(name: string): string | undefined {
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(name.length / 3) + 1);
  for (const each of [...BINDINGS, VALUE]) {
    const distance = each === VALUE ? valueDistance(name) : editDistance(name, each);
    if (distance < least) {
      least = distance;
      best = each === VALUE ? `${VALUE}${name.slice(name.indexOf("-") + 1)}` : each;
    }
  }
  return best;
}

/** Distance of the part before the first dash, since the rest is the author's. */
function valueDistance(name: string): number {
  const dash = name.indexOf("-");
  return dash > 0 && dash < name.length - 1 ? editDistance(name.slice(0, dash), "value") : 9;
}

/** Letters to be put in, taken out, replaced or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 9;
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(rows[i - 1], j) + 1, at(row, j - 1) + 1, at(rows[i - 1], j - 1) + change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(rows[i - 2], j - 2) + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return at(rows[a.length], b.length);
}

const at = (row: readonly number[] | undefined, index: number) => row?.[index] ?? 0;
