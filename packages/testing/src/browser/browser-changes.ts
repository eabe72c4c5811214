/** Takes note of how far a page has changed, so that what was found in it need not be looked for again. */
import { Attr, type Document, Node as HappyNode, type MutationRecord, PropertySymbol } from "happy-dom";

/** Times of the latest changes of a document; they only grow. */
export interface Changes {
  /** Time of the latest of all. */
  latest: number;
  /** Time of the latest by which an element came, went or moved. */
  structure: number;
  /** Times of the latest of attributes, by their names. */
  readonly attributes: Map<string, number>;
  /** Is called at each. */
  onChange?: () => void;
}

const changes = Symbol("changes");

interface Changing {
  [changes]?: Changes;
  readonly [PropertySymbol.isConnected]: boolean;
  readonly [PropertySymbol.parentNode]: Changing | null;
  readonly [PropertySymbol.ownerDocument]: Document | null;
  [PropertySymbol.clearCache](): void;
  [PropertySymbol.reportMutation](record: MutationRecord): void;
}

export function changesOf(document: Document): Changes {
  const changing = document as unknown as Changing;
  changing[changes] ??= { latest: 0, structure: 0, attributes: new Map() };
  return changing[changes];
}

const pageOf = (node: Changing) => node[PropertySymbol.ownerDocument] ?? (node as unknown as Document);

function note(node: Changing, attribute: string | null): void {
  const all = changesOf(pageOf(node));
  const time = ++all.latest;
  if (attribute === null) all.structure = time;
  else all.attributes.set(attribute, time);
  all.onChange?.();
}

/** Has happy-dom's classes, which all windows share, take note. */
export function mendChanges(): void {
  const node = HappyNode.prototype as unknown as Changing;
  const { [PropertySymbol.clearCache]: clear, [PropertySymbol.reportMutation]: report } = node;
  let isReport = false;
  node[PropertySymbol.reportMutation] = function (this: Changing, record) {
    if (this[PropertySymbol.isConnected] && record.type !== "characterData")
      note(this, record.type === "attributes" ? record.attributeName : null);
    isReport = true;
    report.call(this, record);
  };
  // A report begins with it too. Otherwise a node comes or goes, and what elements do then comes before the report.
  node[PropertySymbol.clearCache] = function (this: Changing) {
    if (isReport) isReport = false;
    else if (
      this[PropertySymbol.isConnected] ||
      this[PropertySymbol.parentNode]?.[PropertySymbol.isConnected]
    )
      note(this[PropertySymbol.parentNode] ?? this, null);
    clear.call(this);
  };
  // happy-dom reports no value that an attribute itself is given.
  const value = Object.getOwnPropertyDescriptor(Attr.prototype, "value") as Required<PropertyDescriptor>;
  Object.defineProperty(Attr.prototype, "value", {
    ...value,
    set(this: Attr, given: string) {
      value.set.call(this, given);
      const element = this[PropertySymbol.ownerElement] as unknown as Changing | null;
      if (element) note(element, this[PropertySymbol.name]);
    },
  });
}
